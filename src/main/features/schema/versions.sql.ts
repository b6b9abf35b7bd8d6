import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { TableSchema } from '@shared/domain/table-schema'
import { type SqlQuery, sql } from '../../db/sql'

export interface VersionRow {
  readonly number: number
  readonly name: string | null
  readonly sentence: string
  readonly author: string
  readonly at: string
  readonly edits: number
}

export interface SchemaAt {
  readonly projectId: string
  readonly databaseId: string
}

const columns = sql`v.number, v.name, v.sentence, v.actor as author, v.at, jsonb_array_length(v.edits) as edits`

function ofDatabase({ projectId, databaseId }: SchemaAt): SqlQuery {
  return sql`v.project_id = ${projectId} and v.database_id = ${databaseId}`
}

/** Newest first, those before `before` when it is given. */
export function selectVersionsSql(at: SchemaAt, before: string | null, limit: number): SqlQuery {
  return sql`select ${columns} from studio.schema_versions v
    where ${ofDatabase(at)} and (${before}::integer is null or v.number < ${before}::integer)
    order by v.number desc limit ${limit}`
}

export function selectVersionSql(at: SchemaAt, number: number): SqlQuery {
  return sql`select ${columns} from studio.schema_versions v where ${ofDatabase(at)} and v.number = ${number}`
}

export function newestVersionSql(at: SchemaAt): SqlQuery {
  return sql`select coalesce(max(v.number), 0) as number from studio.schema_versions v where ${ofDatabase(at)}`
}

/** The edits of the versions after `from` up to `to`, in their order. */
export function selectEditsSql(at: SchemaAt, from: number, to: number): SqlQuery {
  return sql`select v.number, v.edits from studio.schema_versions v
    where ${ofDatabase(at)} and v.number > ${from} and v.number <= ${to} order by v.number`
}

export interface EditsRow {
  readonly number: number
  readonly edits: readonly SchemaEdit[]
}

/** The tables as they were with that version. */
export function selectVersionTablesSql(at: SchemaAt, number: number): SqlQuery {
  return sql`select t.schema from (
      select distinct on (v.table_id) v.table_id, v.since, v.schema from studio.schema_version_tables v
      where ${ofDatabase(at)} and v.number <= ${number}
      order by v.table_id, v.number desc
    ) t
    where t.schema is not null order by t.since, t.table_id`
}

export interface VersionTableRow {
  readonly schema: TableSchema
}

export function renameVersionSql(at: SchemaAt, number: number, name: string | null): SqlQuery {
  return sql`update studio.schema_versions v set name = ${name} where ${ofDatabase(at)} and v.number = ${number}
    returning ${columns}`
}
