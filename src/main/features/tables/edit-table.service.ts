import { AppError } from '@shared/app-error'
import type { EditEffect, Table } from '@shared/contract/tables.contract'
import { applyEdit, findColumn } from '@shared/domain/apply-edit'
import { isUniqueColumn, typeOf } from '@shared/domain/check-table'
import { columnDefault, nowAs } from '@shared/domain/column-default'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import { fillUuidsSql } from './column-values.sql'
import { type Effect, isTableEdit, type TableEdit } from './edit-effect'
import { effectOf, referringColumn, uniqueColumn } from './edit-effects.service'
import { type Layout, withColumn, withoutColumn, withoutMissing, withRenamedColumn } from './layout'
import { retypeColumn } from './retype-column.service'
import { referrersOf, type StoredTable } from './stored-table'
import {
  answer,
  loadTables,
  lockSchema,
  recordTableActivity,
  schemaOf,
  tableNamed,
  tableWithId,
  type Writer,
} from './tables.service'
import { rollbackToSavepointSql, savepointSql, updateTableSql } from './tables.sql'

interface EditState {
  readonly projectId: string
  readonly now: string
  /** The table the edits are for; it may be renamed on the way. */
  readonly tableId: string
  readonly tables: readonly StoredTable[]
}

/** All edits or none. CONSTRAINT with the effect's sentence when the records that exist do not allow one. */
export async function updateTable(
  tx: Transaction,
  writer: Writer,
  tableId: string,
  edits: readonly SchemaEdit[],
): Promise<Table> {
  const { database } = writer
  let state = await openState(tx, database, tableId)
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
  for (const table of state.tables) if (!before.includes(table)) await tx.execute(updateTableSql(table))
  const edited = tableWithId(await loadTables(tx, database.id), tableId)
  await recordTableActivity(tx, writer, edited, 'table.update', activitySentence(edited, sentences))
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
  let state = await openState(tx, database, tableId)
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
  return effects
}

/** Whether a new type could make values clash, or miss what they point to: that shows only once they are written. */
function needsTrial({ tables }: EditState, edit: TableEdit): boolean {
  if (edit.type !== 'changeType') return false
  const { schema } = tableNamed(tables, edit.table)
  const column = findColumn(schema, edit.column)
  return isUniqueColumn(schema, column) || column.references !== undefined
}

async function openState(tx: Transaction, database: DatabaseRow, tableId: string): Promise<EditState> {
  const now = await lockSchema(tx, database.id, 'exclusive')
  const tables = await loadTables(tx, database.id)
  return { projectId: database.project_id, now, tableId: tableWithId(tables, tableId).id, tables }
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

/** Does the edit to the records, and answers the state after it. The catalogue is written at the end, by the caller. */
async function writeEdit(
  tx: Transaction,
  state: EditState,
  edit: TableEdit,
  schemas: readonly TableSchema[],
): Promise<EditState> {
  const table = tableNamed(state.tables, edit.table)
  const layout = nextLayout(table.layout, edit, state.now)
  const tables = state.tables.map((old, index) => {
    const schema = schemas[index] ?? old.schema
    const isSame = JSON.stringify(schema) === JSON.stringify(old.schema)
    if (old === table) return { ...old, schema, layout }
    return isSame ? old : { ...old, schema }
  })
  const next = { ...state, tables }
  const edited = tableWithId(tables, state.tableId)
  if (edit.type === 'addColumn' && columnDefault(edit.column).kind === 'uuid')
    await tx.execute(fillUuidsSql(state.projectId, edited, edit.column))
  if (edit.type === 'changeType') await writeRetyping(tx, state, table, edited, edit.column)
  return next
}

async function writeRetyping(
  tx: Transaction,
  { projectId, tables }: EditState,
  table: StoredTable,
  edited: StoredTable,
  name: string,
): Promise<void> {
  const [column, to] = [findColumn(table.schema, name), findColumn(edited.schema, name)]
  await retypeColumn(tx, { projectId, table, column, to }, true)
  const now = tables.map((other) => (other.id === edited.id ? edited : other))
  if (isUniqueColumn(edited.schema, to)) refuseAs(to, 'unique', await uniqueColumn(tx, projectId, edited, to))
  const pointing = referrersOf(now, edited.schema.name).filter(({ target }) => target === name)
  const pairs = [...pointing, ...(to.references ? [{ table: edited, column: to }] : [])]
  for (const pair of pairs)
    refuseAs(to, 'reference', await referringColumn(tx, { projectId, tables: now }, pair.table, pair.column))
}

function refuseAs(column: ColumnSchema, constraint: 'unique' | 'reference', effect: Effect): void {
  if (!effect.refusedBy) return
  const { affected, examples } = effect
  throw new AppError('CONSTRAINT', `As ${column.type}: ${effect.sentence}`, {
    details: { column: column.name, constraint, affected, examples },
  })
}

function nextLayout(layout: Layout, edit: TableEdit, now: string): Layout {
  switch (edit.type) {
    case 'addColumn':
      return withColumn(layout, edit.column.name, missingValue(edit.column, now))
    case 'dropColumn':
      return withoutColumn(layout, edit.column)
    case 'renameColumn':
      return edit.column === edit.name ? layout : withRenamedColumn(layout, edit.column, edit.name)
    case 'changeType':
      return withoutMissing(layout, edit.column)
    default:
      return layout
  }
}

/** now() of an added column is the moment it was added, for all records that exist. */
function missingValue(column: ColumnSchema, now: string): JsonValue {
  const fallback = columnDefault(column)
  if (fallback.kind === 'now') return nowAs(typeOf(column), now)
  return fallback.kind === 'value' ? fallback.value : null
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
