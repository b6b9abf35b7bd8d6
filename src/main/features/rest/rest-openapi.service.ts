import { verbs } from '@shared/domain/access-rule'
import { formatColumnType } from '@shared/domain/column-type'
import type { StudioDatabase } from '../../db/database'
import { type ApiProject, checkVersion } from '../api/api-projects.service'
import type { PlannedColumn } from '../records/record-plan'
import { type ApiCaller, permit } from '../rules/access'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { columnJsonSchema } from './column-json-schema'
import type { RestAnswer } from './rest-call'
import { type RestScope, visibleColumns } from './rest-scope'

/** The project's tables as OpenAPI 3.1: those that the caller may do something with. */
export async function describeApi(
  db: StudioDatabase,
  project: Pick<ApiProject, 'accountId' | 'databaseId' | 'projectId' | 'rules' | 'version'>,
  caller: ApiCaller,
  version: string,
  base: string,
): Promise<RestAnswer> {
  const { accountId, databaseId, projectId, rules } = project
  const { tables } = await db.withDatabase(
    accountId,
    databaseId,
    (tx, database) => {
      checkVersion(tx, project)
      return openSchema(tx, database)
    },
    { readOnly: true, holdSchema: true },
  )
  const document = openApiOf({ projectId, tables, rules, caller }, version, base)
  return {
    status: 200,
    headers: { 'content-type': 'application/openapi+json; charset=utf-8' },
    body: JSON.stringify(document),
  }
}

export function openApiOf(scope: RestScope, version: string, base: string) {
  const shown = scope.tables.filter((table) => openVerbs(scope, table).length > 0)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Data API',
      version,
      description:
        'Records of the project in the grammar of PostgREST; @supabase/supabase-js works with it unchanged. bigint and numeric values are strings; timestamps are ISO 8601 in UTC with microseconds.',
    },
    servers: [{ url: `${base}/rest/v1` }],
    // The key alone, or with it the person whose token it is.
    security: [{ apikey: [] }, { apikey: [], user: [] }],
    paths: Object.fromEntries(shown.map((table) => [`/${table.schema.name}`, pathsOf(scope, table)])),
    components: {
      securitySchemes: {
        apikey: { type: 'apiKey', in: 'header', name: 'apikey' },
        user: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
      schemas: {
        ...Object.fromEntries(shown.map((table) => [table.schema.name, schemaOf(scope, table)])),
        _error: {
          type: 'object',
          properties: {
            code: { type: 'string' },
            message: { type: 'string' },
            details: { type: ['string', 'array', 'null'] },
            hint: { type: ['string', 'null'] },
          },
          required: ['code', 'message', 'details', 'hint'],
        },
      },
    },
  }
}

function openVerbs({ rules, caller }: RestScope, table: StoredTable) {
  // What a sign-in would open is described as well: the same key carries both.
  const signedIn: ApiCaller = caller.role === 'anonymous' ? { ...caller, role: 'user', userId: nobody } : caller
  return verbs.filter((verb) => permit(rules, table, signedIn, verb).kind !== 'denied')
}

const nobody = '00000000-0000-0000-0000-000000000000'

function schemaOf(scope: RestScope, table: StoredTable) {
  const columns = visibleColumns(scope, table)
  return {
    type: 'object',
    properties: Object.fromEntries(columns.map((column) => [column.name, propertyOf(column)])),
    required: columns
      .filter(({ isRequired, fallback }) => isRequired && fallback.kind === 'none')
      .map(({ name }) => name),
  }
}

function propertyOf({ type, column, isRequired }: PlannedColumn) {
  const schema = columnJsonSchema(type)
  const { references } = column
  return {
    ...(isRequired ? schema : { anyOf: [schema, { type: 'null' }] }),
    description: `${formatColumnType(type)}${references ? `, refers to ${references.table}.${references.column}` : ''}`,
  }
}

function pathsOf(scope: RestScope, table: StoredTable) {
  const { name } = table.schema
  const open = new Set(openVerbs(scope, table))
  const record = { $ref: `#/components/schemas/${name}` }
  const records = { type: 'array', items: record }
  const failure = {
    description: 'What went wrong',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/_error' } } },
  }
  const body = (schema: object) => ({ required: true, content: { 'application/json': { schema } } })
  const done = (status: string, description: string) => ({
    [status]: { description, content: { 'application/json': { schema: records } } },
    default: failure,
  })
  const filters = visibleColumns(scope, table).map(({ name: column }) => ({
    name: column,
    in: 'query',
    description: `Like "eq.value": operators of PostgREST on ${column}`,
    schema: { type: 'string' },
  }))
  const parameter = (parameterName: string, description: string) => ({
    name: parameterName,
    in: 'query',
    description,
    schema: { type: 'string' },
  })
  const prefer = (description: string) => ({ name: 'Prefer', in: 'header', description, schema: { type: 'string' } })
  const answered = '"return=representation" answers the records, "count=exact" says how many'
  const select = parameter('select', 'Columns, with embedded references: "id,author:users(full_name)"')
  return {
    ...(open.has('select') && {
      get: {
        tags: [name],
        summary: `Read records of ${name}`,
        parameters: [
          select,
          ...filters,
          parameter('order', '"created_at.desc"'),
          parameter('limit', 'At most 1,000'),
          parameter('offset', 'Records to skip'),
          prefer('"count=exact", "planned" or "estimated" says in Content-Range how many there are'),
        ],
        responses: {
          ...done('200', 'The records'),
          '206': { description: 'Some of the records; Content-Range says which' },
        },
      },
    }),
    ...(open.has('insert') && {
      post: {
        tags: [name],
        summary: `Create records of ${name}`,
        parameters: [
          select,
          parameter('columns', 'Those of the body that count, with commas between'),
          parameter('on_conflict', 'With "Prefer: resolution=": the columns that tell records apart'),
          prefer(
            `${answered}, "resolution=merge-duplicates" changes what is there, "missing=default" fills in defaults`,
          ),
        ],
        requestBody: body({ oneOf: [record, records] }),
        responses: done('201', 'Created'),
      },
    }),
    ...(open.has('update') && {
      patch: {
        tags: [name],
        summary: `Change records of ${name}`,
        parameters: [select, ...filters, prefer(answered)],
        requestBody: body({ type: 'object', properties: schemaOf(scope, table).properties }),
        responses: { ...done('200', 'The changed records'), '204': { description: 'Changed' } },
      },
    }),
    ...(open.has('delete') && {
      delete: {
        tags: [name],
        summary: `Delete records of ${name}`,
        parameters: [select, ...filters, prefer(answered)],
        responses: { ...done('200', 'The deleted records'), '204': { description: 'Deleted' } },
      },
    }),
  }
}
