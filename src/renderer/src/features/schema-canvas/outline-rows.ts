import type { SchemaSpot } from './canvas-ui'
import type { ShownColumn, ShownTable } from './shown-tables'

/** A line of the outline: a table, or under an open one a column. */
export interface OutlineRow {
  readonly spot: SchemaSpot
  readonly table: ShownTable
  readonly column: ShownColumn | null
  readonly open: boolean
  /** For a screen reader: which of how many on its level, from 1. */
  readonly position: number
  readonly size: number
}

export function outlineRows(
  tables: readonly ShownTable[],
  open: ReadonlySet<string>,
  search: string,
): readonly OutlineRow[] {
  const wanted = search.trim().toLowerCase()
  const matches = (name: string) => name.toLowerCase().includes(wanted)
  const found = tables.filter(
    ({ table }) => wanted === '' || matches(table.name) || table.columns.some(({ name }) => matches(name)),
  )
  return found.flatMap((table, index): OutlineRow[] => {
    const { name } = table.table
    // A table that is found by its columns shows those.
    const byColumn = wanted !== '' && !matches(name)
    const isOpen = open.has(name) || byColumn
    const columns = byColumn ? table.columns.filter(({ column }) => matches(column.name)) : table.columns
    return [
      {
        spot: { table: name, column: null },
        table,
        column: null,
        open: isOpen,
        position: index + 1,
        size: found.length,
      },
      ...(isOpen
        ? columns.map((column, at) => ({
            spot: { table: name, column: column.column.name },
            table,
            column,
            open: false,
            position: at + 1,
            size: columns.length,
          }))
        : []),
    ]
  })
}
