import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { tableSchema } from '@shared/contract/fields'
import type { TableSchema } from '@shared/domain/table-schema'
import { z } from 'zod'
import type { CanvasActions } from './canvas-actions'
import { parseNodeId } from './canvas-graph'
import { pasteEdits } from './paste-edits'
import type { Point } from './place-tables'

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
