import { typeOf } from '@shared/domain/check-table'
import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonObject } from '@shared/json'
import { join, type SqlQuery, sql } from '../../db/sql'
import { ruleValue } from '../store/write-row.sql'
import { isRecordId, jsonColumn, keyText, ownRecords, recordId, recordsOf, storedValue } from '../tables/column.sql'
import type { KeyRule } from '../tables/key-rule'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'
import { changesOfOperation } from './changes.sql'

/** The rules between records, for all that one operation has written: the log says which those are. */

export interface Written {
  readonly projectId: string
  readonly table: StoredTable
  readonly operation: string
}

/** Ids of the records that the operation has written and that are there. */
function writtenIds({ projectId, table, operation }: Written): SqlQuery {
  return sql`select c.record_id from ${changesOfOperation(projectId, operation)}
    where c.table_id = ${table.id} and c.op <> 'delete'`
}

/**
 * Those records as the row `d`, for FROM: each found by its id. Left to the planner, who takes a table that was just
 * filled for empty and an operation of 20,000 records for one, each record is looked for among all changes.
 */
function writtenRecords(written: Written): SqlQuery {
  const { projectId, table } = written
  return sql`(${writtenIds(written)} offset 0) w cross join lateral (
      select d.* from ${recordsOf(table, 'd')}
      where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = w.record_id offset 0
    ) d`
}

/** Before the new ones are made, so that values may change places. */
export function dropOldKeysSql(written: Written, rules: readonly KeyRule[]): SqlQuery {
  return sql`delete from studio.project_keys k
    where k.project_id = ${written.projectId} and k.table_id = ${written.table.id}
      and k.rule = any(${rules.map(({ rule }) => rule)}::text[]) and k.record_id in (${writtenIds(written)})`
}

/** Answers how many records could not have the value that they need, because another has it by now. */
export function makeKeysSql(written: Written, rule: KeyRule): SqlQuery {
  const { projectId, table } = written
  return sql`with wanted as materialized (${neededKeysSql(written, rule)}), made as (
      insert into studio.project_keys (project_id, table_id, rule, value, record_id)
      select ${projectId}, ${table.id}, ${rule.rule}, w.value, w.id from wanted w order by w.value
      on conflict do nothing
      returning record_id
    )
    select ((select count(*) from wanted) - (select count(*) from made))::integer as taken`
}

/** One of them. */
export function takenValuesSql(written: Written, rule: KeyRule): SqlQuery {
  const { projectId, table } = written
  return sql`select w.shown as values from (${neededKeysSql(written, rule)}) w
    where not exists (
      select from studio.project_keys k where k.project_id = ${projectId} and k.table_id = ${table.id}
        and k.rule = ${rule.rule} and k.value = w.value and k.record_id = w.id)
    limit 1`
}

function neededKeysSql(written: Written, { columns }: KeyRule): SqlQuery {
  const { table } = written
  const value = ruleValue(columns.map((column) => keyText(typeOf(column), storedValue(table, column, 'd'))))
  const filled = columns.map((column) => sql`${storedValue(table, column, 'd')} is not null`)
  const shown = columns.map((column) => jsonColumn(table, column, 'd'))
  return sql`select ${recordId(table, 'd')} as id, ${value} as value, jsonb_build_array(${join(shown, ', ')}) as shown
    from ${writtenRecords(written)} where ${join(filled, ' and ')}`
}

export interface Reference {
  readonly column: ColumnSchema
  readonly target: StoredTable
  readonly key: ColumnSchema
}

/** Keeps what the written records point to until the transaction ends; answers how many values point to nothing. */
export function lockTargetsSql(written: Written, reference: Reference): SqlQuery {
  const { column, key } = reference
  const { projectId, table } = written
  const value = storedValue(table, column, 'd')
  const isStored = isStoredTarget(reference)
  return sql`with wanted as materialized (
      select distinct ${isStored ? value : ruleValue([keyText(typeOf(key), value)])} as value
      from ${writtenRecords(written)} where ${value} is not null
    ), kept as materialized (
      select t.kept from wanted w cross join lateral (
        select true as kept from ${targetRows(projectId, reference, sql`w.value`)} for key share of t
      ) t order by w.value
    )
    select ((select count(*) from wanted) - (select count(*) from kept))::integer as lost`
}

/** One of them. */
export function lostTargetSql(written: Written, reference: Reference): SqlQuery {
  const { column, key } = reference
  const { projectId, table } = written
  const value = storedValue(table, column, 'd')
  const sought = isStoredTarget(reference) ? value : ruleValue([keyText(typeOf(key), value)])
  return sql`select ${jsonColumn(table, column, 'd')} as value from ${writtenRecords(written)}
    where ${value} is not null and not exists (select from ${targetRows(projectId, reference, sought)})
    limit 1`
}

function isStoredTarget({ target, key }: Reference): boolean {
  return isRecordId(target, key) || target.storage.tier === 'dedicated'
}

/** The row that stands for a value that others point to, by an index. */
function targetRows(projectId: string, reference: Reference, value: SqlQuery): SqlQuery {
  const { target, key } = reference
  if (isStoredTarget(reference))
    return sql`${recordsOf(target, 't')} where ${ownRecords(projectId, target, 't')} and ${storedValue(target, key, 't')} = ${value}`
  return sql`studio.project_keys t where t.project_id = ${projectId} and t.table_id = ${target.id}
    and t.rule = ${placeOf(target.layout, key.name).key} and t.value = ${value}`
}

export interface GoneRow {
  readonly id: string
  readonly before: JsonObject
}

/** What the operation deleted or changed of what others may point to; `keys` are those members. */
export function goneTargetsSql({ projectId, table, operation }: Written, keys: readonly string[]): SqlQuery {
  const members = keys.map((key) => sql`${key}::text, c.before -> ${key}::text`)
  return sql`select c.record_id as id, ${members.length === 0 ? sql`'{}'::jsonb` : sql`jsonb_build_object(${join(members, ', ')})`} as before
    from ${changesOfOperation(projectId, operation)}
    where c.table_id = ${table.id} and (c.op = 'delete' or c.op = 'update' and c.before ?| ${keys}::text[])`
}
