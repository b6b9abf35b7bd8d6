import { AppError } from '@shared/app-error'
import type { JsonObject, JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import { deleteSet } from '../records/delete-set.service'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { type Change, checkInserted, checkUpdated, insertSet, updateSet } from '../records/record-sets.service'
import { createDraft, type Document, type Draft, touch } from '../records/record-values'
import type { WriteScope } from '../records/write-scope'
import {
  countLoggedSql,
  releaseSavepointSql,
  rollbackToSavepointSql,
  savepointSql,
  selectByKeysSql,
} from './batch-import.sql'
import type { RowSource, SourceRow } from './formats/row'
import { ownId } from './import-columns'
import { type ReadingColumn, readCell, rejectOf, sentence, type Watch } from './read-rows'
import type { RejectLog } from './rejects'

/** Rows of one statement. */
const batchSize = 1000

export interface BatchImport {
  readonly source: RowSource
  readonly columns: readonly ReadingColumn[]
  readonly rejects: RejectLog
  readonly watch: Watch
  /** Records with the same values in these columns are changed; empty: all rows are new records. */
  readonly key: readonly string[]
}

interface Row {
  readonly line: number
  readonly draft: Draft
  readonly values: readonly JsonValue[]
}

/**
 * Rows into a table that may have records, each with its lines in the change log, a statement for many. A row that breaks
 * a rule is rejected by itself, and the others go on. References of a table to itself are filled at the end, so that the
 * order of the rows does not matter.
 */
export async function importBatches(
  tx: Transaction,
  scope: WriteScope,
  { source, columns, rejects, watch, key }: BatchImport,
): Promise<{ readonly inserted: number; readonly updated: number }> {
  const { table, now } = scope
  const plan = planOf(table)
  const keyColumns = key.flatMap((name) => plan.byName.get(name) ?? [])
  const filled = columns.filter(({ source: from }) => from !== null)
  const own = filled.filter(
    ({ planned }) => planned.column.references?.table === table.schema.name && !planned.isRequired,
  )
  const later: { readonly row: Row; readonly data: Document }[] = []
  let inserted = 0
  let updated = 0
  let rows = 0
  let waiting: Row[] = []
  let keys = new Set<string>()

  async function refuse(row: Row, error: AppError): Promise<void> {
    const details: { column?: unknown } = Object(error.details ?? {})
    const column = typeof details.column === 'string' ? details.column : null
    await rejects.add({ line: row.line, column, reason: error.message }, row.values)
  }

  /** All of the rows, but for those that break a rule. */
  async function settle<T extends { readonly row: Row }>(
    items: readonly T[],
    write: (items: readonly T[]) => Promise<void>,
  ): Promise<number> {
    if (items.length === 0) return 0
    await tx.execute(savepointSql)
    try {
      await write(items)
      await tx.execute(releaseSavepointSql)
      return items.length
    } catch (error) {
      if (!(error instanceof AppError) || !ruleCodes.has(error.code)) throw error
      await tx.execute(rollbackToSavepointSql)
      await tx.execute(releaseSavepointSql)
      const [only] = items
      if (items.length === 1 && only) {
        await refuse(only.row, error)
        return 0
      }
      const { index }: { index?: unknown } = Object(error.details ?? {})
      if (typeof index === 'number' && index < items.length) {
        const wrong = items[index]
        const before = await settle(items.slice(0, index), write)
        if (wrong) await refuse(wrong.row, error)
        return before + (await settle(items.slice(index + 1), write))
      }
      const half = Math.ceil(items.length / 2)
      return (await settle(items.slice(0, half), write)) + (await settle(items.slice(half), write))
    }
  }

  async function flush(): Promise<void> {
    const batch = waiting
    waiting = []
    keys = new Set()
    if (batch.length === 0) return
    const ids = keyColumns.length === 0 ? new Map<number, string>() : await findByKey(tx, scope, keyColumns, batch)
    const fresh = batch.filter((_, at) => !ids.has(at)).map((row) => ({ row }))
    inserted += await settle(fresh, async (items) => {
      const drafts = items.map(({ row }) => row.draft)
      await insertSet(tx, scope, drafts)
      await checkInserted(tx, scope, drafts)
    })
    const written = changedColumns(scope, filled, keyColumns)
    const changes = batch.flatMap((row, at) => {
      const id = ids.get(at)
      return id === undefined ? [] : [{ row, change: changeOf(scope, row.draft, id, written) }]
    })
    updated += await settle(changes, (items) =>
      update(
        tx,
        scope,
        written,
        items.map(({ change }) => change),
      ),
    )
  }

  for await (const batch of source.rows(watch.signal)) {
    if (watch.signal?.aborted === true) throw new AppError('CANCELLED', 'The import was cancelled.')
    for (const given of batch) {
      rows += 1
      const row = await readRow(given)
      if (row === null) continue
      const text =
        keyColumns.length === 0 ? null : JSON.stringify(keyColumns.map((column) => keyValueOf(column, row.draft)))
      // The same key twice: the later one changes what the earlier one made.
      if (text !== null && keys.has(text)) await flush()
      if (text !== null) keys.add(text)
      waiting.push(row)
      if (waiting.length >= batchSize) await flush()
    }
    watch.report(rows)
    if (rejects.count >= watch.enough) return { inserted, updated }
  }
  await flush()
  const planned = own.map((column) => column.planned)
  for (let from = 0; from < later.length; from += batchSize) {
    const some = later.slice(from, from + batchSize)
    const settled = new Set<string>()
    await settle(some, async (items) => {
      await update(
        tx,
        scope,
        planned,
        items.map(({ row, data }) => ({ id: row.draft.id, data })),
      )
      for (const { row } of items) settled.add(row.draft.id)
    })
    // What points to nothing is not there without its reference either.
    const wrong = some.flatMap(({ row }) => (settled.has(row.draft.id) ? [] : [row.draft.id]))
    if (wrong.length > 0) inserted -= (await deleteSet(tx, scope, wrong)).count
  }
  if (later.length === 0) await verify(tx, scope, inserted)
  return { inserted, updated }

  async function readRow(given: SourceRow): Promise<Row | null> {
    if ('problem' in given) {
      await rejects.add({ line: given.line, column: null, reason: sentence(given.problem) })
      return null
    }
    const record: { [name: string]: JsonValue } = {}
    let id: string | undefined
    for (const column of filled) {
      const cell = readCell(column, given.values, source.isText)
      if ('reason' in cell) {
        await rejects.add(rejectOf(given, columns, source.isText), given.values)
        return null
      }
      const { planned } = column
      if (planned === ownId) {
        if (typeof cell.value === 'string') id = cell.value
        continue
      }
      if (cell.value === null && (planned.isId || (planned.isRequired && planned.fallback.kind !== 'none'))) continue
      record[planned.name] = cell.value
    }
    const deferred: JsonObject = Object.fromEntries(
      own.map(({ planned }) => [planned.key, record[planned.name] ?? null]),
    )
    for (const { planned } of own) delete record[planned.name]
    try {
      const made = createDraft(table, record, now)
      const row = { line: given.line, draft: id === undefined ? made : { ...made, id }, values: given.values }
      if (Object.values(deferred).some((value) => value !== null)) later.push({ row, data: { ...deferred } })
      return row
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      await refuse({ line: given.line, draft: { id: '', data: {} }, values: given.values }, error)
      return null
    }
  }
}

const ruleCodes: ReadonlySet<string> = new Set(['CONSTRAINT', 'VALIDATION', 'CONFLICT', 'TOO_LARGE'])

async function findByKey(
  tx: Transaction,
  { projectId, table }: WriteScope,
  key: readonly PlannedColumn[],
  rows: readonly Row[],
): Promise<ReadonlyMap<number, string>> {
  const values = JSON.stringify(rows.map(({ draft }) => key.map((column) => keyValueOf(column, draft))))
  const found = await tx.query<{ place: number; id: string }>(selectByKeysSql(projectId, table, key, values))
  return new Map(found.map(({ place, id }) => [place, id]))
}

function keyValueOf({ isId, key }: PlannedColumn, draft: Draft): JsonValue {
  return isId ? draft.id : (draft.data[key] ?? null)
}

function changedColumns(
  { table, now }: WriteScope,
  filled: readonly ReadingColumn[],
  key: readonly PlannedColumn[],
): readonly PlannedColumn[] {
  const data: Document = {}
  for (const { planned } of filled) if (!planned.isId && !key.includes(planned)) data[planned.key] = null
  if (Object.keys(data).length > 0) touch(table, data, now)
  return planOf(table).stored.filter((column) => Object.hasOwn(data, column.key))
}

function changeOf({ table, now }: WriteScope, draft: Draft, id: string, columns: readonly PlannedColumn[]): Change {
  const data: Document = Object.fromEntries(columns.map((column) => [column.key, draft.data[column.key] ?? null]))
  touchOnly(table, data, now)
  return { id, data }
}

function touchOnly(table: WriteScope['table'], data: Document, now: string): void {
  const touched: Document = {}
  touch(table, touched, now)
  for (const [key, value] of Object.entries(touched)) if (Object.hasOwn(data, key)) data[key] = value
}

async function update(
  tx: Transaction,
  scope: WriteScope,
  columns: readonly PlannedColumn[],
  changes: readonly Change[],
): Promise<void> {
  if (columns.length === 0) return
  await checkUpdated(tx, scope, columns, changes, await updateSet(tx, scope, columns, changes))
}

/** The log says what was written; when it says something else, nothing is reported as done. */
async function verify(tx: Transaction, { projectId, table, operation }: WriteScope, inserted: number): Promise<void> {
  const [logged] = await tx.query<{ inserted: number }>(countLoggedSql(projectId, table.id, operation.id))
  if ((logged?.inserted ?? 0) !== inserted)
    throw new AppError('INTERNAL', `${inserted} records were imported, and ${logged?.inserted} are in the log`)
}
