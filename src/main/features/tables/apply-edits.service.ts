import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { DatabaseRow, Transaction } from '../../db/database'
import { syncViews } from '../store/views.service'
import type { EffectOfEdit } from './edit-effect'
import { type HeldForEdit, holdSchema } from './hold-schema.service'
import { dropColumnsSql } from './physical-edit.sql'
import { syncPhysicalIndexes } from './physical-indexes.service'
import { createRowsViewSql, dropRowsViewSql } from './physical-table.sql'
import { type PlayState, plannedTables, playEdit, previewEdits } from './play-edits.service'
import type { StoredTable } from './stored-table'
import { rollbackToSavepointSql, savepointSql, updateTableSql } from './tables.sql'

export interface Applied {
  readonly before: readonly StoredTable[]
  readonly after: readonly StoredTable[]
  readonly effects: readonly EffectOfEdit[]
  /** To be called with what is in the catalogue at the end. */
  readonly keep: HeldForEdit['keep']
}

/** All edits or none, of any tables. CONSTRAINT with the effect's sentence when the records that exist do not allow one. */
export async function applyEdits(
  tx: Transaction,
  database: DatabaseRow,
  edits: (tables: readonly StoredTable[]) => readonly SchemaEdit[],
): Promise<Applied> {
  const { keep, ...opened } = await open(tx, database, edits, () => true)
  let state: PlayState = opened
  const effects: EffectOfEdit[] = []
  for (const edit of edits(opened.tables)) {
    const played = await playEdit(tx, state, edit)
    state = played.state
    effects.push({ edit, ...played.effect })
  }
  const after = await writeCatalogue(tx, opened.tables, state)
  await syncViews(tx, database, state.viewed, after)
  for (const table of [...after, ...state.binned]) {
    const old = opened.tables.find(({ id }) => id === table.id)
    if (old && old !== table) await finishPhysical(tx, state, old, table)
  }
  return { before: opened.tables, after, effects, keep }
}

/** What the same edits would do, and the tables after them; changes nothing. */
export async function previewAll(
  tx: Transaction,
  database: DatabaseRow,
  edits: (tables: readonly StoredTable[]) => readonly SchemaEdit[],
  options: { readonly writesAll?: boolean } = {},
): Promise<Applied> {
  const { keep, ...opened } = await open(tx, database, edits, changesRelation)
  await tx.execute(savepointSql)
  const { effects, state } = await previewEdits(tx, opened, edits(opened.tables), options)
  await tx.execute(rollbackToSavepointSql)
  keep(opened.tables)
  return { before: opened.tables, after: state.tables, effects, keep }
}

/** `isWritten` says whether what they do to the tables changes views or relations of their own. */
async function open(
  tx: Transaction,
  database: DatabaseRow,
  edits: (tables: readonly StoredTable[]) => readonly SchemaEdit[],
  isWritten: (before: readonly StoredTable[], after: readonly StoredTable[]) => boolean,
): Promise<PlayState & Pick<HeldForEdit, 'keep'>> {
  const { now, tables, keep } = await holdSchema(tx, database, (before, moment) => {
    const after = plannedTables(before, edits(before), moment)
    return isWritten(before, after) ? after : before
  })
  return {
    projectId: database.project_id,
    databaseId: database.id,
    now,
    tables,
    viewed: tables,
    leaving: new Map(),
    binned: [],
    keep,
  }
}

/** A preview plays its edits in the relation itself; in the shared tier only to documents, and takes them back. */
function changesRelation(before: readonly StoredTable[], after: readonly StoredTable[]): boolean {
  const kept = new Set(after)
  return before.some((table) => table.storage.tier === 'dedicated' && !kept.has(table))
}

/** Writes what is not written yet, and answers the tables as they are now. */
async function writeCatalogue(
  tx: Transaction,
  before: readonly StoredTable[],
  state: PlayState,
): Promise<readonly StoredTable[]> {
  const known = new Set(before)
  const after: StoredTable[] = []
  for (const table of state.tables) {
    const [stored = table] = known.has(table) ? [table] : await tx.query<StoredTable>(updateTableSql(table))
    after.push(stored)
  }
  return after
}

/** What is left to do to a dedicated relation once no view reads its old columns. */
async function finishPhysical(
  tx: Transaction,
  { projectId, leaving }: PlayState,
  before: StoredTable,
  after: StoredTable,
): Promise<void> {
  const { storage } = after
  if (storage.tier !== 'dedicated') return
  const { relation } = storage
  const gone = leaving.get(after.id) ?? []
  await tx.execute(dropRowsViewSql(relation))
  if (gone.length > 0) await tx.execute(dropColumnsSql(relation, gone))
  await tx.execute(createRowsViewSql(projectId, relation, storage))
  await syncPhysicalIndexes(tx, before, after)
}
