import type { SchemaEdit } from '@shared/domain/schema-edit'

interface TableOrigin {
  /** The name before the edits; null for a table that they add. */
  readonly was: string | null
  /** Columns that were renamed or added: name now, name before (null for an added one). */
  readonly columns: ReadonlyMap<string, string | null>
}

/** What the tables and columns were called before the edits. A name that no edit touches is its own origin. */
export interface NameOrigins {
  tableBefore(name: string): string | null
  columnBefore(table: string, column: string): string | null
}

export function nameOrigins(edits: readonly SchemaEdit[]): NameOrigins {
  const tables = new Map<string, TableOrigin>()
  const of = (name: string): TableOrigin => tables.get(name) ?? { was: name, columns: new Map() }
  const withColumns = (name: string, changes: ReadonlyArray<readonly [string, string | null]>) =>
    tables.set(name, { ...of(name), columns: new Map([...of(name).columns, ...changes]) })
  for (const edit of edits) {
    if (edit.type === 'addTable') tables.set(edit.table.name, { was: null, columns: new Map() })
    else if (edit.type === 'renameTable') {
      const origin = of(edit.table)
      tables.delete(edit.table)
      tables.set(edit.name, origin)
    } else if (edit.type === 'addColumn') withColumns(edit.table, [[edit.column.name, null]])
    else if (edit.type === 'renameColumn') {
      const { columns } = of(edit.table)
      const was = columns.has(edit.column) ? (columns.get(edit.column) ?? null) : edit.column
      withColumns(edit.table, [[edit.name, was]])
    }
  }
  return {
    tableBefore: (name) => of(name).was,
    columnBefore(table, column) {
      const { was, columns } = of(table)
      if (was === null) return null
      return columns.has(column) ? (columns.get(column) ?? null) : column
    },
  }
}
