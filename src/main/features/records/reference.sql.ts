import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { onlyIf } from '../../db/one-trip'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { ruleValue } from '../store/write-row.sql'
import {
  isRecordId,
  jsonColumn,
  keyText,
  ownRecords,
  recordId,
  recordsOf,
  sqlOfJson,
  storedValue,
} from '../tables/column.sql'
import { placeOf } from '../tables/layout'
import type { Referrer, StoredTable } from '../tables/stored-table'
import { type PlannedColumn, planOf } from './record-plan'
import { slot } from './statement'

/** References between records, in any mixture of tiers. Values travel as JSON and are compared as the target's type. */

export interface Target {
  readonly column: PlannedColumn
  readonly table: StoredTable
  readonly key: ColumnSchema
}

/**
 * Locks what the values point to, `for key share` and in their order, so that it stays until the transaction ends. A slot
 * for each target, `v0`, `v1`, ...: a list of values. One row: `m0`, `m1`, ...: those that are nowhere.
 */
export function lockTargetsTemplate(projectId: string, targets: readonly Target[]): SqlQuery {
  const parts = targets.map((target, at) => lockTarget(projectId, target, at))
  const missing = targets.map(
    (_, at) => sql`(select jsonb_agg(c.shown) from ${named('c', at)} c
      where not exists (select from ${named('l', at)} l where l.value = c.value)) as ${named('m', at)}`,
  )
  return sql`with ${join(parts, ', ')} select ${join(missing, ', ')}`
}

/** Undoes the call when one of the values is nowhere. The same slots. */
export function onlyIfThereTemplate(projectId: string, targets: readonly Target[]): SqlQuery {
  const all = targets.map((_, at) => sql`t.${named('m', at)} is null`)
  return onlyIf(sql`(select ${join(all, ' and ')} from (${lockTargetsTemplate(projectId, targets)}) t)`)
}

function lockTarget(projectId: string, { table, key }: Target, at: number): SqlQuery {
  const value = typedTarget(table, key, sql`v.shown`)
  const given = sql`array(select value from ${named('c', at)})`
  if (isRecordId(table, key) || table.storage.tier === 'dedicated') {
    const stored = storedValue(table, key, 't')
    return sql`${named('c', at)} as materialized (
        select v.shown, ${value} as value from jsonb_array_elements(${slot(`v${at}`)}::jsonb) as v (shown)
      ), ${named('l', at)} as materialized (
        select ${stored} as value from ${recordsOf(table, 't')}
        where ${ownRecords(projectId, table, 't')} and ${stored} = any(${given})
        order by 1 for key share of t
      )`
  }
  const text = inlined(ruleValue([keyText(planned(table, key).type, value)]))
  return sql`${named('c', at)} as materialized (
      select v.shown, ${text} as value from jsonb_array_elements(${slot(`v${at}`)}::jsonb) as v (shown)
    ), ${named('l', at)} as materialized (
      select t.value from studio.project_keys t
      where t.project_id = ${projectId} and t.table_id = ${table.id} and t.rule = ${placeOf(table.layout, key.name).key}
        and t.value = any(${given})
      order by 1 for key share of t
    )`
}

/** The condition that the row `d` of the referring table points to one of these values of the target. */
export function pointsTo(target: StoredTable, { table, column, target: name }: Referrer, values: readonly JsonValue[]) {
  const key = planned(target, name).column
  const typed = typedTarget(target, key, sql`v.value`)
  const stored = inlined(storedValue(table, column, 'd'))
  const given = sql`select ${typed} from jsonb_array_elements(${JSON.stringify(values)}::jsonb) as v (value)`
  // An index finds a few values of an array one by one. Of many, or without an index, the set is hashed: Postgres does
  // not make a join of what is asked to be true, and so cannot take it for one that compares each with each.
  return table.storage.tier === 'dedicated' && values.length <= fewValues
    ? sql`${stored} = any(array(${given}))`
    : sql`(${stored} in (${given})) is true`
}

const fewValues = 1000

/** How many records point to these values, and to which, for example. */
export function countPointingSql(
  projectId: string,
  target: StoredTable,
  referrer: Referrer,
  values: readonly JsonValue[],
): SqlQuery {
  const { table, column } = referrer
  return sql`select count(*)::integer as count, (array_agg(${jsonColumn(table, column, 'd')}))[1] as value
    from ${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')} and ${pointsTo(target, referrer, values)}`
}

/** The ids of the records that point to these values, locked in their order. */
export function lockPointingSql(
  projectId: string,
  target: StoredTable,
  referrer: Referrer,
  values: readonly JsonValue[],
): SqlQuery {
  const { table } = referrer
  return sql`select ${recordId(table, 'd')} as id from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${pointsTo(target, referrer, values)}
    order by 1 for no key update of d`
}

/** A value of these that is pointed to and that no record has any more. */
export function danglingValueSql(
  projectId: string,
  target: StoredTable,
  referrer: Referrer,
  values: readonly JsonValue[],
): SqlQuery {
  const { table, column } = referrer
  const key = planned(target, referrer.target).column
  return sql`select ${jsonColumn(table, column, 'd')} as value from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${pointsTo(target, referrer, values)} and not exists (
      select from ${recordsOf(target, 't')}
      where ${ownRecords(projectId, target, 't')} and ${storedValue(target, key, 't')} = ${storedValue(table, column, 'd')})
    limit 1`
}

/** Without the size of the type: a value that is too long for it is nowhere, and is not to be cut until it is somewhere. */
function typedTarget(table: StoredTable, key: ColumnSchema, json: SqlQuery): SqlQuery {
  const { base, array } = planned(table, key).type
  return sqlOfJson({ base, array }, json)
}

function planned(table: StoredTable, column: ColumnSchema | string): PlannedColumn {
  const name = typeof column === 'string' ? column : column.name
  const found = planOf(table).byName.get(name)
  if (!found) throw new Error(`No column ${name}`)
  return found
}

function named(prefix: string, at: number): SqlQuery {
  return identifier(`${prefix}${at}`)
}
