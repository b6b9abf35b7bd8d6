import { AppError } from '../app-error'
import { columnDefault } from './column-default'
import { type ColumnType, parseColumnType } from './column-type'
import type { DatabaseSchema } from './schema-edit'
import { hasSecretColumn, isSecretColumn } from './secret-column'
import { type ColumnSchema, primaryKeyOf, type TableSchema } from './table-schema'

export const columnLimit = 1600

/** The column's type; its text was checked when the table was made. */
export function typeOf(column: ColumnSchema): ColumnType {
  const type = parseColumnType(column.type)
  if (!type) throw new AppError('VALIDATION', `Column "${column.name}" has no type that the studio knows.`)
  return type
}

/** Whether the column alone tells records apart: unique, or the whole key. */
export function isUniqueColumn(table: TableSchema, column: ColumnSchema): boolean {
  return column.unique === true || (column.primary_key === true && primaryKeyOf(table).length === 1)
}

/** Throws VALIDATION with the first rule that the table breaks, naming table and column. */
export function checkTable(table: TableSchema, schema: DatabaseSchema): void {
  if (table.columns.length === 0) throw invalid(`Table "${table.name}" needs at least one column.`, table)
  if (table.columns.length > columnLimit)
    throw invalid(`Table "${table.name}" has more than ${columnLimit.toLocaleString('en')} columns.`, table)
  const seen = new Set<string>()
  for (const column of table.columns) {
    if (seen.has(column.name))
      throw invalid(`Table "${table.name}" has two columns named "${column.name}". Rename one of them.`, table, column)
    seen.add(column.name)
    if (!parseColumnType(column.type))
      throw invalid(
        `Column "${column.name}" of table "${table.name}" has the type "${column.type}", which does not exist.`,
        table,
        column,
      )
    const fallback = columnDefault(column)
    if (fallback.kind === 'misfit')
      throw invalid(
        `The default ${JSON.stringify(column.default)} of column "${column.name}" in table "${table.name}" does not fit ${column.type}: it ${fallback.reason}.`,
        table,
        column,
      )
    checkReference(table, column, schema)
  }
  checkUniqueSets(table)
}

function checkUniqueSets(table: TableSchema): void {
  const seen = new Set<string>()
  for (const names of table.unique ?? []) {
    const shown = names.map((name) => `"${name}"`).join(', ')
    if (names.length < 2)
      throw invalid(
        `A unique set of table "${table.name}" has fewer than two columns. Mark one column as unique.`,
        table,
      )
    for (const name of names) {
      const column = table.columns.find((candidate) => candidate.name === name)
      if (!column)
        throw invalid(
          `The columns ${shown} of table "${table.name}" cannot be unique together: there is no column "${name}".`,
          table,
          { name },
        )
      if (isSecretColumn(table.name, name))
        throw invalid(
          `The columns ${shown} of table "${table.name}" cannot be unique together: "${name}" cannot be read.`,
          table,
          column,
        )
    }
    if (new Set(names).size < names.length)
      throw invalid(`The unique set ${shown} of table "${table.name}" names a column twice.`, table)
    const key = uniqueSetKey(names)
    if (seen.has(key)) throw invalid(`Table "${table.name}" says twice that ${shown} are unique together.`, table)
    seen.add(key)
  }
}

/** Equal for the same columns in any order. */
export function uniqueSetKey(names: readonly string[]): string {
  return [...names].sort().join(',')
}

function checkReference(table: TableSchema, column: ColumnSchema, schema: DatabaseSchema): void {
  const reference = column.references
  if (!reference) return
  const at = `Column "${column.name}" of table "${table.name}" references "${reference.table}"."${reference.column}"`
  const target = reference.table === table.name ? table : schema.tables.find(({ name }) => name === reference.table)
  if (!target) throw invalid(`${at}, but there is no table "${reference.table}".`, table, column)
  const key = target.columns.find(({ name }) => name === reference.column)
  if (!key) throw invalid(`${at}, but table "${reference.table}" has no column "${reference.column}".`, table, column)
  if (!isUniqueColumn(target, key))
    throw invalid(`${at}, which is not unique. Make it unique first, or reference the key.`, table, column)
  if (hasSecretColumn(target) && key.name === 'password_hash')
    throw invalid(`${at}, which cannot be read.`, table, column)
  if (!comparable(typeOf(column), typeOf(key)))
    throw invalid(`${at}, but ${column.type} cannot hold values of type ${key.type}.`, table, column)
  if (reference.on_delete === 'set_null' && (column.required === true || column.primary_key === true))
    throw invalid(`${at} with "set_null", but the column is required. Use cascade or restrict.`, table, column)
}

const families: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint'],
  ['text', 'varchar'],
]

export function comparable(left: ColumnType, right: ColumnType): boolean {
  if (left.array || right.array) return false
  return (
    left.base === right.base || families.some((family) => family.includes(left.base) && family.includes(right.base))
  )
}

export function invalid(sentence: string, table: { readonly name: string }, column?: { readonly name: string }) {
  return new AppError('VALIDATION', sentence, {
    details: { table: table.name, ...(column ? { column: column.name } : {}) },
  })
}
