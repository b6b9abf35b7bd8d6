import { AppError } from '@shared/app-error'
import { assertNever } from '@shared/assert-never'
import { applyEdit } from '@shared/domain/apply-edit'
import { describeEdit } from '@shared/domain/describe-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import type { TableSchema } from '@shared/domain/table-schema'
import type { Transaction } from '../../db/database'
import { countRecordsSql } from './column-values.sql'
import { type Effect, type EffectOfEdit, harmless, isTableEdit, many } from './edit-effect'
import { effectOf } from './edit-effects.service'
import { firstLayout } from './layout'
import type { StoredTable } from './stored-table'
import { schemaOf, tableNamed } from './tables.service'
import { insertTableSql, setDeletedSql, updateTableSql } from './tables.sql'
import { type EditState, editedTables, needsTrial, writeEdit } from './write-edit.service'

/** A list of edits on its way: what `writeEdit` needs, and the tables that went to the bin, as they were then. */
export interface PlayState extends EditState {
  readonly databaseId: string
  readonly binned: readonly StoredTable[]
}

/** The tables as the edits leave them in the catalogue; those that are made have no id yet. Throws as `applyEdit`. */
export function plannedTables(
  before: readonly StoredTable[],
  edits: readonly SchemaEdit[],
  now: string,
): readonly StoredTable[] {
  let tables = before
  for (const edit of edits) {
    const { tables: schemas } = applyEdit(schemaOf(tables), edit)
    if (edit.type === 'addTable') tables = [...tables, planned(schemas.at(-1))]
    else if (edit.type === 'dropTable') tables = tables.filter(({ schema }) => schema.name !== edit.table)
    else tables = editedTables({ tables, now }, edit, schemas)
  }
  return tables
}

/** Does one edit. CONSTRAINT with the effect's sentence when the records that exist do not allow it. */
export async function playEdit(
  tx: Transaction,
  state: PlayState,
  edit: SchemaEdit,
): Promise<{ readonly state: PlayState; readonly effect: Effect }> {
  const { tables: schemas } = applyEdit(schemaOf(state.tables), edit)
  const effect = await effectOfAny(tx, state, edit)
  if (effect.refusedBy) throw refusal(edit, effect)
  return { state: await write(tx, state, edit, schemas), effect }
}

/**
 * What the edits would do, each seeing what those before it did: they are played, and the caller takes them back. The
 * last one is written only where rules between values must be tried, or when `writesAll` asks for the tables after it.
 * Nothing is written after a refused edit: later edits of what it should have changed are told by their words alone.
 */
export async function previewEdits(
  tx: Transaction,
  opened: PlayState,
  edits: readonly SchemaEdit[],
  { writesAll = false }: { readonly writesAll?: boolean } = {},
): Promise<{ readonly effects: readonly EffectOfEdit[]; readonly state: PlayState }> {
  let state = opened
  let schema = schemaOf(opened.tables)
  let isStuck = false
  const effects: EffectOfEdit[] = []
  for (const [index, edit] of edits.entries()) {
    const before = schema
    schema = applyEdit(schema, edit)
    let effect: Effect = isStuck ? await effectWhenStuck(tx, state, edit, before) : await effectOfAny(tx, state, edit)
    const isWritten = writesAll || index < edits.length - 1 || (isTableEdit(edit) && needsTrial(state, edit))
    if (isWritten && !isStuck && !effect.refusedBy)
      try {
        state = await write(tx, state, edit, schema.tables)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'CONSTRAINT') throw error
        effect = { ...effect, sentence: error.message, refusedBy: 'type' }
      }
    isStuck ||= effect.refusedBy !== null
    effects.push({ edit, ...effect })
  }
  return { effects, state }
}

/** `schema`: as all edits before this one would have it; what is written is older. */
async function effectWhenStuck(
  tx: Transaction,
  state: PlayState,
  edit: SchemaEdit,
  schema: DatabaseSchema,
): Promise<Effect> {
  const name = edit.type === 'addTable' ? null : edit.table
  const written = state.tables.find((table) => table.schema.name === name)
  const meant = schema.tables.find((table) => table.name === name)
  if (!written || JSON.stringify(written.schema) !== JSON.stringify(meant)) return harmless(describeEdit(edit))
  try {
    return await effectOfAny(tx, state, edit)
  } catch (error) {
    if (error instanceof AppError && (error.code === 'VALIDATION' || error.code === 'NOT_FOUND'))
      return harmless(describeEdit(edit))
    throw error
  }
}

async function effectOfAny(tx: Transaction, state: PlayState, edit: SchemaEdit): Promise<Effect> {
  if (isTableEdit(edit)) return effectOf(tx, state, edit)
  switch (edit.type) {
    case 'addTable':
      return harmless(describeEdit(edit))
    case 'dropTable': {
      const table = tableNamed(state.tables, edit.table)
      const [row] = await tx.query<{ count: number }>(countRecordsSql(state.projectId, table))
      const count = row?.count ?? 0
      const what = count === 0 ? '' : ` with its ${many(count, 'record')}`
      const sentence = `Moves table "${edit.table}"${what} to the bin, where it can be restored for 30 days.`
      return { ...harmless(sentence), affected: count }
    }
    default:
      return assertNever(edit)
  }
}

async function write(
  tx: Transaction,
  state: PlayState,
  edit: SchemaEdit,
  schemas: readonly TableSchema[],
): Promise<PlayState> {
  if (edit.type === 'addTable') {
    const { schema, layout } = planned(schemas.at(-1))
    const [table] = await tx.query<StoredTable>(insertTableSql(state.projectId, state.databaseId, schema, layout))
    if (!table) throw new Error('The table was not inserted')
    return { ...state, tables: [...state.tables, table] }
  }
  if (edit.type === 'dropTable') {
    const table = tableNamed(state.tables, edit.table)
    await tx.execute(updateTableSql(table))
    await tx.execute(setDeletedSql(table.id, true))
    return {
      ...state,
      tables: state.tables.filter((other) => other !== table),
      binned: [...state.binned, table],
    }
  }
  const written = { ...state, ...(await writeEdit(tx, state, edit, schemas)) }
  // A later edit may take the old name, which the catalogue has only once.
  if (edit.type === 'renameTable') await tx.execute(updateTableSql(tableNamed(written.tables, edit.name)))
  return written
}

function refusal(edit: SchemaEdit, effect: Effect): AppError {
  const { affected, examples, refusedBy: constraint } = effect
  return new AppError('CONSTRAINT', effect.sentence, {
    details: { table: tableOf(edit), column: columnOf(edit), constraint, affected, examples },
  })
}

function tableOf(edit: SchemaEdit): string {
  return edit.type === 'addTable' ? edit.table.name : edit.table
}

function columnOf(edit: SchemaEdit): string | null {
  if (!isTableEdit(edit) || !('column' in edit) || edit.column === undefined) return null
  return typeof edit.column === 'string' ? edit.column : edit.column.name
}

/** A table that is not there yet. */
function planned(schema: TableSchema | undefined): StoredTable {
  if (!schema) throw new Error('addTable added no table')
  return { id: '', schema, layout: firstLayout(schema), storage: { tier: 'shared' }, created_at: '', updated_at: '' }
}
