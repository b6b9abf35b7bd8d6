import type { SaveConflict } from '@shared/contract/record-sets.contract'
import { saveConflict } from '@shared/contract/record-sets.contract'
import type { TableRecord } from '@shared/contract/records.contract'
import { type JsonObject, type JsonValue, sameJson } from '@shared/json'
import { z } from 'zod'
import { type GridColumn, mustBeGiven } from '../grid-column'
import type { ReadStaged, StagedCell, StagedCreate, StagedPatch, StagedRecord, StagedUpdate } from './staged-record'

/** From staged edits to what is sent, and from the answer back to what stays staged. */

export interface SentUpdate {
  readonly id: string
  readonly record: JsonObject
  readonly base: JsonObject
}

export interface StagedBatch {
  readonly create: readonly { readonly record: JsonObject }[]
  readonly update: readonly SentUpdate[]
  readonly delete: readonly { readonly id: string; readonly revision?: number }[]
  /** The ids that the new records have here, in the order of `create`. */
  readonly drafts: readonly string[]
}

export interface StagedPlan {
  readonly batches: readonly StagedBatch[]
  /** New records that lack a value or have one that does not fit. */
  readonly incomplete: readonly { readonly id: string; readonly column: string }[]
}

export interface PlanOptions {
  /** New records that somebody is still writing. */
  readonly held?: string | null
  /** Also what was refused before. */
  readonly retry: boolean
}

/** The studio takes 10,000 records and 10 MB in one call. */
const mostRecords = 10_000
const mostCharacters = 3_000_000

export function planSave(
  staged: Iterable<StagedRecord>,
  columns: readonly GridColumn[],
  { held = null, retry }: PlanOptions,
): StagedPlan {
  const batches: StagedBatch[] = []
  const incomplete: { id: string; column: string }[] = []
  let open = emptyBatch()
  let size = 0
  function add(text: unknown, put: () => void) {
    const length = JSON.stringify(text).length
    const records = open.create.length + open.update.length + open.delete.length
    if (records > 0 && (records >= mostRecords || size + length > mostCharacters)) {
      batches.push(open)
      open = emptyBatch()
      size = 0
    }
    size += length
    put()
  }
  const ordered = [...staged].sort((a, b) => order(a) - order(b))
  for (const entry of ordered) {
    if (entry.kind === 'delete') {
      if (entry.theirs) continue
      const one = { id: entry.id, ...(entry.revision === null ? {} : { revision: entry.revision }) }
      add(one, () => open.delete.push(one))
    } else if (entry.kind === 'update') {
      const one = entry.problem === undefined ? updateOf(entry, retry) : null
      if (one) add(one, () => open.update.push(one))
    } else {
      const column = entry.id === held || (entry.problem !== undefined && !retry) ? null : lacking(entry, columns)
      if (column !== null && column !== undefined) incomplete.push({ id: entry.id, column })
      if (column !== undefined || entry.id === held || (!retry && isRefused(entry))) continue
      const record = valuesOf(entry)
      add(record, () => {
        open.create.push({ record })
        open.drafts.push(entry.id)
      })
    }
  }
  if (size > 0) batches.push(open)
  return { batches, incomplete }
}

/** Cells, new records and deletions. */
export function sizeOf(batch: StagedBatch): number {
  const cells = batch.update.reduce((sum, { record }) => sum + Object.keys(record).length, 0)
  return cells + batch.create.length + batch.delete.length
}

/** The column of a new record that has no value that can be saved; undefined when it is complete. */
export function lacking({ cells }: StagedCreate, columns: readonly GridColumn[]): string | undefined {
  for (const column of columns) {
    const cell = cells.get(column.name)
    if (cell ? cell.kind !== 'value' || (cell.value === null && !column.nullable) : mustBeGiven(column))
      return column.name
  }
  return undefined
}

export interface SavedAnswer {
  readonly created: readonly string[]
  readonly records: readonly TableRecord[]
}

/** What stays staged after a batch was saved: only what was edited while it was on its way. */
export function settleSaved(read: ReadStaged, sent: StagedBatch, saved: SavedAnswer): StagedPatch {
  const records = new Map(saved.records.map((record) => [record._id, record]))
  const patch = new Map<string, StagedRecord | null>()
  for (const { id } of sent.delete) if (read(id)?.kind === 'delete') patch.set(id, null)
  for (const update of sent.update) {
    const entry = read(update.id)
    if (entry?.kind !== 'update') continue
    const cells = new Map<string, StagedCell>()
    for (const [column, cell] of entry.cells) {
      const value = update.record[column]
      if (value === undefined) cells.set(column, cell)
      else {
        const left = afterSaved(cell, value, records.get(update.id)?.[column] ?? value)
        if (left) cells.set(column, left)
      }
    }
    patch.set(update.id, cells.size === 0 ? null : { ...entry, cells })
  }
  for (const [index, draft] of sent.drafts.entries()) {
    const entry = read(draft)
    const id = saved.created[index]
    const record = id === undefined ? undefined : records.get(id)
    if (entry) patch.set(draft, null)
    if (id === undefined || !record) continue
    // It was taken back while it was on its way: the record that is there now goes the same way.
    if (!entry) patch.set(id, { kind: 'delete', id, label: id, revision: record._revision })
    else if (entry.kind === 'create') {
      const left = editedMeanwhile(entry, sent.create[index]?.record ?? {}, record)
      if (left) patch.set(id, left)
    }
  }
  return patch
}

const conflictDetails = z.object({ conflicts: z.array(saveConflict) })

/** The conflicts that a refusal names; none when it is of another kind. */
export function conflictsOf(details: unknown): readonly SaveConflict[] {
  const read = conflictDetails.safeParse(details)
  return read.success ? read.data.conflicts : []
}

export function markConflicts(read: ReadStaged, conflicts: readonly SaveConflict[]): StagedPatch {
  const patch = new Map<string, StagedRecord | null>()
  for (const { id, kind, column, theirs, base, by, at } of conflicts) {
    const entry = patch.get(id) ?? read(id)
    const who = { ...(by === undefined ? {} : { by }), ...(at === undefined ? {} : { at }) }
    if (entry?.kind === 'delete' && kind === 'changed') patch.set(id, { ...entry, theirs: { record: theirs, ...who } })
    if (entry?.kind !== 'update') continue
    if (kind === 'deleted') patch.set(id, { ...entry, problem: 'Somebody else deleted this record.' })
    const cell = column === null ? undefined : entry.cells.get(column)
    if (column === null || cell?.kind !== 'value') continue
    const marked: StagedCell = { kind: 'conflict', value: cell.value, base: cell.base ?? base, theirs, ...who }
    patch.set(id, { ...entry, cells: new Map(entry.cells).set(column, marked) })
  }
  return patch
}

const whereDetails = z.object({
  list: z.enum(['create', 'update']),
  index: z.int().optional(),
  id: z.string().optional(),
  column: z.string().optional(),
})

/** The record that a refusal is about, marked with its reason; null when the refusal names none. */
export function markRefused(read: ReadStaged, sent: StagedBatch, details: unknown, reason: string): StagedPatch | null {
  const where = whereDetails.safeParse(details)
  if (!where.success) return null
  const { list, index, id, column } = where.data
  const entry = read((list === 'create' ? sent.drafts[index ?? 0] : id) ?? '')
  if (!entry || entry.kind === 'delete') return null
  const cell = column === undefined ? undefined : entry.cells.get(column)
  if (column !== undefined && cell?.kind === 'value')
    return new Map([[entry.id, { ...entry, cells: new Map(entry.cells).set(column, { ...cell, problem: reason }) }]])
  if (entry.kind === 'create') return new Map([[entry.id, { ...entry, problem: reason }]])
  for (const [first, one] of entry.cells)
    if (one.kind === 'value')
      return new Map([[entry.id, { ...entry, cells: new Map(entry.cells).set(first, { ...one, problem: reason }) }]])
  return null
}

interface OpenBatch {
  readonly create: { record: JsonObject }[]
  readonly update: SentUpdate[]
  readonly delete: { id: string; revision?: number }[]
  readonly drafts: string[]
}

function emptyBatch(): OpenBatch {
  return { create: [], update: [], delete: [], drafts: [] }
}

function order(entry: StagedRecord): number {
  return entry.kind === 'create' ? entry.at : -1
}

function updateOf({ id, cells }: StagedUpdate, retry: boolean): SentUpdate | null {
  const record: { [column: string]: JsonValue } = {}
  const base: { [column: string]: JsonValue } = {}
  let some = false
  for (const [column, cell] of cells) {
    if (cell.kind !== 'value' || (cell.problem !== undefined && !retry)) continue
    record[column] = cell.value
    base[column] = cell.base ?? null
    some = true
  }
  return some ? { id, record, base } : null
}

function valuesOf({ cells }: StagedCreate): JsonObject {
  const record: { [column: string]: JsonValue } = {}
  for (const [column, cell] of cells) if (cell.kind === 'value') record[column] = cell.value
  return record
}

function isRefused({ cells }: StagedCreate): boolean {
  for (const cell of cells.values()) if (cell.kind === 'value' && cell.problem !== undefined) return true
  return false
}

/** A cell whose value was saved, as it goes on: not at all, unless it was edited meanwhile. */
function afterSaved(cell: StagedCell, sent: JsonValue, saved: JsonValue): StagedCell | undefined {
  if (cell.kind === 'unfit') return { ...cell, base: saved }
  if (sameJson(cell.value, sent) || sameJson(cell.value, saved)) return undefined
  return { kind: 'value', value: cell.value, base: saved }
}

function editedMeanwhile(entry: StagedCreate, sent: JsonObject, record: TableRecord): StagedUpdate | null {
  const cells = new Map<string, StagedCell>()
  for (const [column, cell] of entry.cells) {
    const saved = record[column] ?? null
    const left = afterSaved(cell, sent[column] ?? saved, saved)
    if (left) cells.set(column, left.kind === 'unfit' ? left : { ...left, base: saved })
  }
  return cells.size === 0 ? null : { kind: 'update', id: record._id, label: record._id, cells }
}
