import { AppError } from '@shared/app-error'
import type { TableRecord } from '@shared/contract/records.contract'
import type { JsonObject } from '@shared/json'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import type { StoredTable } from '../tables/stored-table'
import { loadTables, lockSchema, tableNamed, type Writer } from '../tables/tables.service'
import { type RecordRow, toRecord } from './record'
import { checkRules, lockRules, type Tables } from './record-rules.service'
import { createDraft, readValues, toData, touch, withDefaults, withoutIdentity } from './record-values'
import { noRecord } from './records.service'
import { insertRecordsSql, selectRecordSql, updateRecordSql } from './records.sql'

/** A table that is about to be written, and what the rules between records need. */
export interface WriteScope extends Tables {
  readonly table: StoredTable
  readonly now: string
}

export async function openTable(tx: Transaction, { database }: Writer, tableName: string): Promise<WriteScope> {
  const now = await lockSchema(tx, database.id, 'shared')
  const all = await loadTables(tx, database.id)
  return { projectId: database.project_id, all, table: tableNamed(all, tableName), now }
}

/** All of them or none. An error of one record among several says which in `details.index`. */
export async function createRecords(
  tx: Transaction,
  writer: Writer,
  tableName: string,
  inputs: readonly JsonObject[],
): Promise<TableRecord[]> {
  const scope = await openTable(tx, writer, tableName)
  const { table, now } = scope
  const isOne = inputs.length === 1
  const drafts = inputs.map((input, index) => createDraft(table, input, now, isOne ? undefined : index))
  const written = new Set(table.schema.columns.map(({ name }) => name))
  await lockRules(tx, scope, table, { written, isNew: true })
  const inserted = await tx.query<{ id: string }>(insertRecordsSql(scope, drafts))
  if (inserted.length < drafts.length) throw takenId(table, drafts, inserted)
  await checkRules(tx, scope, table, { ids: drafts.map(({ id }) => id), written, isNew: true })
  const count = `${drafts.length.toLocaleString('en')} ${isOne ? 'record' : 'records'}`
  await recordWrite(tx, writer, table, 'records.create', `Created ${count} in ${tableName}.`)
  return drafts.map((draft) => toRecord(table, { ...draft, revision: 1 }))
}

/** Changes the columns that are given. */
export async function updateRecord(
  tx: Transaction,
  writer: Writer,
  { tableName, id, ...input }: WriteInput,
): Promise<TableRecord> {
  const scope = await openTable(tx, writer, tableName)
  const given = withoutIdentity(scope.table, readValues(scope.table, input.record), id.toLowerCase())
  const data = toData(scope.table, touch(scope.table, given, scope.now), true)
  const row = await write(tx, scope, { id, data, mode: 'merge', revision: input.revision }, new Set(given.keys()))
  await recordWrite(tx, writer, scope.table, 'records.update', `Changed 1 record in ${tableName}.`)
  return toRecord(scope.table, row)
}

/** Writes the whole record; a column that is left out takes its default. */
export async function replaceRecord(
  tx: Transaction,
  writer: Writer,
  { tableName, id, ...input }: WriteInput,
): Promise<TableRecord> {
  const scope = await openTable(tx, writer, tableName)
  const given = withoutIdentity(scope.table, readValues(scope.table, input.record), id.toLowerCase())
  const values = touch(scope.table, withDefaults(scope.table, given, scope.now), scope.now)
  const data = toData(scope.table, values)
  const row = await write(tx, scope, { id, data, mode: 'replace', revision: input.revision }, new Set(values.keys()))
  await recordWrite(tx, writer, scope.table, 'records.replace', `Replaced 1 record in ${tableName}.`)
  return toRecord(scope.table, row)
}

export interface WriteInput {
  readonly tableName: string
  readonly id: string
  readonly record: JsonObject
  /** The revision the writer has seen; any when left out. */
  readonly revision?: number | undefined
}

export async function recordWrite(
  tx: Transaction,
  { database, principal }: Writer,
  table: StoredTable,
  action: string,
  sentence: string,
): Promise<void> {
  const { project_id: projectId } = database
  await recordActivity(tx, { projectId, principal, action, sentence, tableId: table.id, kind: 'records' })
}

async function write(
  tx: Transaction,
  scope: WriteScope,
  change: Parameters<typeof updateRecordSql>[1],
  written: ReadonlySet<string>,
): Promise<RecordRow> {
  const { table } = scope
  await lockRules(tx, scope, table, { written, isNew: false })
  const [row] = await tx.query<RecordRow>(updateRecordSql(scope, change))
  if (!row) {
    const [current] = await tx.query<RecordRow>(selectRecordSql(scope, change.id))
    if (!current) throw noRecord(table, change.id)
    throw new AppError('CONFLICT', 'Someone else has changed this record since you read it. Look at it as it is now.', {
      details: { record: toRecord(table, current) },
    })
  }
  await checkRules(tx, scope, table, { ids: [row.id], written, isNew: false })
  return row
}

function takenId(
  table: StoredTable,
  drafts: readonly { readonly id: string }[],
  inserted: readonly { readonly id: string }[],
): AppError {
  // Twice in one batch: the first is inserted, the second is the one in the way.
  const fresh = new Set(inserted.map(({ id }) => id))
  const index = drafts.findIndex(({ id }) => !fresh.delete(id))
  return new AppError(
    'CONSTRAINT',
    `There is already a record with the id ${drafts[index]?.id} in table "${table.schema.name}". Leave the id out to get a new one.`,
    { details: { column: 'id', constraint: 'unique', ...(drafts.length > 1 ? { index } : {}) } },
  )
}
