import { typeOf } from '@shared/domain/check-table'
import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { join, type SqlQuery, sql } from '../../db/sql'
import { ruleValue } from '../store/write-function.sql'
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
import type { KeyRule } from '../tables/key-rule'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'

/** The rules between records, for all that one operation has written: the log says which those are. */

export interface Written {
  readonly projectId: string
  readonly table: StoredTable
  readonly operation: string
}

/** Ids of the records that the operation has written and that are there. */
function writtenIds({ projectId, table, operation }: Written): SqlQuery {
  return sql`select c.record_id from studio.changes c
    where c.project_id = ${projectId} and c.operation = ${operation} and c.table_id = ${table.id} and c.op <> 'delete'`
}

/** Before the new ones are made, so that values may change places. */
export function dropOldKeysSql(written: Written, rules: readonly KeyRule[]): SqlQuery {
  return sql`delete from studio.project_keys k
    where k.project_id = ${written.projectId} and k.table_id = ${written.table.id}
      and k.rule = any(${rules.map(({ rule }) => rule)}::text[]) and k.record_id in (${writtenIds(written)})`
}

export interface TakenValues {
  readonly values: readonly JsonValue[]
}

/** Answers values that another record has by now. */
export function makeKeysSql(written: Written, { rule, columns }: KeyRule): SqlQuery {
  const { projectId, table } = written
  const value = ruleValue(columns.map((column) => keyText(typeOf(column), storedValue(table, column, 'd'))))
  const filled = join(
    columns.map((column) => sql`${storedValue(table, column, 'd')} is not null`),
    ' and ',
  )
  const shown = join(
    columns.map((column) => jsonColumn(table, column, 'd')),
    ', ',
  )
  return sql`with wanted as materialized (
      select ${recordId(table, 'd')} as id, ${value} as value, jsonb_build_array(${shown}) as shown
      from ${recordsOf(table, 'd')}
      where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} in (${writtenIds(written)}) and ${filled}
    ), made as (
      insert into studio.project_keys (project_id, table_id, rule, value, record_id)
      select ${projectId}, ${table.id}, ${rule}, w.value, w.id from wanted w order by w.value
      on conflict do nothing
      returning record_id
    )
    select w.shown as values from wanted w where not exists (select from made m where m.record_id = w.id) limit 1`
}

export interface Reference {
  readonly column: ColumnSchema
  readonly target: StoredTable
  readonly key: ColumnSchema
}

/** Keeps what the written records point to until the transaction ends. */
export function lockTargetsSql(written: Written, { column, target, key }: Reference): SqlQuery {
  const { projectId, table } = written
  const values = (value: SqlQuery) => sql`select ${value} from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} in (${writtenIds(written)})
      and ${storedValue(table, column, 'd')} is not null`
  if (isRecordId(target, key) || target.storage.tier === 'dedicated')
    return sql`select from ${recordsOf(target, 't')}
      where ${ownRecords(projectId, target, 't')} and ${storedValue(target, key, 't')} in (${values(storedValue(table, column, 'd'))})
      order by ${recordId(target, 't')} for key share of t`
  return sql`select from studio.project_keys t
    where t.project_id = ${projectId} and t.table_id = ${target.id} and t.rule = ${placeOf(target.layout, key.name).key}
      and t.value in (${values(ruleValue([keyText(typeOf(key), storedValue(table, column, 'd'))]))})
    order by t.value for key share of t`
}

/** A value of a written record that points to nothing. */
export function lostTargetSql(written: Written, { column, target, key }: Reference): SqlQuery {
  const { projectId, table } = written
  const value = storedValue(table, column, 'd')
  return sql`select ${jsonColumn(table, column, 'd')} as value from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} in (${writtenIds(written)})
      and ${value} is not null and not exists (
        select from ${recordsOf(target, 't')} where ${ownRecords(projectId, target, 't')} and ${storedValue(target, key, 't')} = ${value}
      )
    limit 1`
}

/** A value that the operation took away from the target, and that a record still points to. */
export function stillPointingSql(
  written: Written,
  pointing: { readonly table: StoredTable; readonly column: ColumnSchema },
  key: ColumnSchema,
): SqlQuery {
  const { projectId, table, operation } = written
  const value = storedValue(pointing.table, pointing.column, 'd')
  const place = isRecordId(table, key) ? null : placeOf(table.layout, key.name).key
  const gone =
    place === null
      ? sql`select c.record_id from studio.changes c where ${removed(written)} and c.op = 'delete'`
      : sql`select ${sqlOfJson(typeOf(key), sql`(c.before -> ${place}::text)`)} from studio.changes c
          where ${removed(written)} and c.before ? ${place}::text`
  return sql`select ${jsonColumn(pointing.table, pointing.column, 'd')} as value
    from ${recordsOf(pointing.table, 'd')}
    where ${ownRecords(projectId, pointing.table, 'd')} and ${value} in (${gone})
      and not exists (
        select from ${recordsOf(table, 't')} where ${ownRecords(projectId, table, 't')} and ${storedValue(table, key, 't')} = ${value}
      )
    limit 1`

  function removed({ table: { id } }: Written): SqlQuery {
    return sql`c.project_id = ${projectId} and c.operation = ${operation} and c.table_id = ${id} and c.op <> 'insert'`
  }
}
