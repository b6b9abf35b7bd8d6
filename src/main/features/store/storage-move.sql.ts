import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import type { MoveChange, Tier } from './storage-move'

/** Seconds after which a move whose worker was not heard of may be taken over. */
const patience = 30

const row = sql`m.project_id, m.table_id, m.target, m.phase, m.relation, m.distributed, m.version, m.since::text, m.next::text, m.after,
  m.done::integer, m.total::integer, m.failures,
  coalesce(m.retry_at > clock_timestamp(), false) as is_waiting, t.storage_wish as wish,
  exists (select from studio.table_indexes i where i.project_id = m.project_id and i.table_id = m.table_id) as has_indexes, t.deleted_at is not null as is_gone`

/** Nothing when the table is on its way already, or there. */
export function planMoveSql(projectId: string, tableId: string, target: Tier): SqlQuery {
  return sql`insert into studio.table_moves (project_id, table_id, target)
    select t.project_id, t.id, ${target} from studio.project_tables t
    where t.project_id = ${projectId} and t.id = ${tableId} and t.storage ->> 'tier' <> ${target}
    on conflict do nothing`
}

/** Makes it the owner's, unless somebody else was at work on it a moment ago. */
export function claimMoveSql(projectId: string, tableId: string, owner: string): SqlQuery {
  return sql`update studio.table_moves m set owner = ${owner}, heartbeat = clock_timestamp()
    where m.project_id = ${projectId} and m.table_id = ${tableId}
      and (m.owner is null or m.owner = ${owner}
        or m.heartbeat < clock_timestamp() - make_interval(secs => ${patience}::integer))
    returning m.table_id`
}

/** Begins a step: the row stays locked until it ends, so nobody takes the move over in the middle of one. */
export function holdMoveSql(projectId: string, tableId: string, owner: string): SqlQuery {
  return sql`update studio.table_moves m set heartbeat = clock_timestamp()
    from studio.project_tables t
    where m.project_id = ${projectId} and m.table_id = ${tableId} and m.owner = ${owner}
      and t.project_id = m.project_id and t.id = m.table_id
    returning ${row}`
}

export function changeMoveSql(projectId: string, tableId: string, change: MoveChange): SqlQuery {
  const members = Object.entries(change).map(([name, value]) => sql`${identifier(name)} = ${value}`)
  return sql`update studio.table_moves set ${join([...members, sql`heartbeat = clock_timestamp()`], ', ')}
    where project_id = ${projectId} and table_id = ${tableId}`
}

/**
 * Left for a later look: seconds from now, twice as long after each failure, at most an hour. Without a version it then
 * starts over.
 */
export function failMoveSql(projectId: string, tableId: string, owner: string, problem: string): SqlQuery {
  return sql`update studio.table_moves set owner = null, version = null, problem = ${problem}, failures = failures + 1,
      retry_at = clock_timestamp() + make_interval(secs => least(3600, 5 * 2 ^ least(failures, 10)))
    where project_id = ${projectId} and table_id = ${tableId} and owner = ${owner}`
}

/** For another look at once, by anybody. */
export function releaseMoveSql(projectId: string, tableId: string, owner: string): SqlQuery {
  return sql`update studio.table_moves set owner = null
    where project_id = ${projectId} and table_id = ${tableId} and owner = ${owner}`
}

export function endMoveSql(projectId: string, tableId: string): SqlQuery {
  return sql`delete from studio.table_moves where project_id = ${projectId} and table_id = ${tableId}`
}

export function selectMoveSql(projectId: string, tableId: string): SqlQuery {
  return sql`select ${row} from studio.table_moves m
    join studio.project_tables t on t.project_id = m.project_id and t.id = m.table_id
    where m.project_id = ${projectId} and m.table_id = ${tableId}`
}

export function openMovesSql(): SqlQuery {
  return sql`select account_id as "accountId", database_id as "databaseId", table_id as "tableId"
    from studio.open_moves(make_interval(secs => ${patience}::integer))`
}

/** Of one database, or of all; `look` is for tables that belong elsewhere only when they are empty. */
export function misplacedTablesSql(mostShared: number, databaseId: string | null): SqlQuery {
  return sql`select account_id as "accountId", database_id as "databaseId", table_id as "tableId", move
    from studio.misplaced_tables(${mostShared}::integer, ${databaseId}::uuid)`
}

export function missingIndexesSql(): SqlQuery {
  return sql`select account_id as "accountId", database_id as "databaseId", table_id as "tableId"
    from studio.missing_indexes()`
}

export function lostRelationsSql(): SqlQuery {
  return sql`select studio.lost_relations() as relation`
}

// The fence ---------------------------------------------------------------------------------------------------------

/** Milliseconds that a move waits for a lock that others would then have to wait behind. */
export function setLockTimeoutSql(milliseconds: number): SqlQuery {
  return sql`select set_config('lock_timeout', ${`${milliseconds}ms`}, true)`
}

/**
 * Waits until nobody is writing in the database, without a new version of its schema. Every change that was logged
 * before has then a number up to `lastChangeSql`, and every later one a greater number.
 */
export function holdWritersSql(databaseId: string): SqlQuery {
  return sql`select pg_advisory_xact_lock(hashtextextended(${`schema:${databaseId}`}, 0))`
}

export function lastChangeSql(projectId: string): SqlQuery {
  return sql`select coalesce(max(c.id), 0)::text as since from studio.changes c where c.project_id = ${projectId}`
}

/** The records that were written since; FROM and WHERE of their ids are all that the copies need. */
export function changedSince(projectId: string, tableId: string, since: string): SqlQuery {
  return sql`select distinct c.record_id as id from studio.changes c
    where c.project_id = ${projectId} and c.table_id = ${tableId} and c.record_id is not null and c.id > ${since}::bigint`
}

/** Locks a view as a change of it would, so that statements under way end first, and later ones see what comes. */
export function lockViewSql(view: SqlQuery): SqlQuery {
  return sql`alter view if exists ${view} owner to current_role`
}

export function setStorageSql(tableId: string, storage: unknown): SqlQuery {
  return sql`update studio.project_tables t set storage = ${JSON.stringify(storage)}
    where t.project_id = (select studio.current_project()) and t.id = ${tableId}`
}

/** On Citus a relation is spread over its nodes, next to the other rows of its project. */
export const isDistributedSql = sql`select exists (select from pg_extension e where e.extname = 'citus') as distributed`

export function distributeSql(relation: string): SqlQuery {
  return sql`select create_distributed_table(${`studio_data.${relation}`}, '_project', colocate_with => 'studio.project_data')`
}

export const savepointSql = sql`savepoint attempt`
export const releaseSavepointSql = sql`release savepoint attempt`
export const rollbackToSavepointSql = sql`rollback to savepoint attempt`
