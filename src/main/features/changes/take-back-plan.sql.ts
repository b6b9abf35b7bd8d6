import type { JsonObject } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'
import { planOf } from '../records/record-plan'
import type { TableAt } from '../records/records.sql'
import { documentOf, ownRecords, recordId, recordsOf } from '../tables/column.sql'

/** Which changes of a table are taken back. */
export type Which =
  | { readonly kind: 'operation'; readonly operation: string }
  /** All changes of one record from this one on. */
  | { readonly kind: 'since'; readonly recordId: string; readonly change: string }

export interface TakeBack extends TableAt {
  readonly which: Which
  /** `guarded`: a field that somebody has changed since is left as it is. `overwrite`: all fields become what they were. */
  readonly mode: 'guarded' | 'overwrite'
  /** Values of older types as those of today, where they differ: documents by record. */
  readonly converted: readonly Converted[]
}

export interface Converted {
  readonly id: string
  readonly was: JsonObject
  readonly became: JsonObject
}

function changesOf({ projectId, table, which }: TakeBack): SqlQuery {
  const own = sql`c.project_id = ${projectId} and c.table_id = ${table.id} and c.record_id is not null`
  return which.kind === 'operation'
    ? sql`${own} and c.operation = ${which.operation}`
    : sql`${own} and c.record_id = ${which.recordId} and c.id >= ${which.change}::bigint`
}

/**
 * The changes as one for each record, `folded (id, first_op, last_op, revision, was, became)`: what it was before the
 * first and became with the last. Of a record that was only updated, both have the members that were written; of others,
 * all. Nearly always a record has one change.
 */
function foldedSql(at: TakeBack): SqlQuery {
  const converted =
    at.converted.length === 0
      ? sql`select f.id, f.first_op, f.last_op, f.revision, f.was, f.became from merged f`
      : sql`select f.id, f.first_op, f.last_op, f.revision, f.was || coalesce(v.was, '{}') as was,
          f.became || coalesce(v.became, '{}') as became
        from merged f left join jsonb_to_recordset(${JSON.stringify(at.converted)}::jsonb) as v (id uuid, was jsonb, became jsonb)
          on v.id = f.id`
  return sql`own as materialized (
      select c.record_id, c.id, c.op, c.revision, c.before, c.after,
        row_number() over (partition by c.record_id order by c.id) as nth,
        count(*) over (partition by c.record_id) as times
      from studio.changes c where ${changesOf(at)}
    ), ends as (
      select o.record_id, min(o.id) filter (where o.op = 'delete') as first_delete,
        max(o.id) filter (where o.op = 'insert') as last_insert,
        min(o.op) filter (where o.nth = 1) as first_op, min(o.op) filter (where o.nth = o.times) as last_op,
        max(o.revision) as revision
      from own o where o.times > 1 group by o.record_id
    ), was as (
      select o.record_id, jsonb_object_agg(m.key, m.value order by o.id desc) as data
      from own o join ends e on e.record_id = o.record_id cross join jsonb_each(o.before) m
      where o.op <> 'insert' and o.id <= coalesce(e.first_delete, o.id)
      group by o.record_id
    ), became as (
      select o.record_id, jsonb_object_agg(m.key, m.value order by o.id) as data
      from own o join ends e on e.record_id = o.record_id cross join jsonb_each(o.after) m
      where o.op <> 'delete' and o.id >= coalesce(e.last_insert, o.id)
      group by o.record_id
    ), merged as (
      select o.record_id as id, o.op as first_op, o.op as last_op, o.revision, o.before as was, o.after as became
      from own o where o.times = 1
      union all
      select e.record_id, e.first_op, e.last_op, e.revision,
        case when e.first_op = 'update' and e.last_op = 'update' and e.first_delete is null then '{}'
          else coalesce((select jsonb_object_agg(k, null::text) from jsonb_object_keys(became.data) k), '{}') end || was.data,
        became.data
      from ends e left join was on was.record_id = e.record_id left join became on became.record_id = e.record_id
    ), folded as (${converted})`
}

/**
 * What is to be done to each record, `plan (id, action, clash, fields, present, revision)`: `fields` are the members to
 * write and `present` what they are now. `clash` says that somebody else has changed the record since, in what was to be
 * taken back.
 */
export function planSql(at: TakeBack): SqlQuery {
  const { table, projectId, mode } = at
  const { stored } = planOf(table)
  const live = stored.filter(({ isTouched }) => !isTouched).map(({ key }) => key)
  const older = Object.fromEntries(
    stored.flatMap(({ key, missing }) => (missing === undefined ? [] : [[key, missing]])),
  )
  const overwrite = mode === 'overwrite'
  const now = sql`coalesce(r.data -> m.key, 'null')`
  const became = sql`coalesce(f.became -> m.key, 'null')`
  const isOurs = overwrite ? sql`true` : sql`${now} = ${became}`
  return sql`${foldedSql(at)}, present as materialized (
      select ${recordId(table, 'd')} as id, ${documentOf(table, 'd')} as data
      from folded f join ${recordsOf(table, 'd')} on ${recordId(table, 'd')} = f.id
      where ${ownRecords(projectId, table, 'd')}
    ), plan as materialized (
      select f.id, f.revision, r.data as whole, u.fields, u.present,
        case
          when f.first_op = 'insert' and (r.id is null or f.last_op = 'delete' or g.clash) then null
          when f.first_op = 'insert' then 'delete'
          when f.last_op = 'delete' and r.id is null then 'insert'
          when f.last_op = 'delete' or u.fields is null then null
          else 'update'
        end as action,
        case
          when f.first_op = 'insert' then r.id is not null and f.last_op <> 'delete' and g.clash
          when f.last_op = 'delete' then r.id is not null and i.clash
          else r.id is null or u.clash
        end as clash,
        case when f.last_op = 'delete' and f.first_op <> 'insert'
          then ${JSON.stringify(older)}::jsonb || f.was end as document
      from folded f left join present r on r.id = f.id
      cross join lateral (
        select ${overwrite ? sql`false` : sql`f.first_op = 'insert' and r.data <> f.became and ${differsSql(live)}`} as clash
      ) g
      cross join lateral (select f.last_op = 'delete' and r.data <> f.was and ${differsSql(live, true)} as clash) i
      left join lateral (
        select jsonb_object_agg(m.key, m.value) filter (where ${isOurs}) as fields,
          jsonb_object_agg(m.key, ${now}) filter (where ${isOurs}) as present,
          coalesce(bool_or(not ${isOurs}), false) as clash
        from jsonb_each(f.was) m
        where f.first_op <> 'insert' and f.last_op <> 'delete' and r.id is not null
          and m.key = any(${live}::text[]) and ${now} <> m.value
      ) u on true
    )`
}

/** Whether the record is no longer what the changes made of it (or found), in a column that there is. NULL is as absent. */
function differsSql(live: readonly string[], found = false): SqlQuery {
  const other = found ? sql`f.was` : sql`f.became`
  return sql`exists (
    select from unnest(${live}::text[]) k where coalesce(r.data -> k, 'null') <> coalesce(${other} -> k, 'null')
  )`
}

export interface PlanCounts {
  readonly inserts: number
  readonly updates: number
  readonly deletes: number
  /** Updates of columns whose values are there once. */
  readonly rekeyed: number
  readonly clashes: number
  /** The first of those that clash. */
  readonly clashing: readonly string[] | null
}

/** Clashing records that are named. */
const mostNamed = 1000

export function countPlanSql(at: TakeBack): SqlQuery {
  const keys = planOf(at.table).rules.flatMap(({ rule }) => rule.split(','))
  return sql`with ${planSql(at)}
    select count(*) filter (where action = 'insert')::integer as inserts,
      count(*) filter (where action = 'update')::integer as updates,
      count(*) filter (where action = 'delete')::integer as deletes,
      count(*) filter (where action = 'update' and fields ?| ${keys}::text[])::integer as rekeyed,
      count(*) filter (where clash)::integer as clashes,
      (array_agg(id::text order by id) filter (where clash))[1:${mostNamed}::integer] as clashing
    from plan`
}

/** Holds the records that are there until the transaction ends; in the order of their ids, so that two wait in line. */
export function lockChangedSql(at: TakeBack): SqlQuery {
  const { table, projectId } = at
  return sql`select from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} in (
      select c.record_id from studio.changes c where ${changesOf(at)})
    order by ${recordId(table, 'd')} for update of d`
}

/** The folded documents, to be read as today's types. Keys are those of columns whose values may have to change. */
export function foldedValuesSql(at: TakeBack): SqlQuery {
  return sql`with ${foldedSql(at)}
    select f.id, f.first_op = 'delete' or f.last_op = 'delete' as whole, f.was, f.became
    from folded f where f.first_op <> 'insert'`
}
