import { assertNever } from '@shared/assert-never'
import type { JsonObject } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { documentOf, ownRecords, recordId, recordsOf } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { changesOfOperation, madeAt } from './changes.sql'

/** Which changes of a table are taken back. */
export type Which =
  | { readonly kind: 'operation'; readonly operation: string }
  /** All changes of one record from this one on. */
  | { readonly kind: 'since'; readonly recordId: string; readonly change: string }
  /** All changes of the table after a moment, but of records that were loaded after it: `loads` are the times of those. */
  | {
      readonly kind: 'after'
      readonly moment: string
      readonly loads: readonly string[]
      /** What takes them back, and has deleted those records already. */
      readonly except: string | null
    }

export interface TakeBack {
  readonly projectId: string
  readonly table: StoredTable
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

/** FROM and WHERE. */
function changesOf({ projectId, table, which }: TakeBack): SqlQuery {
  switch (which.kind) {
    case 'operation':
      return sql`${changesOfOperation(projectId, which.operation)} where c.table_id = ${table.id} and c.record_id is not null`
    case 'since':
      return sql`studio.changes c where c.project_id = ${projectId} and c.table_id = ${table.id}
        and c.record_id = ${which.recordId} and c.id >= ${which.change}::bigint`
    case 'after':
      return sql`studio.changes c where c.project_id = ${projectId} and c.table_id = ${table.id}
        and c.record_id is not null and c.at > ${which.moment}::timestamptz
        and c.operation is distinct from ${which.except}::uuid ${notLoaded(projectId, table, which)}`
    default:
      return assertNever(which)
  }
}

/**
 * Records that came in a load have no line of their own. Those that are there still are told by when they were made; of
 * those deleted since, by the time that is in the id which the load gave them.
 */
function notLoaded(
  projectId: string,
  table: StoredTable,
  { moment, loads }: Extract<Which, { readonly kind: 'after' }>,
): SqlQuery {
  if (loads.length === 0) return sql``
  return sql`and not exists (
      select from ${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')}
        and ${recordId(table, 'd')} = c.record_id and ${madeAt(table)} = any(${loads}::timestamptz[])
    ) and not (c.op = 'delete' and substr(c.record_id::text, 15, 1) = '7'
      and ('x' || lpad(substr(replace(c.record_id::text, '-', ''), 1, 12), 16, '0'))::bit(64)::bigint
        >= extract(epoch from ${moment}::timestamptz) * 1000)`
}

/**
 * The changes as one for each record, `folded (id, first_op, last_op, revision, was, became)`: what it was before the
 * first and became with the last. Of a record that was only updated, both have the members that were written; of others,
 * all. Nearly always a record has one change. Nothing here joins what is computed with what is computed: the planner
 * takes an operation for small, and would compare each with each (100,000 records took more than five minutes).
 */
function foldedSql(at: TakeBack): SqlQuery {
  const converted =
    at.converted.length === 0
      ? sql`select f.id, f.first_op, f.last_op, f.revision, f.was, f.became from merged f`
      : sql`select f.id, f.first_op, f.last_op, f.revision, f.was || coalesce(v.data -> 'was', '{}') as was,
          f.became || coalesce(v.data -> 'became', '{}') as became
        from merged f cross join lateral (
          select ${JSON.stringify(Object.fromEntries(at.converted.map(({ id, ...values }) => [id, values])))}::jsonb -> f.id::text as data
        ) v`
  return sql`own as materialized (
      select c.record_id, c.id, c.op, c.revision, c.before, c.after, row_number() over every as nth, count(*) over every as times,
        min(c.id) filter (where c.op = 'delete') over every as first_delete,
        max(c.id) filter (where c.op = 'insert') over every as last_insert
      from ${changesOf(at)}
      window every as (partition by c.record_id order by c.id rows between unbounded preceding and unbounded following)
    ), several as materialized (
      select o.record_id, min(o.op) filter (where o.nth = 1) as first_op, min(o.op) filter (where o.nth = o.times) as last_op,
        max(o.revision) as revision, bool_and(o.op = 'update') as updates,
        jsonb_object_agg(m.key, m.value order by o.id desc) filter (where m.side = 'was') as was,
        jsonb_object_agg(m.key, m.value order by o.id) filter (where m.side = 'became') as became
      from own o left join lateral (
        select 'was' as side, e.key, e.value
        from jsonb_each(case when o.op <> 'insert' and o.id <= coalesce(o.first_delete, o.id) then o.before end) e
        union all
        select 'became', e.key, e.value
        from jsonb_each(case when o.op <> 'delete' and o.id >= coalesce(o.last_insert, o.id) then o.after end) e
      ) m on true
      where o.times > 1
      group by o.record_id
    ), merged as (
      select o.record_id as id, o.op as first_op, o.op as last_op, o.revision, o.before as was, o.after as became
      from own o where o.times = 1
      union all
      select s.record_id, s.first_op, s.last_op, s.revision,
        case when s.updates then s.was
          else coalesce((select jsonb_object_agg(k, null::text) from jsonb_object_keys(s.became) k), '{}') || s.was end,
        s.became
      from several s
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
  const now = sql`coalesce(f.data -> m.key, 'null')`
  const became = sql`coalesce(f.became -> m.key, 'null')`
  const isOurs = overwrite ? sql`true` : sql`${now} = ${became}`
  return sql`${foldedSql(at)}, present as materialized (
      select f.*, ${recordId(table, 'd')} is not null as is_there,
        case when ${recordId(table, 'd')} is not null then ${documentOf(table, 'd')} end as data
      from folded f
      left join lateral (
        select d.* from ${recordsOf(table, 'd')}
        where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = f.id offset 0
      ) d on true
    ), plan as materialized (
      select f.id, f.revision, f.data as whole, u.fields, u.present,
        case
          when f.first_op = 'insert' and (not f.is_there or f.last_op = 'delete' or g.clash) then null
          when f.first_op = 'insert' then 'delete'
          when f.last_op = 'delete' and not f.is_there then 'insert'
          when f.last_op = 'delete' or u.fields is null then null
          else 'update'
        end as action,
        case
          when f.first_op = 'insert' then f.is_there and f.last_op <> 'delete' and g.clash
          when f.last_op = 'delete' then f.is_there and i.clash
          else not f.is_there or u.clash
        end as clash,
        case when f.last_op = 'delete' and f.first_op <> 'insert'
          then ${JSON.stringify(older)}::jsonb || f.was end as document
      from present f
      cross join lateral (
        select ${overwrite ? sql`false` : sql`f.first_op = 'insert' and f.data <> f.became and ${differsSql(stored, older)}`} as clash
      ) g
      cross join lateral (select f.last_op = 'delete' and f.data <> f.was and ${differsSql(stored, older, true)} as clash) i
      left join lateral (
        select jsonb_object_agg(m.key, m.value) filter (where ${isOurs}) as fields,
          jsonb_object_agg(m.key, ${now}) filter (where ${isOurs}) as present,
          coalesce(bool_or(not ${isOurs}), false) as clash
        from jsonb_each(f.was) m
        where f.first_op <> 'insert' and f.last_op <> 'delete' and f.is_there
          and m.key = any(${live}::text[]) and ${now} <> m.value
      ) u on true
    )`
}

/**
 * Whether the record is no longer what the changes made of it (or found), in a column that there is. What was left out
 * is NULL, or was written before there was the column, and then reads as what that column began with.
 */
function differsSql(stored: readonly PlannedColumn[], older: JsonObject, found = false): SqlQuery {
  const live = stored.filter(({ isTouched }) => !isTouched)
  const filled = live.filter(({ fallback }) => fallback.kind === 'uuid').map(({ key }) => key)
  const other = found ? sql`f.was` : sql`f.became`
  return sql`exists (
    select from unnest(${live.map(({ key }) => key)}::text[]) k
    where coalesce(f.data -> k, 'null') <> coalesce(${other} -> k, ${JSON.stringify(older)}::jsonb -> k, 'null')
      and (${other} ? k or k <> all(${filled}::text[]))
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
  return sql`select from (
      select distinct c.record_id from ${changesOf(at)} order by c.record_id
    ) c cross join lateral (
      select from ${recordsOf(table, 'd')}
      where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = c.record_id for update of d
    ) held`
}

/** The folded documents, to be read as today's types. Keys are those of columns whose values may have to change. */
export function foldedValuesSql(at: TakeBack): SqlQuery {
  return sql`with ${foldedSql(at)}
    select f.id, f.first_op = 'delete' or f.last_op = 'delete' as whole, f.was, f.became
    from folded f where f.first_op <> 'insert'`
}

/** For the rest of the transaction; see `manyRecords`. */
export function joinByHashSql(): SqlQuery {
  return sql`select set_config('enable_nestloop', 'off', true)`
}
