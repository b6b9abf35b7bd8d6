import type { TableSchema } from '@shared/domain/table-schema'
import { join, type SqlQuery, sql } from '../../db/sql'
import { ownRecords, recordsOf } from './column.sql'
import type { Layout } from './layout'
import type { StoredTable } from './stored-table'

/**
 * The lock every schema edit of a database takes alone, and everything that relies on its schema takes shared. Taken
 * alone it gives the schema a new version (see `openSchema`). While an edit waits, all others wait behind it: 10 s for
 * the schema, and then 5 s for each table that an open transaction of SQL holds.
 */
export function lockSchemaSql(databaseId: string, mode: 'shared' | 'exclusive'): SqlQuery {
  if (mode === 'shared') return sql`select h.now, h.version from studio.hold_schema(${databaseId}, false) h`
  return sql`select h.now, h.version, h.previous, set_config('lock_timeout', '5s', true)
    from set_config('lock_timeout', '10s', true) as patience,
      lateral studio.hold_schema(${databaseId}, patience is not null) h`
}

/** How long an edit waits for each view. */
export const lockPatienceSql = sql`set local lock_timeout = '5s'`

const columns = sql`t.id, t.schema_json as schema, t.layout, t.storage, t.created_at, t.updated_at`

export function selectTablesSql(databaseId: string): SqlQuery {
  return sql`select ${columns} from studio.project_tables t
    where t.project_id = (select studio.current_project()) and t.database_id = ${databaseId} and t.deleted_at is null
    order by t.created_at, t.id`
}

/** One table that is not in the bin. */
export function selectTableSql(databaseId: string, tableId: string): SqlQuery {
  return sql`select ${columns} from studio.project_tables t
    where t.project_id = (select studio.current_project()) and t.database_id = ${databaseId}
      and t.id = ${tableId} and t.deleted_at is null`
}

export function selectDeletedTableSql(databaseId: string, tableId: string): SqlQuery {
  return sql`select ${columns} from studio.project_tables t
    where t.project_id = (select studio.current_project()) and t.database_id = ${databaseId}
      and t.id = ${tableId} and t.deleted_at is not null`
}

export function selectBinnedTablesSql(databaseId: string): SqlQuery {
  return sql`select ${columns} from studio.project_tables t
    where t.project_id = (select studio.current_project()) and t.database_id = ${databaseId}
      and t.deleted_at is not null`
}

/** Tables of one transaction are listed in the order they were made in. */
export function insertTableSql(projectId: string, databaseId: string, schema: TableSchema, layout: Layout): SqlQuery {
  return sql`insert into studio.project_tables as t
      (project_id, database_id, table_name, schema_json, layout, created_at, updated_at)
    select ${projectId}, ${databaseId}, ${schema.name}, ${JSON.stringify(schema)}, ${JSON.stringify(layout)}, moment, moment
    from clock_timestamp() moment
    returning ${columns}`
}

export function updateTableSql(table: StoredTable): SqlQuery {
  const { schema, layout } = table
  return sql`update studio.project_tables t
    set table_name = ${schema.name}, schema_json = ${JSON.stringify(schema)}, layout = ${JSON.stringify(layout)},
      storage = ${JSON.stringify(table.storage)}, updated_at = now()
    where t.project_id = (select studio.current_project()) and t.id = ${table.id}
    returning ${columns}`
}

/** A name is free while its table is in the bin, so a restored table must be looked at first. */
export function setDeletedSql(tableId: string, deleted: boolean): SqlQuery {
  return sql`update studio.project_tables t
    set deleted_at = case when ${deleted}::boolean then now() end, updated_at = now()
    where t.project_id = (select studio.current_project()) and t.id = ${tableId}
    returning ${columns}`
}

/** Records of each table, counted to `limit` and no further. */
export function countTablesSql(projectId: string, tables: readonly StoredTable[], limit: number): SqlQuery {
  const shared = tables.filter(({ storage }) => storage.tier === 'shared').map(({ id }) => id)
  const dedicated = tables.filter(({ storage }) => storage.tier === 'dedicated')
  const own = dedicated.map(
    (table) => sql`(${table.id}::uuid, (select count(*)::integer from (
      select from ${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')} limit ${limit}) seen))`,
  )
  const others = own.length === 0 ? sql`` : sql`union all select * from (values ${join(own, ', ')}) own (id, count)`
  return sql`select t.id, (
      select count(*)::integer from (
        select from studio.project_data d where d.project_id = ${projectId} and d.table_id = t.id limit ${limit}
      ) seen
    ) as count
    from unnest(${shared}::uuid[]) t (id)
    ${others}`
}

/** The planner's idea of how many rows a query gives; it runs nothing. */
export function explainSql(query: SqlQuery): SqlQuery {
  return sql`explain (format json) ${query}`
}

export function selectAllRecordsSql(projectId: string, table: StoredTable): SqlQuery {
  return sql`select 1 from ${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')}`
}

export const savepointSql = sql`savepoint preview`
export const rollbackToSavepointSql = sql`rollback to savepoint preview`
