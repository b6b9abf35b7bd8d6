import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { tableSchema } from '@shared/contract/fields'
import { addTableEdit } from '@shared/domain/add-table-edit'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { settleEdits } from '@shared/domain/settle-edits'
import type { TableSchema } from '@shared/domain/table-schema'
import { z } from 'zod'
import type { CanvasActions } from './canvas-actions'
import { parseNodeId } from './canvas-graph'
import type { Point } from './place-tables'
import { freeTable } from './relation-rules'

/** What lies in the clipboard: tables as JSON, so that another project, or a person, can read them. */
const clip = z.object({ tessera: z.literal('tables'), tables: z.array(tableSchema).min(1).max(500) })

export function clipText(tables: readonly TableSchema[]): string {
  return JSON.stringify({ tessera: 'tables', tables }, null, 2)
}

/** The tables in a text; null when it holds none. */
export function readClip(text: string): readonly TableSchema[] | null {
  try {
    const parsed = clip.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data.tables : null
  } catch {
    return null
  }
}

export function selectedTables(actions: CanvasActions): readonly TableSchema[] {
  const names = new Set(
    actions.ui
      .now()
      .selected.map(parseNodeId)
      .flatMap(({ kind, key }) => (kind === 'table' ? [key] : [])),
  )
  return actions.schema.tables.filter(({ name }) => names.has(name))
}

export async function copyTables(actions: CanvasActions, names: readonly string[]): Promise<void> {
  const tables = actions.schema.tables.filter(({ name }) => names.includes(name))
  try {
    await navigator.clipboard.writeText(clipText(tables))
    toast.success(`Copied ${countOf(tables.length, 'table')}`)
  } catch {
    toast.error('The clipboard refused the tables. Allow it for this page, and copy again.')
  }
}

/** Copies beside their originals, with the references among them leading to the copies. */
export function duplicateTables(actions: CanvasActions, names: readonly string[]): void {
  const tables = actions.schema.tables.filter(({ name }) => names.includes(name))
  pasteTables(
    actions,
    tables,
    undefined,
    tables.length === 1 ? `Duplicate ${names[0]}` : `Duplicate ${tables.length} tables`,
  )
}

/**
 * Adds tables of a clipboard under free names. References among them follow; one to a table that is here too is kept,
 * and one that leads nowhere is left out.
 */
export function pasteTables(actions: CanvasActions, tables: readonly TableSchema[], at?: Point, label?: string): void {
  const { edits, cut } = pasteEdits(actions.schema.tables, tables)
  const done = actions.addByEdits(edits, at, label ?? `Paste ${countOf(tables.length, 'table')}`)
  if (done && cut > 0)
    toast.success(`${countOf(cut, 'reference')} to tables that are not here ${cut === 1 ? 'was' : 'were'} left out`)
}

export function pasteEdits(
  here: readonly TableSchema[],
  tables: readonly TableSchema[],
): { readonly edits: readonly SchemaEdit[]; readonly cut: number } {
  const names = freeNames(here, tables)
  let cut = 0
  const added = tables.map((table): SchemaEdit => {
    const columns = table.columns.map((column) => {
      const { references: to, ...rest } = column
      if (!to) return column
      const own = names.get(to.table)
      if (own) return { ...column, references: { ...to, table: own } }
      const target = here.find((other) => other.name === to.table)
      if (target?.columns.some(({ name }) => name === to.column)) return column
      cut += 1
      return rest
    })
    return addTableEdit({ ...table, name: names.get(table.name) ?? table.name, columns })
  })
  // Tables of a clipboard may refer to each other in any order.
  return { edits: settleEdits({ tables: here }, added), cut }
}

/** What each table is called where some names are taken. */
export function freeNames(here: readonly TableSchema[], tables: readonly TableSchema[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken: TableSchema[] = [...here]
  for (const { name } of tables) {
    const free = freeTable({ tables: taken }, name)
    names.set(name, free)
    taken.push({ name: free, columns: [] })
  }
  return names
}
