import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { type SchemaNames, sameNames } from '@shared/domain/schema-names'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'

/**
 * Which table and column of a text is which of the draft. A text tells no history: what is called the same is the same,
 * and one that took another's place in the same shape has been renamed, so that a rename costs no records.
 */
export function guessNames(from: DatabaseSchema, to: DatabaseSchema): SchemaNames {
  const same = sameNames(from, to)
  const tables = new Map(same.tables)
  const columns = new Map(same.columns)
  const gone = from.tables.filter(({ name }) => !tables.has(name))
  const come = new Set(to.tables.filter(({ name }) => !from.tables.some((table) => table.name === name)))
  for (const table of gone) {
    const renamed = [...come].find((other) => looksLike(table, other))
    if (!renamed) continue
    come.delete(renamed)
    tables.set(table.name, renamed.name)
  }
  for (const [before, after] of tables) {
    const old = from.tables.find(({ name }) => name === before)
    const next = to.tables.find(({ name }) => name === after)
    if (old && next) columns.set(before, columnNames(old.columns, next.columns))
  }
  return { tables, columns }
}

function looksLike(a: TableSchema, b: TableSchema): boolean {
  const names = new Set(a.columns.map(({ name }) => name))
  const common = b.columns.filter(({ name }) => names.has(name)).length
  return common >= Math.max(1, Math.max(a.columns.length, b.columns.length) - 1)
}

function columnNames(before: readonly ColumnSchema[], after: readonly ColumnSchema[]): ReadonlyMap<string, string> {
  const left = new Set(after.map(({ name }) => name))
  const pairs = new Map(before.flatMap(({ name }) => (left.delete(name) ? [[name, name] as const] : [])))
  for (const [index, column] of before.entries()) {
    const other = after[index]
    if (pairs.has(column.name) || !other || !left.has(other.name) || other.type !== column.type) continue
    left.delete(other.name)
    pairs.set(column.name, other.name)
  }
  return pairs
}
