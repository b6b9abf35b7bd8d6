import { type SqlQuery, sql } from '../../db/sql'
import { recordsOf } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import type { Tier } from './storage-move'

/** Tells open windows that the table's storage is another. */
export function tellChangeSql(projectId: string, tableId: string): SqlQuery {
  return sql`select studio.tell(${projectId}, 'tables', ${tableId})`
}

export function setWishSql(tableId: string, wish: 'auto' | Tier): SqlQuery {
  return sql`update studio.project_tables t set storage_wish = ${wish}
    where t.project_id = (select studio.current_project()) and t.id = ${tableId}`
}

export function selectWishSql(tableId: string): SqlQuery {
  return sql`select t.storage_wish as wish from studio.project_tables t
    where t.project_id = (select studio.current_project()) and t.id = ${tableId}`
}

/** Bytes a record takes beside its document: the row's header and pointer, its ids, times and revision. */
const recordOverhead = 96

/** Counts and weighs at most `limit` documents. */
export function sharedSizeSql(projectId: string, tableId: string, limit: number): SqlQuery {
  return sql`select count(*)::integer as records,
      (coalesce(sum(size), 0) + count(*) * ${recordOverhead}::integer)::double precision as bytes
    from (
      select pg_column_size(d.data) as size from studio.project_data d
      where d.project_id = ${projectId} and d.table_id = ${tableId} limit ${limit}
    ) seen`
}

/** Counts at most `limit` records; of more there is what the last analyze has found. */
export function dedicatedSizeSql(table: StoredTable, relation: string, limit: number): SqlQuery {
  return sql`select case when seen.count < ${limit}::integer then seen.count
        else greatest(seen.count, c.reltuples)::integer end as records,
      pg_total_relation_size(c.oid)::double precision as bytes
    from pg_class c, (
      select count(*)::integer as count from (select from ${recordsOf(table, 'd')} limit ${limit}) part
    ) seen
    where c.relnamespace = 'studio_data'::regnamespace and c.relname = ${relation}`
}
