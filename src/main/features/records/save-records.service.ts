import { createHash } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { TableRecord } from '@shared/contract/record'
import type { JsonObject } from '@shared/json'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import type { Writer } from '../tables/tables.service'
import { deleteSet, letGo } from './delete-set.service'
import type { TableAt } from './page.sql'
import { type RecordRow, toRecord } from './record'
import type { PlannedColumn } from './record-plan'
import { type RawRow, wholeRecord } from './record-row.sql'
import { type Change, checkInserted, checkUpdated, insertSet, updateSet } from './record-sets.service'
import { checkIdentity, createDraft, type Document, type Draft, readValues, touch } from './record-values'
import { refuseConflicts, type SavedDelete, type SavedUpdate } from './save-conflicts.service'
import {
  lockKeySql,
  lockSetTemplate,
  readSetTemplate,
  type SavedEntry,
  selectSavedSql,
  selectWrittenSql,
  type WrittenRecord,
} from './save-records.sql'
import { bound, statementOf } from './statement'
import { columnsOf } from './write-records.service'
import { openTable, type WriteScope } from './write-scope'

const action = 'records.save'

export interface SaveInput {
  readonly tableName: string
  readonly key?: string | undefined
  readonly create: readonly JsonObject[]
  readonly update: readonly Omit<SavedUpdate, 'data'>[]
  readonly delete: readonly SavedDelete[]
  /** What was sent, as `digestOf` tells it from all else. */
  readonly digest: string
}

export interface Saved {
  readonly operation: string
  readonly created: string[]
  readonly deleted: number
  readonly records: TableRecord[]
  readonly repeated: boolean
}

/**
 * Writes a batch as one operation. What goes is gone before the rest changes, so that its unique values are free, and
 * references are looked at when all is written. CONFLICT with `details.conflicts` (see `refuseConflicts`); an error of one
 * record says which: `details.list`, with `details.index` among the created, or `details.id`.
 */
export async function saveRecords(tx: Transaction, writer: Writer, input: SaveInput): Promise<Saved> {
  const scope = await openTable(tx, writer, input.tableName, input.key?.toLowerCase())
  const before = input.key === undefined ? undefined : await savedBefore(tx, scope, input)
  if (before) return before
  const { table, now } = scope
  const updates = input.update.map((update) => readUpdate(scope, update))
  const deletes = input.delete.map((one) => ({ ...one, id: one.id.toLowerCase() }))
  const ids = [...updates, ...deletes].map(({ id }) => id)
  refuseTwice(ids)
  const rows = ids.length === 0 ? new Map<string, RecordRow>() : await lockRecords(tx, scope, ids)
  await refuseConflicts(tx, scope, rows, updates, deletes)
  const drafts = input.create.map((record, index) =>
    within({ list: 'create' }, () => createDraft(table, record, now, index)),
  )
  const deleted = await write(tx, scope, {
    drafts,
    updates: updates.filter(({ data }) => Object.keys(data).length > 0),
    deletes: deletes.flatMap(({ id }) => (rows.has(id) ? [id] : [])),
  })
  await recordActivity(tx, {
    projectId: scope.projectId,
    principal: writer.principal,
    action,
    sentence: sentenceOf(table.schema.name, drafts.length, updates.length, deleted),
    tableId: table.id,
    kind: 'records',
    operation: scope.operation.id,
    details: { digest: input.digest, deleted },
  })
  const created = drafts.map(({ id }) => id)
  const written = [...created, ...updates.map(({ id }) => id)]
  const records = await readRecords(tx, scope, written)
  return { operation: scope.operation.id, created, deleted, records, repeated: false }
}

/** Secrets are left out: the digest is kept. */
export function digestOf(input: object): string {
  const text = JSON.stringify(input, (name, value: unknown) => (name === 'password_hash' ? null : value))
  return createHash('sha256').update(text).digest('base64url')
}

async function savedBefore(tx: Transaction, scope: WriteScope, { digest }: SaveInput): Promise<Saved | undefined> {
  const { projectId, table, operation } = scope
  await tx.execute(lockKeySql(operation.id))
  const entries = await tx.query<SavedEntry>(selectSavedSql(projectId, operation.id))
  const [entry] = entries
  if (!entry) return undefined
  if (entry.action !== action || entry.table_id !== table.id || entry.details?.digest !== digest)
    throw new AppError('CONFLICT', 'This key was used for another save. Every save has a key of its own.', {
      details: { key: operation.id },
    })
  const written = await tx.query<WrittenRecord>(selectWrittenSql(scope, operation.id))
  const created = written.flatMap(({ id, op }) => (op === 'insert' ? [id] : []))
  const records = await readRecords(tx, scope, [...new Set(written.map(({ id }) => id))])
  return { operation: operation.id, created, deleted: Number(entry.details.deleted), records, repeated: true }
}

function readUpdate({ table }: WriteScope, update: SaveInput['update'][number]): SavedUpdate {
  const id = update.id.toLowerCase()
  return within({ list: 'update', id }, () => {
    const given = readValues(table, update.record)
    checkIdentity(table, given, id)
    return { ...update, id, data: given.data }
  })
}

function refuseTwice(ids: readonly string[]): void {
  const seen = new Set<string>()
  for (const id of ids) {
    if (seen.has(id))
      throw new AppError('VALIDATION', `The record ${id} is twice in this save. Send all of its changes together.`, {
        details: { id },
      })
    seen.add(id)
  }
}

async function write(
  tx: Transaction,
  scope: WriteScope,
  sets: {
    readonly drafts: readonly Draft[]
    readonly updates: readonly SavedUpdate[]
    readonly deletes: readonly string[]
  },
): Promise<number> {
  const { drafts, updates, deletes } = sets
  const checks: (() => Promise<unknown>)[] = []
  const gone = deletes.length > 0 ? await deleteSet(tx, scope, deletes) : undefined
  for (const { columns, changes } of alike(scope, updates)) {
    const where = (index: number | undefined) => ({ list: 'update', id: changes[index ?? 0]?.id })
    const updated = await located(where, changes.length, () => updateSet(tx, scope, columns, changes))
    checks.push(() => located(where, changes.length, () => checkUpdated(tx, scope, columns, changes, updated)))
  }
  if (drafts.length > 0) {
    const where = (index: number | undefined) => ({ list: 'create', index: index ?? 0 })
    await located(where, drafts.length, () => insertSet(tx, scope, drafts))
    checks.push(() => located(where, drafts.length, () => checkInserted(tx, scope, drafts)))
  }
  for (const check of checks) await check()
  if (gone) await letGo(tx, scope, gone)
  return gone?.count ?? 0
}

/** Changes of the same columns together: one statement each. Sets `updated_at`. */
function alike(
  { table, now }: WriteScope,
  updates: readonly SavedUpdate[],
): readonly { readonly columns: readonly PlannedColumn[]; readonly changes: readonly Change[] }[] {
  const groups = new Map<string, { readonly columns: readonly PlannedColumn[]; readonly changes: Change[] }>()
  for (const { id, data: given } of updates) {
    const data: Document = { ...given }
    touch(table, data, now)
    const columns = columnsOf(table, data)
    const name = columns.map(({ key }) => key).join(',')
    const group = groups.get(name) ?? { columns, changes: [] }
    groups.set(name, group)
    group.changes.push({ id, data })
  }
  return [...groups.values()]
}

async function lockRecords(
  tx: Transaction,
  at: TableAt,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RecordRow>> {
  const statement = statementOf(at.table, 'lock set', () => lockSetTemplate(at))
  const rows = await tx.query<RawRow>(bound(statement, { ids }))
  const { read } = wholeRecord(at.table)
  return new Map(rows.map((raw) => read(raw)).map((row) => [row.id, row]))
}

async function readRecords(tx: Transaction, at: TableAt, ids: readonly string[]): Promise<TableRecord[]> {
  if (ids.length === 0) return []
  const statement = statementOf(at.table, 'read set', () => readSetTemplate(at))
  const rows = await tx.query<RawRow>(bound(statement, { ids }))
  const { read } = wholeRecord(at.table)
  return rows.map((raw) => toRecord(at.table, read(raw)))
}

/** An error of one record, with where that stands in what was sent. */
function within<T>(where: object, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw withDetails(error, where)
  }
}

/** The same of a set, whose errors have the record's `index` where they are of one among several. */
async function located<T>(
  where: (index: number | undefined) => object,
  count: number,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const index = error instanceof AppError ? indexOf(error.details) : undefined
    if (index === undefined && count > 1) throw error
    throw withDetails(error, where(index))
  }
}

function indexOf(details: unknown): number | undefined {
  if (typeof details !== 'object' || details === null || !('index' in details)) return undefined
  return typeof details.index === 'number' ? details.index : undefined
}

function withDetails(error: unknown, where: object): unknown {
  if (!(error instanceof AppError) || (error.code !== 'VALIDATION' && error.code !== 'CONSTRAINT')) return error
  const { index: _, ...details }: { index?: unknown } = Object(error.details ?? {})
  const kept = 'list' in where && where.list === 'create' ? Object(error.details ?? {}) : details
  return new AppError(error.code, error.message, { details: { ...kept, ...where }, cause: error.cause })
}

function sentenceOf(table: string, created: number, updated: number, deleted: number): string {
  const parts = [
    [created, 'created'],
    [updated, 'changed'],
    [deleted, 'deleted'],
  ] as const
  const done = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count.toLocaleString('en')} ${word}`]))
  return `Saved records of ${table}: ${done.length === 0 ? 'nothing left to do' : done.join(', ')}.`
}
