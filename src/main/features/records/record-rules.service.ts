import { AppError } from '@shared/app-error'
import { type ColumnSchema, primaryKeyOf } from '@shared/domain/table-schema'
import { showValue } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import { isRecordId } from '../tables/column.sql'
import { clashSql, danglingSql } from '../tables/column-values.sql'
import { referrersOf, type StoredTable } from '../tables/stored-table'
import { lockTablesSql } from './records.sql'

/** The rules between records: unique and references. They hold under concurrency by a lock for each table that has some. */

export interface Tables {
  readonly projectId: string
  readonly all: readonly StoredTable[]
}

/** A write of some columns. What is new is no record's target yet. */
export interface RuledWrite {
  readonly written: ReadonlySet<string>
  readonly isNew: boolean
}

/**
 * Waits for other writers that could break the same rules. Who writes unique values, or removes what others point to,
 * holds a table alone; who points to it shares it.
 */
export async function lockRules(
  tx: Transaction,
  { all }: Tables,
  table: StoredTable,
  { written, isNew }: RuledWrite,
): Promise<void> {
  const locks = new Map<string, boolean>()
  const others = all.filter((other) =>
    table.schema.columns.some(({ name, references }) => written.has(name) && references?.table === other.schema.name),
  )
  for (const other of others) locks.set(other.id, false)
  const isTarget = !isNew && referrersOf(all, table.schema.name).some(({ target }) => written.has(target))
  const isUnique = uniqueSets(table).some((columns) => columns.some(({ name }) => written.has(name)))
  if (isUnique || isTarget) locks.set(table.id, true)
  await takeLocks(tx, locks)
}

/** For a delete: every table that may lose records and has others pointing to it. */
export async function lockForDelete(tx: Transaction, { all }: Tables, table: StoredTable): Promise<void> {
  const reached = new Set([table])
  for (const next of reached)
    for (const { table: other, onDelete } of referrersOf(all, next.schema.name))
      if (onDelete === 'cascade') reached.add(other)
  const locked = [...reached].filter((one) => referrersOf(all, one.schema.name).length > 0)
  await takeLocks(tx, new Map(locked.map(({ id }) => [id, true])))
}

/** Looks at the records just written. CONSTRAINT with column, rule and value when a rule is broken. */
export async function checkRules(
  tx: Transaction,
  tables: Tables,
  table: StoredTable,
  { ids, written, isNew }: RuledWrite & { readonly ids: readonly string[] },
): Promise<void> {
  for (const columns of uniqueSets(table))
    if (columns.some(({ name }) => written.has(name))) await checkUnique(tx, tables, table, columns, ids)
  for (const column of table.schema.columns)
    if (column.references && written.has(column.name)) await checkReference(tx, tables, table, column, ids)
  if (isNew) return
  for (const { table: other, column, target } of referrersOf(tables.all, table.schema.name))
    if (written.has(target)) await checkReference(tx, tables, other, column, null)
}

async function checkUnique(
  tx: Transaction,
  { projectId }: Tables,
  table: StoredTable,
  columns: readonly ColumnSchema[],
  ids: readonly string[],
): Promise<void> {
  const [clash] = await tx.query<{ values: readonly JsonValue[] }>(clashSql(projectId, table, columns, ids))
  if (!clash) return
  const values = columns.map(({ name }, index) => `"${name}" ${showValue(clash.values[index] ?? null)}`).join(' and ')
  throw new AppError(
    'CONSTRAINT',
    `There is already a record with ${values} in table "${table.schema.name}". Choose another value.`,
    { details: { column: columns[0]?.name, columns: columns.map(({ name }) => name), constraint: 'unique' } },
  )
}

async function checkReference(
  tx: Transaction,
  { projectId, all }: Tables,
  table: StoredTable,
  column: ColumnSchema,
  ids: readonly string[] | null,
): Promise<void> {
  const { references } = column
  const target = all.find(({ schema }) => schema.name === references?.table)
  const key = target?.schema.columns.find(({ name }) => name === references?.column)
  if (!target || !key) return
  const [dangling] = await tx.query<{ value: JsonValue }>(
    danglingSql(projectId, { table, column, ids }, { table: target, column: key }),
  )
  if (!dangling) return
  const what = `"${target.schema.name}"."${key.name}"`
  throw new AppError(
    'CONSTRAINT',
    ids === null
      ? `Column "${column.name}" of table "${table.schema.name}" still points to ${what} ${showValue(dangling.value)}. Change that first.`
      : `Column "${column.name}" points to ${what}, where there is no ${showValue(dangling.value)}.`,
    { details: { column: column.name, constraint: 'reference', value: dangling.value } },
  )
}

/** Columns whose values together are there once. The record's own id is kept by Postgres. */
function uniqueSets(table: StoredTable): readonly (readonly ColumnSchema[])[] {
  const key = primaryKeyOf(table.schema)
  const singles = table.schema.columns.filter((column) => column.unique === true).map((column) => [column])
  const sets = key.length > 0 ? [key, ...singles] : singles
  return sets.filter(([first, ...more]) => first && (more.length > 0 || !isRecordId(table, first)))
}

async function takeLocks(tx: Transaction, locks: ReadonlyMap<string, boolean>): Promise<void> {
  if (locks.size === 0) return
  const sorted = [...locks].map(([id, exclusive]) => ({ id, exclusive })).sort((a, b) => (a.id < b.id ? -1 : 1))
  await tx.execute(lockTablesSql(sorted))
}
