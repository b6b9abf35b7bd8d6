import type { StudioClient } from '@renderer/bridge/api'
import { AppError } from '@shared/app-error'
import type { ResultEditing } from '@shared/contract/sql-panel.contract'
import { type JsonValue, sameJson } from '@shared/json'

/**
 * Saves one cell of a result in its table: the record is found by its key, must still hold what the result shows there,
 * and is written with the revision that it then has. Answers the new value and what takes it back.
 */
export async function saveCell(
  client: StudioClient,
  databaseId: string,
  editing: ResultEditing,
  cell: { readonly row: readonly JsonValue[]; readonly column: number; readonly value: JsonValue },
): Promise<{ readonly value: JsonValue; readonly operation: string }> {
  const name = editing.columns[cell.column]
  if (name === null || name === undefined)
    throw new AppError('VALIDATION', 'This column is computed, so it cannot be edited.')
  const filters = Object.fromEntries(editing.key.map((key) => [key, cell.row[editing.columns.indexOf(key)] ?? null]))
  const { records } = await client.records.query({ databaseId, tableName: editing.table, filters, limit: 2 })
  const [record] = records
  if (record === undefined || records.length > 1)
    throw new AppError('CONFLICT', 'The record of this row is not there any more. Run the statement again.')
  if (!sameJson(record[name], cell.row[cell.column]))
    throw new AppError(
      'CONFLICT',
      `Somebody changed ${name} of this record since the statement ran. Run it again to see what it is now.`,
    )
  const { _id: id, _revision: revision } = record
  if (typeof id !== 'string' || typeof revision !== 'number')
    throw new AppError('INTERNAL', 'The record has no identity.')
  const saved = await client.records.saveMany({
    databaseId,
    tableName: editing.table,
    update: [{ id, revision, record: { [name]: cell.value } }],
  })
  return { value: saved.records[0]?.[name] ?? null, operation: saved.operation }
}
