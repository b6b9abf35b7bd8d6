import { AppError } from '@shared/app-error'
import type { EditEffect, Table } from '@shared/contract/tables.contract'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { migrationSql } from '@shared/domain/schema-sql/migration-sql'
import { settleEdits } from '@shared/domain/settle-edits'
import type { DatabaseRow, Transaction } from '../../db/database'
import { type Applied, applyEdits, previewAll } from '../tables/apply-edits.service'
import { type EffectOfEdit, wireEffect } from '../tables/edit-effect'
import { recordSchemaEdit } from '../tables/schema-change.service'
import { type StoredTable, toTable } from '../tables/stored-table'
import { schemaOf, type Writer, withEstimates } from '../tables/tables.service'
import { newestVersion } from './versions.service'

export interface SchemaChangeInput {
  readonly edits: readonly SchemaEdit[]
  /** What the version is called. */
  readonly name?: string | undefined
  /** The version the edits were made on. */
  readonly base?: number | undefined
  /** Who asked for it, where it is not the canvas: for the audit. */
  readonly action?: string
}

export interface SchemaChangeAnswer {
  readonly version: number
  readonly tables: Table[]
  readonly sql: string
  readonly down: string
  readonly effects: EditEffect[]
}

/** All edits or none, as one version. `tx` is of role store. CONFLICT when `base` is not the newest version any more. */
export async function applySchema(
  tx: Transaction,
  writer: Writer,
  { edits, name, base, action = 'schema.apply' }: SchemaChangeInput,
): Promise<SchemaChangeAnswer> {
  const { database } = writer
  const applied = await applyEdits(tx, database, settled(edits))
  await refuseOutdated(tx, database, base)
  const { before, after, effects, keep } = applied
  const version = await recordSchemaEdit(tx, writer, {
    action,
    sentence: sentenceOf(effects),
    table: onlyChanged(applied),
    edits: effects.map(({ edit }) => edit),
    before,
    after,
    name,
  })
  keep(after)
  return {
    version,
    tables: await withEstimates(tx, database.project_id, after),
    ...written(schemaOf(before), effects),
    effects: effects.map(wireEffect),
  }
}

/** The same answer without changing anything; refused edits are told by their effects. `tx` is of role store. */
export async function previewSchema(
  tx: Transaction,
  database: DatabaseRow,
  { edits, base }: SchemaChangeInput,
): Promise<SchemaChangeAnswer> {
  const { before, after, effects } = await previewAll(tx, database, settled(edits), { writesAll: true })
  await refuseOutdated(tx, database, base)
  const version = await newestVersion(tx, database)
  return {
    version,
    tables: after.map((table) => toTable(table, 0)),
    ...written(schemaOf(before), effects),
    effects: effects.map(wireEffect),
  }
}

function settled(edits: readonly SchemaEdit[]) {
  return (tables: readonly StoredTable[]) => settleEdits(schemaOf(tables), edits)
}

function written(
  schema: DatabaseSchema,
  effects: readonly EffectOfEdit[],
): { readonly sql: string; readonly down: string } {
  const { up, down } = migrationSql(
    schema,
    effects.map(({ edit }) => edit),
  )
  return { sql: up, down }
}

/** After the schema is held, so that nobody makes a version in between. */
async function refuseOutdated(tx: Transaction, database: DatabaseRow, base: number | undefined): Promise<void> {
  if (base === undefined) return
  const newest = await newestVersion(tx, database)
  if (newest !== base)
    throw new AppError(
      'CONFLICT',
      'The tables were changed by somebody else meanwhile. Look at their version, then apply yours again.',
      { details: { base, version: newest } },
    )
}

function sentenceOf(effects: readonly EffectOfEdit[]): string {
  const [first, ...more] = effects
  const rest = more.length === 0 ? '' : ` And ${more.length} more ${more.length === 1 ? 'edit' : 'edits'}.`
  return `Changed the schema: ${first?.sentence ?? ''}${rest}`
}

/** The one table that is another now; null when there are several. */
function onlyChanged({ before, after }: Applied): StoredTable | null {
  const known = new Set(before)
  const changed = after.filter((table) => !known.has(table))
  return changed.length === 1 && after.length >= before.length ? (changed[0] ?? null) : null
}
