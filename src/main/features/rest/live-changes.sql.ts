import { type SqlQuery, sql } from '../../db/sql'

export interface ChangeRow {
  readonly id: string
  readonly op: 'insert' | 'update' | 'delete'
  readonly record_id: string
}

/** Below the oldest transaction that still runs, so that none is passed over that commits later. */
export function changesAfterSql(projectId: string, tableId: string, after: string, limit: number): SqlQuery {
  return sql`select c.id::text, c.op, c.record_id::text from studio.changes c
    where c.project_id = ${projectId} and c.table_id = ${tableId} and c.id > ${after}::bigint and c.op <> 'schema'
      and c.tx < pg_snapshot_xmin(pg_current_snapshot()) and c.at > now() - interval '1 hour'
    order by c.id limit ${limit}`
}

/** Where the log ends for those who begin to listen. */
export function lastChangeSql(projectId: string): SqlQuery {
  return sql`select coalesce(max(c.id), 0)::text as id from studio.changes c
    where c.project_id = ${projectId} and c.tx < pg_snapshot_xmin(pg_current_snapshot())`
}
