import { type Stored, stored } from '@renderer/app/stored'
import type { StudioClient } from '@renderer/bridge/api'
import type { Table } from '@shared/contract/tables.contract'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { z } from 'zod'
import { madeTables } from './made-tables'

/** An index of an import, which can be asked for once its table is made. */
const waitingIndex = z.object({ table: z.string(), columns: z.array(z.string()) })
export type WaitingIndex = z.infer<typeof waitingIndex>

const waiting = new Map<string, Stored<WaitingIndex[]>>()

/** What waits for the next Apply of this database, on this machine. */
export function waitingIndexes(databaseId: string): Stored<WaitingIndex[]> {
  const known = waiting.get(databaseId)
  if (known) return known
  const made = stored(`schemaIndexes.${databaseId}`, z.array(waitingIndex), [])
  waiting.set(databaseId, made)
  return made
}

/** Those of tables that the edits make, whose columns are all there, under the names in the end. */
export function indexesFor(waits: readonly WaitingIndex[], edits: readonly SchemaEdit[]): readonly WaitingIndex[] {
  const made = madeTables(edits)
  return waits.flatMap(({ table, columns }) => {
    const now = made.get(table)
    const names = columns.map((column) => (now?.columns.has(column) ? (now.columns.get(column) ?? null) : column))
    const present = names.flatMap((name) => name ?? [])
    return now && present.length === columns.length ? [{ table: now.table, columns: present }] : []
  })
}

export async function addIndexes(
  client: StudioClient,
  databaseId: string,
  tables: readonly Table[],
  indexes: readonly WaitingIndex[],
): Promise<void> {
  for (const { table, columns } of indexes) {
    const tableId = tables.find(({ table_name }) => table_name === table)?.id
    if (tableId) await client.indexes.create({ databaseId, tableId, columns })
  }
}
