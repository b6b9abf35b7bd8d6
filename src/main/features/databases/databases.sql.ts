import type { DatabaseRow } from '../../db/database'
import { type SqlQuery, sql } from '../../db/sql'

export interface SizeRow {
  readonly count: number
  readonly bytes: number
}

/** No row when the project has its database already; a second click waits for the first, and then gets none. */
export function insertDatabaseSql(projectId: string, ref: string): SqlQuery {
  return sql`insert into studio.project_databases (project_id, ref, has_views) values (${projectId}, ${ref}, true)
    on conflict (project_id) do nothing
    returning id, project_id, name, ref, schema_name, created_at`
}

/** Bytes a record takes beside its document: the row's header and pointer, its ids, times and revision. */
const recordOverhead = 96

/** Counts and weighs at most `limit` records of the tables, so that the cost has an end. */
export function recordSizeSql(database: DatabaseRow, tableIds: readonly string[], limit: number): SqlQuery {
  return sql`select count(*)::integer as count,
      coalesce(sum(size + ${recordOverhead}::integer), 0)::double precision as bytes
    from (
      select pg_column_size(data) as size from studio.project_data
      where project_id = ${database.project_id} and table_id = any(${tableIds}::uuid[])
      limit ${limit}
    ) records`
}

/** Tables of the dedicated tier with what they keep aside, without their indexes. */
export function relationSizeSql(relations: readonly string[]): SqlQuery {
  return sql`select 0 as count, coalesce(sum(pg_table_size(c.oid)), 0)::double precision as bytes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'studio_data' and c.relname = any(${relations}::text[])`
}

/** Bytes by the table's id, in the shared tier. */
export function documentBytesSql(projectId: string): SqlQuery {
  return sql`select d.table_id as place, sum(pg_column_size(d.data) + ${recordOverhead}::integer)::double precision as bytes
    from studio.project_data d where d.project_id = ${projectId} group by d.table_id`
}

/** Bytes by the relation's name, with its indexes. */
export function relationBytesSql(relations: readonly string[]): SqlQuery {
  return sql`select c.relname as place, pg_total_relation_size(c.oid)::double precision as bytes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'studio_data' and c.relname = any(${relations}::text[])`
}

/** Of all accounts: asked before there is a tenant. */
export function selectDatabasesWithoutViewsSql(): SqlQuery {
  return sql`select account_id, database_id from studio.databases_without_views()`
}

export function hasViewsSql(databaseId: string): SqlQuery {
  return sql`select d.has_views from studio.project_databases d
    where d.project_id = (select studio.current_project()) and d.id = ${databaseId}`
}

export function setHasViewsSql(databaseId: string): SqlQuery {
  return sql`update studio.project_databases d set has_views = true
    where d.project_id = (select studio.current_project()) and d.id = ${databaseId}`
}
