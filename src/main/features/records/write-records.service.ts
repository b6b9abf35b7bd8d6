import { AppError } from '@shared/app-error'
import type { TableRecord } from '@shared/contract/records.contract'
import type { JsonObject } from '@shared/json'
import type { Transaction } from '../../db/database'
import type { StoredTable } from '../tables/stored-table'
import type { Writer } from '../tables/tables.service'
import { deleteSet, refuseWhilePointedTo } from './delete-set.service'
import { type RecordRow, toRecord } from './record'
import { type PlannedColumn, planOf } from './record-plan'
import { type Change, checkInserted, checkUpdated, insertSet, type Updated, updateSet } from './record-sets.service'
import { checkIdentity, createDraft, type Document, type Draft, fillDefaults, readValues, touch } from './record-values'
import { noRecord, readRecord } from './records.service'
import { openTable, type WriteScope } from './write-scope'

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
  const count = `${drafts.length.toLocaleString('en')} ${isOne ? 'record' : 'records'}`
  await insertSet(tx, scope, drafts, { action: 'records.create', sentence: `Created ${count} in ${tableName}.` })
  await checkInserted(tx, scope, drafts)
  return drafts.map((draft) => toRecord(table, { ...draft, revision: 1 }))
}

export interface WriteInput {
  readonly tableName: string
  readonly id: string
  readonly record: JsonObject
  /** The revision the writer has seen; any when left out. */
  readonly revision?: number | undefined
}

/** Changes the columns that are given. */
export async function updateRecord(tx: Transaction, writer: Writer, input: WriteInput): Promise<TableRecord> {
  const scope = await openTable(tx, writer, input.tableName)
  const data = readChange(scope, input)
  touch(scope.table, data, scope.now)
  return write(tx, scope, input, data, {
    action: 'records.update',
    sentence: `Changed 1 record in ${input.tableName}.`,
  })
}

/** Writes the whole record; a column that is left out takes its default. */
export async function replaceRecord(tx: Transaction, writer: Writer, input: WriteInput): Promise<TableRecord> {
  const scope = await openTable(tx, writer, input.tableName)
  const data = readChange(scope, input)
  fillDefaults(scope.table, data, scope.now)
  touch(scope.table, data, scope.now)
  return write(tx, scope, input, data, {
    action: 'records.replace',
    sentence: `Replaced 1 record in ${input.tableName}.`,
  })
}

function readChange({ table }: WriteScope, { record, id }: WriteInput): Document {
  const given = readValues(table, record)
  checkIdentity(table, given, id.toLowerCase())
  return given.data
}

async function write(
  tx: Transaction,
  scope: WriteScope,
  { id, revision }: WriteInput,
  data: Document,
  noted: Parameters<typeof updateSet>[4],
): Promise<TableRecord> {
  const { table } = scope
  const columns = columnsOf(table, data)
  const changes: readonly Change[] = [{ id, revision, data }]
  const updated = await updateSet(tx, scope, columns, changes, noted)
  const [written] = updated
  if (!written) throw await notWritten(tx, scope, id)
  await checkUpdated(tx, scope, columns, changes, updated)
  return toRecord(table, written.row)
}

async function notWritten(tx: Transaction, scope: WriteScope, id: string): Promise<AppError> {
  const current: RecordRow | undefined = await readRecord(tx, scope, id)
  if (!current) return noRecord(scope.table, id)
  return new AppError('CONFLICT', 'Someone else has changed this record since you read it. Look at it as it is now.', {
    details: { record: toRecord(scope.table, current) },
  })
}

/** What is written to one table, by canonical documents as the change log has them (`studio.changes.before`, `after`). */
export interface RecordSet {
  readonly tableName: string
  /** Records with the ids that they are to have. */
  readonly insert?: readonly Draft[]
  /** Only the members that change; they may differ from record to record. */
  readonly update?: readonly Change[]
  readonly delete?: readonly string[]
}

/**
 * Writes any mixture of records, of any tables, as one operation: for undo and restore. In each table what goes is gone
 * before the rest changes, and new records come last, so values and ids become free in time; references are looked at
 * when everything is written, so the order of the tables does not matter. Rules hold as for any write, but nothing
 * cascades: CONSTRAINT when records stay that point to what was deleted. CONFLICT, with `details.records`, when a
 * record to change is not there or is in another revision, or one to delete is not there. Sets `updated_at`. The
 * caller writes the audit, with the same operation.
 */
export async function writeRecords(
  tx: Transaction,
  writer: Writer,
  sets: readonly RecordSet[],
  operation: string,
): Promise<void> {
  const checks: (() => Promise<void>)[] = []
  for (const set of sets) {
    const scope = await openTable(tx, writer, set.tableName, operation)
    const { table } = scope
    if (set.delete && set.delete.length > 0) {
      const gone = await deleteSet(tx, scope, set.delete)
      if (gone.count < set.delete.length) throw notAsExpected(table, set.delete)
      checks.push(() => refuseWhilePointedTo(tx, scope, gone))
    }
    for (const { columns, changes } of alike(scope, set.update ?? [])) {
      const updated = await updateSet(tx, scope, columns, changes)
      if (updated.length < changes.length) throw notAsExpected(table, notAmong(changes, updated))
      checks.push(() => checkUpdated(tx, scope, columns, changes, updated))
    }
    const drafts = set.insert ?? []
    if (drafts.length === 0) continue
    await insertSet(tx, scope, drafts)
    checks.push(() => checkInserted(tx, scope, drafts))
  }
  for (const check of checks) await check()
}

/** Changes of the same columns together: one statement each. */
function alike(
  { table, now }: WriteScope,
  changes: readonly Change[],
): readonly { readonly columns: readonly PlannedColumn[]; readonly changes: readonly Change[] }[] {
  const groups = new Map<string, { readonly columns: readonly PlannedColumn[]; readonly changes: Change[] }>()
  for (const change of changes) {
    const data: Document = { ...change.data }
    touch(table, data, now)
    const columns = columnsOf(table, data)
    const name = columns.map(({ key }) => key).join(',')
    const group = groups.get(name) ?? { columns, changes: [] }
    groups.set(name, group)
    group.changes.push({ ...change, data })
  }
  return [...groups.values()]
}

/** The columns of these members, in the table's order: equal sets have the same statement. */
function columnsOf(table: StoredTable, data: JsonObject): readonly PlannedColumn[] {
  return planOf(table).stored.filter(({ key }) => Object.hasOwn(data, key))
}

function notAmong(changes: readonly Change[], updated: readonly Updated[]): readonly string[] {
  const there = new Set(updated.map(({ row }) => row.id))
  return changes.map(({ id }) => id).filter((id) => !there.has(id))
}

function notAsExpected(table: StoredTable, records: readonly string[]): AppError {
  const some = records.slice(0, 100)
  return new AppError(
    'CONFLICT',
    `Records of table "${table.schema.name}" were changed or deleted meanwhile, so nothing was done. Look again.`,
    { details: { table: table.schema.name, records: some } },
  )
}
