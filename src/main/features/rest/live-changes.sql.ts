import type { JsonObject } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'

export interface ChangeRow {
  readonly id: string
  readonly op: 'insert' | 'update' | 'delete'
  readonly record_id: string
  readonly at: string
  /** Of a deleted record, by layout key. */
  readonly before: JsonObject | null
}

/** Which transactions a reader of the change log has seen, and where the log ended then. */
export interface Seen {
  /** A `pg_snapshot`, as text. */
  readonly snapshot: string
  /** No transaction that ended before this one does so later; one that began after `next` has a higher number. */
  readonly oldest: string
  readonly next: string
  /** The last change that was there. */
  readonly last: string
}

/** The moment of the statement. */
export function seenSql(projectId: string): SqlQuery {
  return sql`select s.snapshot::text, pg_snapshot_xmin(s.snapshot)::text as oldest, pg_snapshot_xmax(s.snapshot)::text as next,
      (select coalesce(max(c.id), 0)::text from studio.changes c where c.project_id = ${projectId}) as last
    from (select pg_current_snapshot() as snapshot) s`
}

export interface ChangesBetween {
  readonly projectId: string
  readonly tableId: string
  readonly since: string
  readonly until: string
  /** Of the changes, the last that was read, or one that all of them come after. */
  readonly after: string
}

/**
 * What was committed between the two snapshots. By what was seen and not by number alone: who was given a lower number
 * may commit later.
 */
export function changesBetweenSql(
  { projectId, tableId, since, until, after }: ChangesBetween,
  limit: number,
): SqlQuery {
  return sql`select c.id::text, c.op, c.record_id::text, c.at, case when c.op = 'delete' then c.before end as before
    from studio.changes c
    where c.project_id = ${projectId} and c.table_id = ${tableId} and c.id > ${after}::bigint and c.op <> 'schema'
      and pg_visible_in_snapshot(c.tx, ${until}::pg_snapshot) and not pg_visible_in_snapshot(c.tx, ${since}::pg_snapshot)
    order by c.id limit ${limit}`
}
