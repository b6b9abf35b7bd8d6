import type { Table } from '@shared/contract/tables.contract'
import { type BaseType, parseColumnType } from '@shared/domain/column-type'

export type SnippetKind = 'query' | 'create'

interface SnippetInput {
  readonly apiUrl: string
  readonly databaseId: string
  readonly table: Table | undefined
}

/** A call of the management API as a command that runs as it stands once `TOKEN` is set. */
export function snippet(kind: SnippetKind, { apiUrl, databaseId, table }: SnippetInput): string {
  const tableName = table?.table_name ?? ''
  switch (kind) {
    case 'query':
      return curl(`${apiUrl}/api/database/${databaseId}/records/query`, { tableName, limit: 10 })
    case 'create':
      return curl(`${apiUrl}/api/database/${databaseId}/records/create`, {
        tableName,
        record: table ? exampleRecord(table) : {},
      })
  }
}

/** Values for the columns that a new record must have; when none must, for the first that may. */
export function exampleRecord(table: Table): { readonly [column: string]: unknown } {
  const free = table.schema_json.columns.filter((column) => column.default === undefined && !column.references)
  const required = free.filter((column) => column.required === true || column.primary_key === true)
  const chosen = required.length > 0 ? required : free.slice(0, 2)
  return Object.fromEntries(chosen.map((column) => [column.name, exampleValue(column.name, column.type)]))
}

const examples: Readonly<Record<BaseType, unknown>> = {
  smallint: 1,
  integer: 42,
  bigint: '42',
  numeric: '9.90',
  real: 0.5,
  double: 0.5,
  text: 'text',
  varchar: 'text',
  boolean: true,
  date: '2026-01-31',
  time: '09:30:00',
  timestamp: '2026-01-31T09:30:00',
  timestamptz: '2026-01-31T09:30:00Z',
  interval: '1 day',
  uuid: '7d444840-9dc0-41d1-b245-5ffdce74fad2',
  jsonb: {},
  bytea: '\\x00',
}

function exampleValue(name: string, typeText: string): unknown {
  const type = parseColumnType(typeText)
  if (!type) return null
  if (type.base === 'text' && name.includes('email')) return 'ada@example.com'
  return type.array ? [examples[type.base]] : examples[type.base]
}

function curl(url: string, body: unknown): string {
  return [
    `curl -s -X POST ${url}`,
    '-H "Authorization: Bearer $TOKEN"',
    "-H 'Content-Type: application/json'",
    // A quote inside single quotes of a shell ends them.
    `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`,
  ].join(' \\\n  ')
}
