import type { TableRecord } from '@shared/contract/records.contract'
import { type JsonValue, sameJson } from '@shared/json'

/** What is staged and not saved yet, by record. All values are immutable; a change makes new ones. */

/** What one cell is to become. `base` is what it held when its edit began; of new records it is left out. */
export type StagedCell =
  | { readonly kind: 'value'; readonly value: JsonValue; readonly base?: JsonValue; readonly problem?: string }
  /** Does not fit the column: what was written is kept until it is corrected or given up. */
  | { readonly kind: 'unfit'; readonly input: string; readonly reason: string; readonly base?: JsonValue }
  /** Somebody else wrote the same cell meanwhile. */
  | {
      readonly kind: 'conflict'
      readonly value: JsonValue
      readonly base: JsonValue
      readonly theirs: JsonValue
      readonly by?: string
      readonly at?: string
    }

export type StagedCells = ReadonlyMap<string, StagedCell>

export interface StagedUpdate {
  readonly kind: 'update'
  readonly id: string
  /** What people know the record by. */
  readonly label: string
  readonly cells: StagedCells
  /** Why the record as a whole cannot be saved: it is gone. */
  readonly problem?: string
}

export interface StagedCreate {
  readonly kind: 'create'
  /** Of this machine only: the record's own id comes with saving. */
  readonly id: string
  /** New records stand in the order of these numbers. */
  readonly at: number
  readonly cells: StagedCells
  readonly problem?: string
}

export interface StagedDelete {
  readonly kind: 'delete'
  readonly id: string
  readonly label: string
  /** The revision that was seen; null deletes whatever is there. */
  readonly revision: number | null
  /** Somebody else changed the record since: what it is now. */
  readonly theirs?: { readonly record: JsonValue; readonly by?: string; readonly at?: string }
}

export type StagedRecord = StagedUpdate | StagedCreate | StagedDelete

/** What becomes of some records' staged edits; null: nothing is staged any more. */
export type StagedPatch = ReadonlyMap<string, StagedRecord | null>

/** What a cell is set to. `default` leaves a cell of a new record to its column, and takes any other edit back. */
export type CellInput =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'unfit'; readonly input: string; readonly reason: string }
  | { readonly kind: 'default' }

/** A record that was read, or the id of a new one. */
export type CellTarget = TableRecord | string

export interface CellChange {
  readonly target: CellTarget
  readonly column: string
  readonly to: CellInput
}

export type ReadStaged = (id: string) => StagedRecord | undefined

export const noCells: StagedCells = new Map()

export function targetId(target: CellTarget): string {
  return typeof target === 'string' ? target : target._id
}

/** The patch that sets these cells. A value set back to what it was leaves; a deleted record takes no values. */
export function setCells(read: ReadStaged, changes: Iterable<CellChange>): StagedPatch {
  const open = new Map<
    string,
    { readonly entry: StagedUpdate | StagedCreate; readonly cells: Map<string, StagedCell> }
  >()
  for (const { target, column, to } of changes) {
    const id = targetId(target)
    let draft = open.get(id)
    if (!draft) {
      const entry = read(id)
      if (entry?.kind === 'delete' || (!entry && typeof target === 'string')) continue
      draft = { entry: entry ?? newUpdate(target), cells: new Map(entry?.cells) }
      open.set(id, draft)
    }
    const cell = nextCell(draft.cells.get(column), target, column, to)
    if (cell) draft.cells.set(column, cell)
    else draft.cells.delete(column)
  }
  return new Map(
    [...open].map(([id, { entry, cells }]) => {
      const { problem: _, ...kept } = entry
      return [id, entry.kind === 'update' && cells.size === 0 ? null : { ...kept, cells }]
    }),
  )
}

export function deleteRecords(read: ReadStaged, targets: readonly CellTarget[]): StagedPatch {
  return new Map(
    targets.flatMap((target): [string, StagedRecord | null][] => {
      const id = targetId(target)
      if (read(id)?.kind === 'delete') return []
      if (typeof target === 'string') return read(id) ? [[id, null]] : []
      return [[id, { kind: 'delete', id, label: labelOf(target), revision: target._revision }]]
    }),
  )
}

export function createRecords(
  first: number,
  rows: readonly (readonly [id: string, cells: StagedCells])[],
): StagedPatch {
  return new Map(rows.map(([id, cells], index) => [id, { kind: 'create', id, at: first + index, cells }]))
}

/**
 * What a newer version of a record does to its staged edits: the same value written by others leaves the queue, another
 * one is a conflict. Null when nothing changes.
 */
export function rebase(read: ReadStaged, record: TableRecord): StagedPatch | null {
  const entry = read(record._id)
  if (entry?.kind !== 'update') return null
  let changed = false
  const cells = new Map(entry.cells)
  for (const [column, cell] of entry.cells) {
    const theirs = record[column]
    if (theirs === undefined || cell.base === undefined) continue
    const next = rebaseCell(cell, cell.base, theirs)
    if (next === cell) continue
    changed = true
    if (next) cells.set(column, next)
    else cells.delete(column)
  }
  return changed ? new Map([[entry.id, cells.size === 0 ? null : { ...entry, cells }]]) : null
}

/** Of each conflict that is chosen, one side: `theirs` gives the edit up, `mine` saves over what they wrote. */
export function settle(
  read: ReadStaged,
  conflicts: readonly { readonly id: string; readonly column: string | null }[],
  keep: 'mine' | 'theirs',
): StagedPatch {
  const patch = new Map<string, StagedRecord | null>()
  for (const { id, column } of conflicts) {
    const entry = patch.has(id) ? (patch.get(id) ?? undefined) : read(id)
    if (!entry) continue
    if (entry.kind === 'delete') {
      const { theirs: _, ...kept } = entry
      patch.set(id, keep === 'theirs' ? null : { ...kept, revision: null })
    } else if (column === null) patch.set(id, keep === 'theirs' ? null : createdFrom(entry))
    else {
      const cell = entry.cells.get(column)
      if (cell?.kind !== 'conflict') continue
      const cells = new Map(entry.cells)
      if (keep === 'theirs') cells.delete(column)
      else cells.set(column, { kind: 'value', value: cell.value, base: cell.theirs })
      patch.set(id, entry.kind === 'update' && cells.size === 0 ? null : { ...entry, cells })
    }
  }
  return patch
}

/** The first short text of a record, or its id. */
export function labelOf(record: TableRecord): string {
  for (const [name, value] of Object.entries(record))
    if (typeof value === 'string' && value !== '' && !name.startsWith('_') && !uuid.test(value))
      return value.slice(0, 80)
  return record._id
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-/

function newUpdate(target: CellTarget): StagedUpdate {
  return {
    kind: 'update',
    id: targetId(target),
    label: typeof target === 'string' ? target : labelOf(target),
    cells: noCells,
  }
}

function nextCell(
  old: StagedCell | undefined,
  target: CellTarget,
  column: string,
  to: CellInput,
): StagedCell | undefined {
  if (to.kind === 'default') return undefined
  if (typeof target === 'string') return to.kind === 'unfit' ? { ...to } : { kind: 'value', value: to.value }
  // Whoever writes over a conflict has seen what the others wrote.
  const base = old?.kind === 'conflict' ? old.theirs : (old?.base ?? target[column] ?? null)
  if (to.kind === 'unfit') return { ...to, base }
  return sameJson(to.value, base) ? undefined : { kind: 'value', value: to.value, base }
}

function rebaseCell(cell: StagedCell, base: JsonValue, theirs: JsonValue): StagedCell | undefined {
  if (cell.kind === 'unfit') return sameJson(theirs, base) ? cell : { ...cell, base: theirs }
  if (sameJson(theirs, cell.value)) return undefined
  if (cell.kind === 'conflict') return sameJson(theirs, cell.theirs) ? cell : { ...cell, theirs }
  return sameJson(theirs, base) ? cell : { kind: 'conflict', value: cell.value, base, theirs }
}

/** Of a record that is gone, what was written becomes a new one. */
function createdFrom(entry: StagedUpdate | StagedCreate): StagedCreate {
  const cells = new Map<string, StagedCell>()
  for (const [column, cell] of entry.cells)
    cells.set(
      column,
      cell.kind === 'unfit'
        ? { kind: 'unfit', input: cell.input, reason: cell.reason }
        : { kind: 'value', value: cell.value },
    )
  return { kind: 'create', id: entry.id, at: 0, cells }
}
