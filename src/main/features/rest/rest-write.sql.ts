import type { JsonObject, JsonValue } from '@shared/json'
import { join, type SqlQuery, sql } from '../../db/sql'
import { notedSql, toldSql } from '../records/change-log.sql'
import type { PlannedColumn } from '../records/record-plan'
import { slot } from '../records/statement'
import { updateSteps } from '../records/write.sql'
import { ownRecords, recordId, recordsOf, sqlOfJson, storedValue } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import type { Node } from './rest-node.sql'

export interface UpdatedRow {
  readonly count: number
  readonly ids: readonly string[] | null
  readonly clashes: number
  /** One of the rules that clash. */
  readonly rule: string | null
  /** The changed members as they were, where others may point to them. */
  readonly before: readonly JsonObject[] | null
}

/** The ids of what the caller's words and the rules choose, locked in their order. */
export function lockMatchesSql(node: Node, where: SqlQuery): SqlQuery {
  const { row, table, order, limit, offset } = node
  const id = recordId(table, row)
  const isCut = limit !== null || offset > 0
  return sql`select ${id} as id from ${recordsOf(table, row)} where ${join(node.conditions, ' and ')} and ${where}
    order by ${isCut && order !== null ? order : id} ${limit === null ? sql`` : sql`limit ${limit}`}
    ${offset === 0 ? sql`` : sql`offset ${offset}`} for no key update of d`
}

/**
 * Writes these members to what is chosen: by one statement, with the change log and the entry in the audit. It is asked
 * of the row that is locked: one that somebody changes meanwhile counts as it is then. Has the slots of an operation, and `patch`, the members
 * as JSON.
 */
export function updateChosenSql(
  { projectId, table }: { readonly projectId: string; readonly table: StoredTable },
  where: SqlQuery,
  columns: readonly PlannedColumn[],
  wanted: { readonly before: boolean; readonly ids: boolean; readonly told: boolean },
): SqlQuery {
  const { steps, clashes, isKeyed } = updateSteps(projectId, table, columns)
  const rule = isKeyed
    ? sql`(select moved.rule from moved where moved.value is not null except all select keyed.rule from keyed limit 1)`
    : sql`null::text`
  const before = wanted.before ? sql`(select jsonb_agg(differing._was) from differing)` : sql`null::jsonb`
  const ids = wanted.ids
    ? sql`(select array_agg(written._id::text order by written._id) from written)`
    : sql`null::text[]`
  const told = sql`case when counted.n > 0 then (select told._told::text from (select ${toldSql(projectId, table)}) told) end`
  const sentence = sql`'Changed ' || case n when 1 then '1 record' else trim(to_char(n, '999,999,999,999')) || ' records' end
    || ${` in ${table.schema.name}.`}::text`
  return sql`with old as materialized (
      select d.*, ${slot('patch')}::jsonb as _patch from ${recordsOf(table, 'd')}
      where ${where} order by ${recordId(table, 'd')} for no key update of d
    ), ${steps}, counted as materialized (
      select count(*)::integer as n from written
    ), noted as (
      ${notedSql(projectId, table, sql`select ${sentence} as sentence from counted where n > 0`)}
    )
    select counted.n as count, ${ids} as ids, (${clashes})::integer as clashes, ${rule} as rule, ${before} as before,
      ${wanted.told ? told : sql`null::text`} as told
    from counted`
}

/** How many of these records a rule does not let be as they are now. */
export function countBrokenSql(
  { projectId, table }: { readonly projectId: string; readonly table: StoredTable },
  ids: readonly string[],
  allowed: SqlQuery,
): SqlQuery {
  return sql`select count(*)::integer as count from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = any(${ids}::uuid[]) and not (${allowed})`
}

/** Records that have these values, with the place of the values in the list. Locked: they are about to be changed. */
export function existingSql(
  { projectId, table }: { readonly projectId: string; readonly table: StoredTable },
  columns: readonly PlannedColumn[],
  values: readonly (readonly JsonValue[])[],
): SqlQuery {
  const same = columns.map(
    ({ column, type }, at) =>
      sql`${storedValue(table, column, 'd')} = ${sqlOfJson(type, sql`(given.value -> ${String(at)}::integer)`)}`,
  )
  return sql`select ${recordId(table, 'd')} as id, given.place::integer - 1 as place
    from jsonb_array_elements(${JSON.stringify(values)}::jsonb) with ordinality as given (value, place)
    join ${recordsOf(table, 'd')} on ${ownRecords(projectId, table, 'd')} and ${join(same, ' and ')}
    order by ${recordId(table, 'd')} for no key update of d`
}

/** How many of these records a permission lets be seen, or changed, as they are. */
export function countAllowedSql(
  { projectId, table }: { readonly projectId: string; readonly table: StoredTable },
  ids: readonly string[],
  allowed: SqlQuery,
): SqlQuery {
  return sql`select count(*)::integer as count from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = any(${ids}::uuid[]) and ${allowed}`
}

export const savepointSql = sql`savepoint rest`
export const rollbackToSavepointSql = sql`rollback to savepoint rest`
