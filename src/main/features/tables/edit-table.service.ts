import { AppError } from '@shared/app-error'
import type { EditEffect, Table } from '@shared/contract/tables.contract'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { DatabaseRow, Transaction } from '../../db/database'
import { applyEdits, previewAll } from './apply-edits.service'
import { type EffectOfEdit, isTableEdit, wireEffect } from './edit-effect'
import { recordSchemaEdit } from './schema-change.service'
import type { StoredTable } from './stored-table'
import { answer, tableWithId, type Writer } from './tables.service'

/** All edits or none. CONSTRAINT with the effect's sentence when the records that exist do not allow one. */
export async function updateTable(
  tx: Transaction,
  writer: Writer,
  tableId: string,
  edits: readonly SchemaEdit[],
): Promise<Table> {
  const { database } = writer
  const { before, after, effects, keep } = await applyEdits(tx, database, ownEdits(tableId, edits))
  const edited = tableWithId(after, tableId)
  await recordSchemaEdit(tx, writer, {
    action: 'table.update',
    sentence: activitySentence(edited, effects),
    table: edited,
    edits,
    before,
    after,
  })
  keep(after)
  return answer(tx, database.project_id, edited)
}

/** What the same edits would do. */
export async function previewTable(
  tx: Transaction,
  database: DatabaseRow,
  tableId: string,
  edits: readonly SchemaEdit[],
): Promise<EditEffect[]> {
  const { effects } = await previewAll(tx, database, ownEdits(tableId, edits))
  return effects.map(wireEffect)
}

/** The same edits; they are refused when one of them is not for the table, by the name that it has then. */
function ownEdits(tableId: string, edits: readonly SchemaEdit[]) {
  return (tables: readonly StoredTable[]): readonly SchemaEdit[] => {
    let { name } = tableWithId(tables, tableId).schema
    for (const edit of edits) {
      refuseOther(name, edit)
      if (edit.type === 'renameTable') name = edit.name
    }
    return edits
  }
}

function refuseOther(name: string, edit: SchemaEdit): void {
  if (!isTableEdit(edit))
    throw new AppError('VALIDATION', `Edits of table "${name}" cannot add or drop tables. Use the calls for that.`)
  if (edit.table !== name)
    throw new AppError(
      'VALIDATION',
      `This call edits table "${name}", and one edit is for "${edit.table}". Send it to that table.`,
      { details: { table: edit.table } },
    )
}

function activitySentence(table: StoredTable, effects: readonly EffectOfEdit[]): string {
  const [first, ...more] = effects
  const rest = more.length === 0 ? '' : ` And ${more.length} more ${more.length === 1 ? 'edit' : 'edits'}.`
  return `Changed table ${table.schema.name}: ${first?.sentence ?? ''}${rest}`
}
