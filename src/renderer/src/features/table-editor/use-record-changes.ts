import { isAbort, type StudioClient, toAppError, useApi } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { AppError } from '@shared/app-error'
import type { TableRecord } from '@shared/contract/records.contract'
import { type JsonValue, sameJson } from '@shared/json'
import { useMemo, useRef } from 'react'
import { CellEdits, type SaveOutcome } from './cell-edits'
import { UndoSteps } from './undo-steps'
import type { Records, RecordsSource } from './use-record-pages'

export interface RecordChanges {
  readonly edits: CellEdits
  /** Saves at once, on the revision that was shown. `said` makes a toast with undo. */
  readonly saveCell: (record: TableRecord, column: string, value: JsonValue, input: string, said?: string) => void
  readonly create: (values: { readonly [column: string]: JsonValue }) => Promise<TableRecord>
  /** With a toast that brings them back, and what went along with them. */
  readonly remove: (records: readonly TableRecord[]) => Promise<void>
  /** Deletes what the filter matches, if that is still so many; with the same toast. */
  readonly removeMatching: (expected: number) => Promise<void>
  readonly undo: () => Promise<void>
}

/** Everything the grid writes. */
export function useRecordChanges(source: RecordsSource, records: Records): RecordChanges {
  const { client } = useApi()
  const { databaseId, tableName } = source
  const latest = useRef({ source, records })
  latest.current = { source, records }
  return useMemo(() => {
    const steps = new UndoSteps()
    const table = { databaseId, tableName }
    const edits = new CellEdits(({ record, column, value, revision }) =>
      writeCell(client, table, record._id, { [column]: value }, revision),
    )
    const pages = () => latest.current.records.pages
    // What is shown counts as done, so it can be taken back before its answer is here.
    const saving = new Set<Promise<void>>()

    async function saveCell(record: TableRecord, column: string, value: JsonValue, input: string, said?: string) {
      const before = record[column] ?? null
      const saved = await edits.save({ record, column, value }, input)
      if (!saved) {
        const left = edits.of(record._id)?.get(column)
        // Its record is gone from the grid, deleted or filtered out: nobody would see the mark in the cell.
        if (left?.state === 'failed' && pages().rowOf(record._id) === null) {
          edits.clear(record._id, column)
          toast.error(`"${input}" was not saved to ${column}. ${left.reason}`)
        }
        return
      }
      pages().replace(saved)
      const step = {
        what: `Edit of ${column}`,
        undo: async () => pages().replace(await putBack(client, table, saved, column, before)),
      }
      steps.push(step)
      if (said !== undefined) toast.success(said, { undo: () => steps.undoStep(step) })
    }

    function sayDeleted(count: number, operations: readonly string[]) {
      const records = countOf(count, 'record')
      if (operations.length === 0) return toast.success(`${records} deleted.`)
      const step = {
        what: `Deletion of ${records}`,
        async undo() {
          for (const operation of [...operations].reverse()) await client.changes.undo({ databaseId, operation })
          latest.current.records.refresh()
        },
      }
      steps.push(step)
      toast.success(`${records} deleted.`, { undo: () => steps.undoStep(step) })
    }

    return {
      edits,
      saveCell(...save) {
        const done = saveCell(...save).finally(() => saving.delete(done))
        saving.add(done)
      },
      async create(values) {
        const { record } = await client.records.create({ ...table, record: values })
        if (!record) throw new AppError('INTERNAL', 'The studio did not answer with the new record.')
        steps.push({
          what: 'New record',
          async undo() {
            await client.records.delete({ params: { databaseId, recordId: record._id }, query: { table: tableName } })
            pages().remove(new Set([record._id]))
          },
        })
        return record
      },
      async remove(gone) {
        const ids = gone.map((record) => record._id)
        const operations = await deleteByIds(client, table, ids)
        pages().remove(new Set(ids))
        latest.current.records.refresh()
        sayDeleted(gone.length, operations)
      },
      async removeMatching(expected) {
        const filters = latest.current.source.filter ?? { and: [] }
        const { deleted, operation } = await client.records.deleteMany({ ...table, filters, expected })
        latest.current.records.refresh()
        sayDeleted(deleted, operation === undefined ? [] : [operation])
      },
      async undo() {
        try {
          await Promise.all(saving)
          const step = await steps.undo()
          if (step) toast.success(`${step.what} undone.`)
        } catch (error) {
          toast.error(`This could not be undone. ${toAppError(error).message}`)
        }
      },
    }
  }, [client, databaseId, tableName])
}

interface TableName {
  readonly databaseId: string
  readonly tableName: string
}

async function writeCell(
  client: StudioClient,
  { databaseId, tableName }: TableName,
  recordId: string,
  values: { readonly [column: string]: JsonValue },
  revision: number,
): Promise<SaveOutcome> {
  const at = { params: { databaseId, recordId }, query: { table: tableName } }
  try {
    const { record } = await client.records.update({ ...at, body: { record: { ...values }, revision } })
    return { ok: true, record }
  } catch (error) {
    const { code, message } = toAppError(error)
    const theirs = code === 'CONFLICT' ? await currentRecord(client, at) : null
    const reason = isAbort(error) ? 'The connection ended before this was saved. Save it again.' : message
    return { ok: false, reason, theirs: theirs && theirs._revision !== revision ? theirs : null }
  }
}

async function currentRecord(
  client: StudioClient,
  at: { params: { databaseId: string; recordId: string }; query: { table: string } },
): Promise<TableRecord | null> {
  try {
    return (await client.records.get(at)).record
  } catch {
    // Without the other version it is shown as a plain failure; saving again asks anew.
    return null
  }
}

async function putBack(
  client: StudioClient,
  { databaseId, tableName }: TableName,
  saved: TableRecord,
  column: string,
  before: JsonValue,
): Promise<TableRecord> {
  const at = { params: { databaseId, recordId: saved._id }, query: { table: tableName } }
  const { record } = await client.records.get(at)
  if (!sameJson(record[column], saved[column]))
    throw new AppError('CONFLICT', 'The cell was changed since, and that change stays.')
  const body = { record: { [column]: before }, revision: record._revision }
  return (await client.records.update({ ...at, body })).record
}

/** One statement by id where it fits; answers the operations, in their order. */
async function deleteByIds(client: StudioClient, table: TableName, ids: readonly string[]): Promise<string[]> {
  const operations: string[] = []
  for (let first = 0; first < ids.length; first += deleteBatch) {
    const batch = ids.slice(first, first + deleteBatch)
    const filters = { column: '_id', op: 'in', value: batch } as const
    const { operation } = await client.records.deleteMany({ ...table, filters })
    if (operation !== undefined) operations.push(operation)
  }
  return operations
}

const deleteBatch = 1000
