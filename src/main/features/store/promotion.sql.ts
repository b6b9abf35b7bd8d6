import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import { ownRecords, storedValue } from '../tables/column.sql'
import { dataOf, physicalColumnsOf } from '../tables/physical-table.sql'
import type { StoredTable } from '../tables/stored-table'
import { changedSince } from './storage-move.sql'

/** Records of the shared tier on their way to a relation of their own. */
export interface Promotion {
  readonly projectId: string
  /** As it is: of the shared tier. */
  readonly table: StoredTable
  /** As it will be. */
  readonly moved: StoredTable
  readonly relation: string
}

/** The next records in the order of ids; answers how many, and the last of them. */
export function promoteBatchSql(move: Promotion, after: string | null, size: number): SqlQuery {
  const { projectId, table } = move
  const rest = after === null ? sql`` : sql`and d.id > ${after}`
  return sql`with batch as (
      select d.* from studio.project_data d where ${ownRecords(projectId, table, 'd')} ${rest} order by d.id limit ${size}
    ), put as (insert into ${target(move)} select ${values(move)} from batch d)
    select (select count(*)::integer from batch) as count, (select b.id from batch b order by b.id desc limit 1) as last`
}

/**
 * Copies again what was written since. One statement, so that all of it is as it was at one moment, in which the rules
 * held: a value that one record gave up and another took breaks no unique index, as the old copies go first. Each record
 * is found by its key (`offset 0` leaves the planner no other way), whatever statistics there are.
 */
export function promoteChangedSql(move: Promotion, since: string): SqlQuery {
  const { projectId, table, moved } = move
  return sql`with changed as (${changedSince(projectId, table.id, since)}
    ), gone as (
      delete from ${dataOf(move.relation)} r using changed
      where ${ownRecords(projectId, moved, 'r')} and r._id = changed.id returning 1
    ), put as (
      insert into ${target(move)} select ${values(move)} from changed
      cross join lateral (
        select d.* from studio.project_data d where ${ownRecords(projectId, table, 'd')} and d.id = changed.id offset 0
      ) d
      where (select count(*) from gone) >= 0
    )
    select count(*)::integer as count from changed`
}

/** Records that are not in both places as the same write of the same record; those written since are left out. */
export function promotedDifferencesSql({ projectId, table, moved, relation }: Promotion, since: string): SqlQuery {
  return sql`with changed as (${changedSince(projectId, table.id, since)})
    select count(*)::integer as count
    from (select d.id, d.revision from studio.project_data d where ${ownRecords(projectId, table, 'd')}) d
    full join (select r._id, r._revision from ${dataOf(relation)} r where ${ownRecords(projectId, moved, 'r')}) r on r._id = d.id
    where d.revision is distinct from r._revision and coalesce(d.id, r._id) not in (select id from changed)`
}

export function countSharedSql({ projectId, table }: Pick<Promotion, 'projectId' | 'table'>): SqlQuery {
  return sql`select count(*)::integer as count from studio.project_data d where ${ownRecords(projectId, table, 'd')}`
}

/**
 * Deletes some of the documents of a table that is not, or no longer, in the shared tier, and what was said of their
 * unique values; answers how many by its rows. A range of ids, because a list may be searched for each of the table's
 * records, as long as no statistics tell the planner how many those are: 3.3 s in place of 45 ms for 5,000 of 60,000.
 */
export function deleteDocumentsSql(projectId: string, tableId: string, size: number): SqlQuery {
  const own = (row: SqlQuery) => sql`${row}.project_id = ${projectId} and ${row}.table_id = ${tableId}`
  return sql`delete from studio.project_data d
    where ${own(sql`d`)} and d.id <= coalesce(
        (select s.id from studio.project_data s where ${own(sql`s`)} order by s.id limit 1 offset ${size - 1}),
        'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
      and exists (select from studio.project_tables t
        where t.project_id = ${projectId} and t.id = ${tableId} and t.storage ->> 'tier' = 'dedicated')`
}

export function vacuumSql(relation: string): SqlQuery {
  return sql`vacuum (analyze) ${dataOf(relation)}`
}

export function analyzeSql(relation: string): SqlQuery {
  return sql`analyze ${dataOf(relation)}`
}

function target({ table, moved, relation }: Promotion): SqlQuery {
  const keys = physicalColumnsOf(table).map(({ key }) => identifier(key))
  return sql`${dataOf(relation)} (${join([...(isDistributed(moved) ? [sql`_project`] : []), sql`_id`, sql`_revision`, sql`_created`, sql`_updated`, ...keys], ', ')})`
}

function values({ projectId, table, moved }: Promotion): SqlQuery {
  const columns = physicalColumnsOf(table).map(({ column }) => storedValue(table, column, 'd'))
  const own = isDistributed(moved) ? [sql`${projectId}::uuid`] : []
  return join([...own, sql`d.id`, sql`d.revision`, sql`d.created_at`, sql`d.updated_at`, ...columns], ', ')
}

function isDistributed({ storage }: StoredTable): boolean {
  return storage.tier === 'dedicated' && storage.distributed === true
}
