import type { DatabaseChange } from '@shared/contract/databases.contract'
import { type SqlQuery, sql } from '../../db/sql'

export interface ActivityRow {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly sentence: string
  readonly table_id: string | null
  readonly operation: string | null
  readonly undoable: boolean
  /** Records that SQL changed in that table; null where nobody has to count, or they are forgotten. */
  readonly records: number | null
}

/** Changes of one operation that are counted; of more it is said that there are more. */
export const mostCounted = 10_000

/**
 * Newest first, those before `beforeId` when it is given. An operation can be undone while the log has its changes, it
 * edited no schema, and it was not taken back: each undo of a chain turns the one before it.
 */
export function listActivitySql(projectId: string, beforeId: string | null, limit: number): SqlQuery {
  return sql`select a.id::text, a.at, a.actor, a.action, a.sentence, t.id as table_id, a.operation,
      a.operation is not null and coalesce(changes.op <> 'schema', false) and undone.times % 2 = 0 as undoable,
      nullif(changes.records, 0) as records
    from (
      select * from studio.audit a
      where a.project_id = ${projectId} and (${beforeId}::bigint is null or a.id < ${beforeId}::bigint)
      order by a.id desc
      limit ${limit}
    ) a
    left join studio.project_tables t on t.project_id = a.project_id and t.id = a.table_id and t.deleted_at is null
    cross join lateral (
      select
        -- an operation edits the schema or writes records, so one of its changes tells
        (select c.op from studio.changes c where ${ofOperation(projectId)} order by c.operation limit 1) as op,
        case when a.action = 'records.sql' then (
          select count(distinct c.record_id)::integer from (
            select c.record_id from studio.changes c
            where ${ofOperation(projectId)} and c.table_id = a.table_id
            order by c.operation limit ${mostCounted + 1}
          ) c
        ) end as records
    ) changes
    cross join lateral (
      select count(*) as times from studio.audit u
      where u.project_id = ${projectId} and u.chain = coalesce(a.chain, a.operation) and u.id > a.id
    ) undone
    order by a.id desc`
}

/**
 * As a range with an order, so that it goes by the index: told that operations are equal and few are wanted, the planner
 * of a log that is full of large ones goes through all changes, which for a forgotten one is all of them.
 */
function ofOperation(projectId: string): SqlQuery {
  return sql`c.project_id = ${projectId} and c.operation >= a.operation and c.operation <= a.operation`
}

export function noticeKeySql(): SqlQuery {
  return sql`select studio.notice_key() as key`
}

/**
 * What was committed in the last ten seconds, or could have been: an entry is written at the end of its operation, only
 * that of SQL at the first of its changes, and its transaction may have gone on for minutes.
 */
export function recentChangesSql(projectId: string): SqlQuery {
  return sql`select distinct
      case split_part(a.action, '.', 1) when 'records' then 'records' when 'table' then 'tables' when 'schema' then 'tables' else 'project' end as kind,
      a.table_id as "tableId"
    from studio.audit a
    where a.project_id = ${projectId} and a.id > coalesce((
        -- Entries are numbered in the order of their time, nearly; from the first old one on there is nothing new.
        select o.id from studio.audit o
        where o.project_id = ${projectId} and o.at < clock_timestamp() - interval '11 minutes'
        order by o.id desc limit 1
      ), 0)
      and a.at > clock_timestamp() - case a.action when 'records.sql' then interval '10 minutes' else interval '10 seconds' end`
}

export type RecentRow = DatabaseChange
