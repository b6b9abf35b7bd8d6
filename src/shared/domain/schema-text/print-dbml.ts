import { typeOf } from '../check-table'
import { columnDefault } from '../column-default'
import type { DatabaseSchema } from '../schema-edit'
import { type ColumnSchema, primaryKeyOf, type TableSchema } from '../table-schema'

/** The schema as DBML, which `parseDbml` reads back. */
export function printDbml({ tables }: DatabaseSchema): string {
  const references = tables.flatMap((table) => table.columns.flatMap((column) => referenceLine(table, column)))
  return [...tables.map(printTable), ...(references.length > 0 ? [`${references.join('\n')}\n`] : [])].join('\n')
}

function printTable(table: TableSchema): string {
  const key = primaryKeyOf(table).map(({ name }) => name)
  const isComposite = key.length > 1
  const widths = {
    name: Math.max(...table.columns.map(({ name }) => name.length)),
    type: Math.max(...table.columns.map(({ type }) => type.length)),
  }
  const columns = table.columns.map((column) => {
    const settings = settingsOf(column, isComposite)
    const line = `  ${column.name.padEnd(widths.name)} ${column.type.padEnd(widths.type)}${settings}`
    return line.trimEnd()
  })
  const indexes = [
    ...(isComposite ? [`    (${key.join(', ')}) [pk]`] : []),
    ...(table.unique ?? []).map((set) => `    (${set.join(', ')}) [unique]`),
  ]
  const block = indexes.length > 0 ? ['', '  indexes {', ...indexes, '  }'] : []
  const note = table.comment === undefined ? '' : ` [note: ${quoted(table.comment)}]`
  return [`Table ${table.name}${note} {`, ...columns, ...block, '}', ''].join('\n')
}

function settingsOf(column: ColumnSchema, isComposite: boolean): string {
  const fallback = defaultOf(column)
  const settings = [
    ...(column.primary_key === true && !isComposite ? ['pk'] : []),
    ...(column.unique === true ? ['unique'] : []),
    ...(column.required === true && column.primary_key !== true ? ['not null'] : []),
    ...(fallback === null ? [] : [`default: ${fallback}`]),
    ...(column.comment === undefined ? [] : [`note: ${quoted(column.comment)}`]),
  ]
  return settings.length > 0 ? ` [${settings.join(', ')}]` : ''
}

function defaultOf(column: ColumnSchema): string | null {
  const fallback = columnDefault(column)
  if (column.default === undefined || fallback.kind === 'none') return null
  if (fallback.kind === 'now' || fallback.kind === 'uuid') return `\`${column.default.trim().toLowerCase()}\``
  const { base, array } = typeOf(column)
  const isBare = !array && /^(smallint|integer|bigint|numeric|real|double|boolean)$/.test(base)
  return isBare && /^(-?\d+(\.\d+)?|true|false)$/.test(column.default) ? column.default : quoted(column.default)
}

function referenceLine(table: TableSchema, { name, unique, references }: ColumnSchema): readonly string[] {
  if (!references) return []
  const { on_delete } = references
  const action = on_delete === 'cascade' ? ' [delete: cascade]' : on_delete === 'set_null' ? ' [delete: set null]' : ''
  return [`Ref: ${table.name}.${name} ${unique ? '-' : '>'} ${references.table}.${references.column}${action}`]
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`
}
