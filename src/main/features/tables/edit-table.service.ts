import { AppError } from '@shared/app-error'
import type { EditEffect, Table } from '@shared/contract/tables.contract'
import { applyEdit } from '@shared/domain/apply-edit'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { DatabaseRow, Transaction } from '../../db/database'
import { syncViews } from '../store/views.service'
import { type Effect, isTableEdit, type TableEdit } from './edit-effect'
import { effectOf } from './edit-effects.service'
import { type HeldForEdit, holdSchema } from './hold-schema.service'
import { dropColumnsSql } from './physical-edit.sql'
import { syncPhysicalIndexes } from './physical-indexes.service'
import { createRowsViewSql, dropRowsViewSql } from './physical-table.sql'
import { recordTableActivity, schemaChanges } from './schema-change.service'
import type { StoredTable } from './stored-table'
import { answer, schemaOf, tableWithId, type Writer } from './tables.service'
import { rollbackToSavepointSql, savepointSql, updateTableSql } from './tables.sql'
import { type EditState, editedTables, needsTrial, writeEdit } from './write-edit.service'

/** All edits or none. CONSTRAINT with the effect's sentence when the records that exist do not allow one. */
export async function updateTable(
  tx: Transaction,
  writer: Writer,
  tableId: string,
  edits: readonly SchemaEdit[],
): Promise<Table> {
  const { database } = writer
  const { keep, ...opened } = await openState(tx, database, tableId, edits, () => true)
  let state: EditState = opened
  const before = state.tables
  const sentences: string[] = []
  for (const edit of edits) {
    const tableEdit = ownEdit(state, edit)
    const after = applyEdit(schemaOf(state.tables), tableEdit)
    const effect = await effectOf(tx, state, tableEdit)
    if (effect.refusedBy) throw refusal(tableEdit, effect)
    state = await writeEdit(tx, state, tableEdit, after.tables)
    sentences.push(effect.sentence)
  }
  const known = new Set(before)
  const after: StoredTable[] = []
  for (const table of state.tables) {
    const [stored = table] = known.has(table) ? [table] : await tx.query<StoredTable>(updateTableSql(table))
    after.push(stored)
  }
  await syncViews(tx, database, state.viewed, after)
  const [old, edited] = [tableWithId(before, tableId), tableWithId(after, tableId)]
  await finishPhysical(tx, state, old, edited)
  await recordTableActivity(tx, writer, edited, {
    action: 'table.update',
    sentence: activitySentence(edited, sentences),
    changes: schemaChanges(before, after),
  })
  keep(after)
  return answer(tx, database.project_id, edited)
}

/**
 * What the same edits would do. A preview of several edits plays them (each sees what those before it did) and takes
 * them back; the last one, so the only one mostly, is written only where rules between values must be tried.
 */
export async function previewTable(
  tx: Transaction,
  database: DatabaseRow,
  tableId: string,
  edits: readonly EditEffect['edit'][],
): Promise<EditEffect[]> {
  const { keep, ...opened } = await openState(tx, database, tableId, edits, isDedicated)
  let state: EditState = opened
  await tx.execute(savepointSql)
  const effects: EditEffect[] = []
  for (const [index, edit] of edits.entries()) {
    const tableEdit = ownEdit(state, edit)
    const after = applyEdit(schemaOf(state.tables), tableEdit)
    let effect = await effectOf(tx, state, tableEdit)
    const isLast = index === edits.length - 1
    if (!isLast || (!effect.refusedBy && needsTrial(state, tableEdit)))
      try {
        state = await writeEdit(tx, state, tableEdit, after.tables)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'CONSTRAINT') throw error
        effect = { ...effect, sentence: error.message, refusedBy: 'type' }
      }
    effects.push({
      edit,
      sentence: effect.sentence,
      affected: effect.affected,
      refused: effect.refusedBy !== null,
      examples: [...effect.examples],
    })
  }
  await tx.execute(rollbackToSavepointSql)
  keep(opened.tables)
  return effects
}

/** `isWritten` says of the tables whether these edits change any view or relation of theirs. */
async function openState(
  tx: Transaction,
  database: DatabaseRow,
  tableId: string,
  edits: readonly SchemaEdit[],
  isWritten: (table: StoredTable) => boolean,
): Promise<EditState & Pick<HeldForEdit, 'keep'>> {
  const { now, tables, keep } = await holdSchema(tx, database, (before, moment) =>
    isWritten(tableWithId(before, tableId))
      ? edits
          .filter(isTableEdit)
          .reduce(
            (after, edit) =>
              editedTables({ tables: after, now: moment }, edit, applyEdit(schemaOf(after), edit).tables),
            before,
          )
      : before,
  )
  const { id } = tableWithId(tables, tableId)
  return { projectId: database.project_id, now, tableId: id, tables, viewed: tables, leaving: [], keep }
}

/** A preview plays its edits in the relation itself; in the shared tier only to documents, and takes them back. */
function isDedicated({ storage }: StoredTable): boolean {
  return storage.tier === 'dedicated'
}

/** What is left to do to a dedicated relation once no view reads its old columns. */
async function finishPhysical(
  tx: Transaction,
  { projectId, leaving }: EditState,
  before: StoredTable,
  after: StoredTable,
): Promise<void> {
  const { storage } = after
  if (storage.tier !== 'dedicated') return
  const { relation } = storage
  await tx.execute(dropRowsViewSql(relation))
  if (leaving.length > 0) await tx.execute(dropColumnsSql(relation, leaving))
  await tx.execute(createRowsViewSql(projectId, relation, storage))
  await syncPhysicalIndexes(tx, before, after)
}

function ownEdit(state: EditState, edit: SchemaEdit): TableEdit {
  const { name } = tableWithId(state.tables, state.tableId).schema
  if (!isTableEdit(edit))
    throw new AppError('VALIDATION', `Edits of table "${name}" cannot add or drop tables. Use the calls for that.`)
  if (edit.table !== name)
    throw new AppError(
      'VALIDATION',
      `This call edits table "${name}", and one edit is for "${edit.table}". Send it to that table.`,
      { details: { table: edit.table } },
    )
  return edit
}

function refusal(edit: TableEdit, effect: Effect): AppError {
  const column = 'column' in edit ? (typeof edit.column === 'string' ? edit.column : edit.column.name) : null
  const { affected, examples, refusedBy: constraint } = effect
  return new AppError('CONSTRAINT', effect.sentence, { details: { column, constraint, affected, examples } })
}

function activitySentence(table: StoredTable, sentences: readonly string[]): string {
  const [first = '', ...more] = sentences
  const rest = more.length === 0 ? '' : ` And ${more.length} more ${more.length === 1 ? 'edit' : 'edits'}.`
  return `Changed table ${table.schema.name}: ${first}${rest}`
}
