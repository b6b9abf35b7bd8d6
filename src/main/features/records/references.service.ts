import type { JsonObject, JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import type { SqlQuery } from '../../db/sql'
import type { Reader } from '../tables/column.sql'
import { danglingSql } from '../tables/column-values.sql'
import { referrersOf, type StoredTable } from '../tables/stored-table'
import { type PlannedColumn, planOf } from './record-plan'
import { danglingValueSql, lockTargetsTemplate, onlyIfThereTemplate, type Target } from './reference.sql'
import { pointsNowhere, stillPointedTo } from './rule-error'
import { bound, statementAmong } from './statement'
import type { WriteScope } from './write-scope'

/**
 * Looks where the references of the records just written point, and keeps it there until the transaction ends: whoever
 * deletes it waits, and then sees these records. `columns` are those that were written. CONSTRAINT with column and value.
 */
export async function checkReferences(
  tx: Transaction,
  { projectId, all }: WriteScope,
  table: StoredTable,
  columns: readonly PlannedColumn[],
  records: readonly { readonly data: JsonObject }[],
): Promise<void> {
  const { targets, given, name } = usedTargets(all, columns, records)
  if (targets.length === 0) return
  const template = statementAmong(all, table, name, () => lockTargetsTemplate(projectId, targets))
  const [row = {}] = await tx.query<Record<string, readonly JsonValue[] | null>>(bound(template, given))
  for (const [at, { column, table: other, key }] of targets.entries()) {
    const [value] = row[`m${at}`] ?? []
    if (value === undefined) continue
    const index = records.findIndex(({ data }) => data[column.key] === value)
    const target = `"${other.schema.name}"."${key.name}"`
    throw pointsNowhere(
      { table, column: column.column, target },
      value,
      records.length > 1 && index >= 0 ? index : undefined,
    )
  }
}

/** The same as a statement that undoes the call when one of them points nowhere; null when there is nothing to look at. */
export function referencesHold(
  { projectId, all }: WriteScope,
  table: StoredTable,
  columns: readonly PlannedColumn[],
  records: readonly { readonly data: JsonObject }[],
): SqlQuery | null {
  const { targets, given, name } = usedTargets(all, columns, records)
  if (targets.length === 0) return null
  const template = statementAmong(all, table, `only if ${name}`, () => onlyIfThereTemplate(projectId, targets))
  return bound(template, given)
}

function usedTargets(
  all: readonly StoredTable[],
  columns: readonly PlannedColumn[],
  records: readonly { readonly data: JsonObject }[],
) {
  const used = targetsOf(all, columns).flatMap((target) => {
    const values = valuesOf(records, target.column.key)
    return values.length === 0 ? [] : [{ target, values }]
  })
  const targets = used.map(({ target }) => target)
  return {
    targets,
    given: Object.fromEntries(used.map(({ values }, at) => [`v${at}`, JSON.stringify(values)])),
    name: `targets ${targets.map(({ column }) => column.key).join(',')}`,
  }
}

/** After values changed that others may point to: CONSTRAINT when somebody still points to an old one. */
export async function checkReferrers(
  tx: Transaction,
  { projectId, all }: WriteScope,
  table: StoredTable,
  before: readonly JsonObject[],
): Promise<void> {
  for (const referrer of referrersOf(all, table.schema.name)) {
    const key = planOf(table).byName.get(referrer.target)?.key
    const values =
      key === undefined
        ? []
        : valuesOf(
            before.map((data) => ({ data })),
            key,
          )
    if (values.length === 0) continue
    const [dangling] = await tx.query<{ value: JsonValue }>(danglingValueSql(projectId, table, referrer, values))
    if (dangling) throw stillPointedTo(table, referrer, dangling.value)
  }
}

/** After so many records went that all references are looked through. CONSTRAINT when one points to nothing. */
export async function checkAllReferrers(
  tx: Transaction,
  { projectId, all }: Pick<WriteScope, 'projectId' | 'all'>,
  table: StoredTable,
  reader: Reader,
): Promise<void> {
  for (const referrer of referrersOf(all, table.schema.name)) {
    const column = table.schema.columns.find(({ name }) => name === referrer.target)
    if (!column) continue
    const [lost] = await tx.query<{ value: JsonValue }>(danglingSql(projectId, referrer, { table, column }, reader))
    if (lost) throw stillPointedTo(table, referrer, lost.value)
  }
}

function targetsOf(all: readonly StoredTable[], columns: readonly PlannedColumn[]): readonly Target[] {
  return columns.flatMap((column) => {
    const { references } = column.column
    const other = references && all.find(({ schema }) => schema.name === references.table)
    const key = other?.schema.columns.find(({ name }) => name === references?.column)
    return other && key ? [{ column, table: other, key }] : []
  })
}

/** Each value once; references point by scalars. */
function valuesOf(records: readonly { readonly data: JsonObject }[], key: string): readonly JsonValue[] {
  const values = new Set<JsonValue>()
  for (const { data } of records) {
    const value = Object.hasOwn(data, key) ? data[key] : null
    if (value !== null && value !== undefined) values.add(value)
  }
  return [...values]
}
