import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import { nameOrigins } from './name-origins'

/** How a table or column differs from what it is compared with. */
export type Mark = 'same' | 'new' | 'changed' | 'dropped'

export interface ShownColumn {
  readonly column: ColumnSchema
  readonly mark: Mark
  /** "was text, required": what a changed one was before; null otherwise. */
  readonly was: string | null
}

/** A table as the canvas draws it: with what is new, changed or going. */
export interface ShownTable {
  /** The columns include those that are dropped, where they are shown. */
  readonly table: TableSchema
  readonly mark: Mark
  readonly was: string | null
  readonly columns: readonly ShownColumn[]
}

export interface ShownOptions {
  /** What is dropped stays to be seen, struck through. */
  readonly withDropped: boolean
  /** Tables of the last time: those that look the same are kept, so that nothing draws them again. */
  readonly last?: readonly ShownTable[]
}

/** `after`, with marks of how it differs from `before`; the edits between them tell what was renamed. */
export function showTables(
  before: DatabaseSchema,
  after: DatabaseSchema,
  edits: readonly SchemaEdit[],
  { withDropped, last = [] }: ShownOptions,
): readonly ShownTable[] {
  const origins = nameOrigins(edits)
  const known = new Map(before.tables.map((table) => [table.name, table]))
  const survivors = new Set<string>()
  const shown = after.tables.map((table): ShownTable => {
    const old = known.get(origins.tableBefore(table.name) ?? '')
    if (!old) return { table, mark: 'new', was: null, columns: table.columns.map(newColumn) }
    survivors.add(old.name)
    return compareTable(old, table, (name) => origins.columnBefore(table.name, name), withDropped)
  })
  const dropped = withDropped ? before.tables.filter(({ name }) => !survivors.has(name)) : []
  const all = [...shown, ...dropped.map(droppedTable)]
  const byName = new Map(last.map((table) => [table.table.name, table]))
  return all.map((table) => {
    const old = byName.get(table.table.name)
    return old && looksSame(old, table) ? old : table
  })
}

function compareTable(
  old: TableSchema,
  table: TableSchema,
  columnBefore: (name: string) => string | null,
  withDropped: boolean,
): ShownTable {
  const byName = new Map(old.columns.map((column) => [column.name, column]))
  const survivors = new Set<string>()
  const columns = table.columns.map((column): ShownColumn => {
    const was = byName.get(columnBefore(column.name) ?? '')
    if (!was) return newColumn(column)
    survivors.add(was.name)
    const difference = columnDifference(was, column)
    return { column, mark: difference === null ? 'same' : 'changed', was: difference }
  })
  if (withDropped)
    for (const [index, column] of old.columns.entries()) {
      if (survivors.has(column.name)) continue
      columns.splice(Math.min(index, columns.length), 0, { column, mark: 'dropped', was: null })
    }
  const renamed = old.name !== table.name
  const changed =
    renamed ||
    columns.some(({ mark }) => mark !== 'same') ||
    old.columns.length !== table.columns.length ||
    JSON.stringify(old.unique) !== JSON.stringify(table.unique)
  return {
    table: columns.length === table.columns.length ? table : { ...table, columns: columns.map(({ column }) => column) },
    mark: changed ? 'changed' : 'same',
    was: renamed ? `was ${old.name}` : null,
    columns,
  }
}

/** "was text, required"; null when nothing that people see is different. */
function columnDifference(was: ColumnSchema, now: ColumnSchema): string | null {
  const parts = [
    was.name === now.name ? null : was.name,
    was.type === now.type ? null : was.type,
    (was.required === true) === (now.required === true) ? null : was.required ? 'required' : 'optional',
    (was.unique === true) === (now.unique === true) ? null : was.unique ? 'unique' : 'not unique',
    was.default === now.default ? null : was.default === undefined ? 'without default' : `default ${was.default}`,
    JSON.stringify(was.references) === JSON.stringify(now.references)
      ? null
      : was.references
        ? `to ${was.references.table}.${was.references.column}, on delete ${was.references.on_delete ?? 'restrict'}`
        : 'not connected',
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : `was ${parts.join(', ')}`
}

function newColumn(column: ColumnSchema): ShownColumn {
  return { column, mark: 'new', was: null }
}

function droppedTable(table: TableSchema): ShownTable {
  return {
    table,
    mark: 'dropped',
    was: null,
    columns: table.columns.map((column) => ({ column, mark: 'dropped', was: null })),
  }
}

function looksSame(a: ShownTable, b: ShownTable): boolean {
  if (a === b) return true
  if (a.mark !== b.mark || a.was !== b.was || a.columns.length !== b.columns.length) return false
  if (a.table !== b.table && JSON.stringify(a.table) !== JSON.stringify(b.table)) return false
  return a.columns.every(
    (column, index) => column.mark === b.columns[index]?.mark && column.was === b.columns[index]?.was,
  )
}
