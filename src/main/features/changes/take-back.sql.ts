import type { JsonObject } from '@shared/json'
import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { documentOf, ownRecords, recordId, recordRevision, recordsOf, sqlOfJson } from '../tables/column.sql'
import { planSql, type TakeBack } from './take-back-plan.sql'

/** The three writes of a plan, each with its lines of the log, in one statement. */

export interface LoggedWrite extends TakeBack {
  readonly operation: string
  readonly actorId: string
  readonly actor: string
  /** Members that every write sets: the time of change. */
  readonly touched: JsonObject
}

interface Logged {
  readonly op: 'insert' | 'update' | 'delete'
  readonly before: SqlQuery
  readonly after: SqlQuery
}

function logSql({ projectId, table, operation, actorId, actor }: LoggedWrite, { op, before, after }: Logged): SqlQuery {
  return sql`insert into studio.changes
      (project_id, operation, table_id, record_id, op, revision, before, after, actor_id, actor)
    select ${projectId}, ${operation}, ${table.id}, w.id, ${op}, w.revision, ${before}, ${after}, ${actorId}, ${actor}
    from written w
    returning record_id as id`
}

export function takeBackInsertsSql(write: LoggedWrite): SqlQuery {
  const { table, projectId } = write
  return sql`with ${planSql(write)}, written as (
      delete from ${recordsOf(table, 'd')} using plan p
      where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = p.id and p.action = 'delete'
      returning p.id, ${recordRevision(table, 'd')} as revision, p.whole
    ) ${logSql(write, { op: 'delete', before: sql`w.whole`, after: sql`null` })}`
}

export function takeBackUpdatesSql(write: LoggedWrite): SqlQuery {
  const { table, projectId } = write
  const touched = sql`${JSON.stringify(write.touched)}::jsonb`
  const isShared = table.storage.tier === 'shared'
  const set = isShared
    ? sql`data = d.data || p.fields || ${touched}, revision = d.revision + 1, updated_at = now()`
    : join(
        [
          ...planOf(table).stored.map((column) => sql`${identifier(column.key)} = ${writtenBack(write, column)}`),
          sql`_revision = d._revision + 1`,
          sql`_updated = now()`,
        ],
        ', ',
      )
  return sql`with ${planSql(write)}, written as (
      update ${recordsOf(table, 'd')} set ${set} from plan p
      where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = p.id and p.action = 'update'
      returning p.id, ${recordRevision(table, 'd')} as revision, p.fields, p.present, p.whole
    ) ${logUpdateSql(write)}`
}

function logUpdateSql(write: LoggedWrite): SqlQuery {
  const touched = sql`${JSON.stringify(write.touched)}::jsonb`
  const before = sql`w.present || (select coalesce(jsonb_object_agg(k, coalesce(w.whole -> k, 'null')), '{}')
    from jsonb_object_keys(${touched}) k)`
  return logSql(write, { op: 'update', before, after: sql`w.fields || ${touched}` })
}

/**
 * The same for columns with unique indexes of the dedicated tier: each row goes and comes again, all of them before the
 * first, so that records may exchange their values.
 */
export function takeBackKeysSql(write: LoggedWrite): SqlQuery {
  const { table, projectId } = write
  if (table.storage.tier === 'shared') return takeBackUpdatesSql(write)
  const { stored } = planOf(table)
  const kept = [sql`_id`, sql`_created`]
  const names = [...kept, sql`_revision`, sql`_updated`, ...stored.map(({ key }) => identifier(key))]
  const values = [
    ...kept.map((name) => sql`d.${name}`),
    sql`d._revision + 1`,
    sql`now()`,
    ...stored.map((column) => writtenBack(write, column)),
  ]
  // No column is called by a capital letter: it means the whole row.
  return sql`with ${planSql(write)}, gone as materialized (
      delete from ${recordsOf(table, 'D')} using plan p
      where ${ownRecords(projectId, table, 'D')} and ${recordId(table, 'D')} = p.id and p.action = 'update'
      returning "D" as row, p.fields, p.present, p.whole
    ), come as (
      insert into studio_rows.${identifier(table.storage.relation)} (${join(names, ', ')})
      select ${join(values, ', ')} from gone p cross join lateral (select (p.row).*) d
      where (select count(*) from gone) >= 0
    ), written as (
      select (p.row)._id as id, (p.row)._revision + 1 as revision, p.fields, p.present, p.whole from gone p
    ) ${logUpdateSql(write)}`
}

/** A dedicated column after the write. */
function writtenBack({ touched }: LoggedWrite, { key, type }: PlannedColumn): SqlQuery {
  if (Object.hasOwn(touched, key)) return sqlOfJson(type, sql`${JSON.stringify(touched[key])}::jsonb`)
  const kept = sql`d.${identifier(key)}`
  return sql`case when p.fields ? ${key}::text then ${sqlOfJson(type, sql`(p.fields -> ${key}::text)`)} else ${kept} end`
}

export function takeBackDeletesSql(write: LoggedWrite): SqlQuery {
  const { table, projectId } = write
  const data = sql`(p.document || ${JSON.stringify(write.touched)}::jsonb)`
  const revision = sql`coalesce(p.revision, 0) + 1`
  if (table.storage.tier === 'shared')
    return sql`with ${planSql(write)}, written as (
        insert into studio.project_data as d (project_id, table_id, id, data, revision)
        select ${projectId}, ${table.id}, p.id, ${data}, ${revision} from plan p where p.action = 'insert' order by p.id
        returning d.id, d.revision, ${documentOf(table, 'd')} as document
      ) ${logSql(write, { op: 'insert', before: sql`null`, after: sql`w.document` })}`
  const { stored } = planOf(table)
  const names = [sql`_id`, sql`_revision`, ...stored.map(({ key }) => identifier(key))]
  const values = [sql`p.id`, revision, ...stored.map(({ key, type }) => sqlOfJson(type, sql`(p.data -> ${key}::text)`))]
  return sql`with ${planSql(write)}, written as (
      insert into ${identifier('studio_rows')}.${identifier(table.storage.relation)} as d (${join(names, ', ')})
      select ${join(values, ', ')} from (
        select p.id, p.revision, ${data} as data from plan p where p.action = 'insert' order by p.id
      ) p
      returning ${recordId(table, 'd')} as id, ${recordRevision(table, 'd')} as revision, ${documentOf(table, 'd')} as document
    ) ${logSql(write, { op: 'insert', before: sql`null`, after: sql`w.document` })}`
}
