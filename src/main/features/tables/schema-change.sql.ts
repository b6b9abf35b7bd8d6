import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { TableSchema } from '@shared/domain/table-schema'
import type { Principal } from '../../context'
import { type SqlQuery, sql } from '../../db/sql'
import { actorOf } from '../audit/activity'

/** A table as it was and as it is; null before it was made, and after it went to the bin. */
export interface SchemaChange {
  readonly table: string
  readonly before: TableSchema | null
  readonly after: TableSchema | null
}

/** Writes a schema edit to the change log. */
export function insertSchemaChangesSql(
  { projectId, principal, operation }: { readonly projectId: string; principal: Principal; operation: string },
  changes: readonly SchemaChange[],
): SqlQuery {
  const actor = actorOf(principal)
  return sql`insert into studio.changes (project_id, operation, table_id, op, before, after, actor_id, actor)
    select ${projectId}, ${operation}, c."table", 'schema', c.before, c.after, ${actor.id}, ${actor.name}
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as c ("table" uuid, before jsonb, after jsonb)`
}

export interface NewVersion {
  readonly projectId: string
  readonly databaseId: string
  readonly actorId: string | null
  readonly actor: string
  readonly name: string | null
  readonly sentence: string
  readonly edits: readonly SchemaEdit[]
  readonly tables: readonly VersionTable[]
}

/** A table as it is from a version on; null when it went. */
export interface VersionTable {
  readonly id: string
  readonly since: string
  readonly schema: TableSchema | null
}

/** The next version; its number. Schema edits come one after the other, so nobody takes the same. */
export function insertVersionSql(version: NewVersion): SqlQuery {
  const { projectId, databaseId } = version
  return insertNumberedSql(
    version,
    sql`(select coalesce(max(v.number), 0) + 1 from studio.schema_versions v
      where v.project_id = ${projectId} and v.database_id = ${databaseId})`,
  )
}

/** What there was before versions were kept. */
export function insertZeroVersionSql(version: NewVersion): SqlQuery {
  return insertNumberedSql(version, sql`0`)
}

function insertNumberedSql(version: NewVersion, number: SqlQuery): SqlQuery {
  const { projectId, databaseId, actorId, actor, name, sentence, edits, tables } = version
  return sql`with version as (
      insert into studio.schema_versions (project_id, database_id, number, name, sentence, actor_id, actor, edits)
      select ${projectId}, ${databaseId}, ${number}, ${name}, ${sentence}, ${actorId}::uuid, ${actor},
        ${JSON.stringify(edits)}::jsonb
      returning number
    ), tables as (
      insert into studio.schema_version_tables (project_id, database_id, table_id, number, since, schema)
      select ${projectId}, ${databaseId}, t.id, version.number, t.since, t.schema
      from version, jsonb_to_recordset(${JSON.stringify(tables)}::jsonb) as t (id uuid, since timestamptz, schema jsonb)
    )
    select number from version`
}
