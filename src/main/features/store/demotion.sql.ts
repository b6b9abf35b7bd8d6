import { type SqlQuery, sql } from '../../db/sql'
import { documentOf, ownRecords } from '../tables/column.sql'
import { dataOf } from '../tables/physical-table.sql'
import type { StoredTable } from '../tables/stored-table'
import { changedSince } from './storage-move.sql'

/** Records of a dedicated relation on their way back to documents. `table` is as it is: of the dedicated tier. */
export interface Demotion {
  readonly projectId: string
  readonly table: StoredTable
  readonly relation: string
}

export function demoteBatchSql(move: Demotion, after: string | null, size: number): SqlQuery {
  const rest = after === null ? sql`` : sql`and d._id > ${after}`
  return sql`with batch as (
      select d.* from ${dataOf(move.relation)} d where ${ownRecords(move.projectId, move.table, 'd')} ${rest} order by d._id limit ${size}),
    put as (insert into ${target} select ${values(move)} from batch d)
    select (select count(*)::integer from batch) as count, (select b._id from batch b order by b._id desc limit 1) as last`
}

/** One statement, see `promoteChangedSql`. What was said of the old copies' unique values goes with them. */
export function demoteChangedSql(move: Demotion, since: string): SqlQuery {
  const { projectId, table, relation } = move
  return sql`with changed as (${changedSince(projectId, table.id, since)}
    ), gone as (
      delete from studio.project_data g
      where g.project_id = ${projectId} and g.table_id = ${table.id} and g.id = any(array(select id from changed))
      returning 1
    ), put as (
      insert into ${target} select ${values(move)} from changed
      cross join lateral (
        select d.* from ${dataOf(relation)} d where ${ownRecords(projectId, table, 'd')} and d._id = changed.id offset 0
      ) d
      where (select count(*) from gone) >= 0
    )
    select changed.id from changed`
}

export function demotedDifferencesSql({ projectId, table, relation }: Demotion, since: string): SqlQuery {
  return sql`with changed as (${changedSince(projectId, table.id, since)})
    select count(*)::integer as count
    from (
      select d.id, d.revision from studio.project_data d where d.project_id = ${projectId} and d.table_id = ${table.id}
    ) d
    full join (select r._id, r._revision from ${dataOf(relation)} r where ${ownRecords(projectId, table, 'r')}) r on r._id = d.id
    where d.revision is distinct from r._revision and coalesce(d.id, r._id) not in (select id from changed)`
}

export function countDedicatedSql(relation: string): SqlQuery {
  return sql`select count(*)::integer as count from ${dataOf(relation)}`
}

export function isEmptySql(relation: string): SqlQuery {
  return sql`select not exists (select from ${dataOf(relation)}) as empty`
}

const target = sql`studio.project_data (project_id, table_id, id, data, revision, created_at, updated_at)`

function values({ projectId, table }: Demotion): SqlQuery {
  return sql`${projectId}::uuid, ${table.id}::uuid, d._id, ${documentOf(table, 'd')}, d._revision, d._created, d._updated`
}
