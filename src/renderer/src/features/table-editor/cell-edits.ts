import type { TableRecord } from '@shared/contract/records.contract'
import { type JsonValue, sameJson } from '@shared/json'

/** What is unsaved in one cell. */
export type CellEdit =
  /** On its way; shown as if it were saved. */
  | { readonly state: 'saving'; readonly value: JsonValue }
  /** Did not fit or was refused: the input is kept until it is corrected or given up. */
  | { readonly state: 'failed'; readonly input: string; readonly reason: string }
  /** Somebody else wrote the same cell in the meantime. */
  | { readonly state: 'conflict'; readonly mine: JsonValue; readonly theirs: TableRecord }

export type RecordEdits = ReadonlyMap<string, CellEdit>

export interface SaveCell {
  readonly record: TableRecord
  readonly column: string
  readonly value: JsonValue
}

export type SaveOutcome =
  | { readonly ok: true; readonly record: TableRecord }
  | { readonly ok: false; readonly reason: string; readonly theirs: TableRecord | null }

/** Writes one cell on the given revision and says what came of it; never throws. */
export type WriteCell = (save: SaveCell & { readonly revision: number }) => Promise<SaveOutcome>

/**
 * The unsaved cells of one table. Saves of one record follow each other, each on the revision the one before made; a
 * record that others changed elsewhere is no conflict for this cell.
 */
export class CellEdits {
  readonly #write: WriteCell
  readonly #edits = new Map<string, RecordEdits>()
  readonly #queues = new Map<string, Promise<TableRecord>>()
  readonly #listeners = new Set<() => void>()
  #version = 0

  constructor(write: WriteCell) {
    this.#write = write
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly version = (): number => this.#version

  of(id: string): RecordEdits | undefined {
    return this.#edits.get(id)
  }

  /** Resolves with the record as saved, or null when the cell is left marked. `input` is what was typed. */
  async save(save: SaveCell, input: string): Promise<TableRecord | null> {
    const { column, value } = save
    const id = save.record._id
    this.#set(id, column, { state: 'saving', value })
    const before = this.#queues.get(id) ?? Promise.resolve(save.record)
    const outcome = before.then((latest) => this.#writeOn(save, newer(latest, save.record)))
    const queue = outcome.then((result) => (result.ok ? result.record : save.record))
    this.#queues.set(id, queue)
    const result = await outcome
    if (this.#queues.get(id) === queue) this.#queues.delete(id)
    if (result.ok) {
      this.#set(id, column, null)
      return result.record
    }
    this.#set(
      id,
      column,
      result.theirs
        ? { state: 'conflict', mine: value, theirs: result.theirs }
        : { state: 'failed', input, reason: result.reason },
    )
    return null
  }

  /** Keeps an input that does not fit, with the reason. */
  mark(id: string, column: string, input: string, reason: string): void {
    this.#set(id, column, { state: 'failed', input, reason })
  }

  clear(id: string, column: string): void {
    this.#set(id, column, null)
  }

  async #writeOn(save: SaveCell, latest: TableRecord): Promise<SaveOutcome> {
    const first = await this.#write({ ...save, revision: latest._revision })
    if (first.ok || first.theirs === null) return first
    // Only this cell matters: a change of other columns does not stand in its way.
    if (!sameJson(first.theirs[save.column], save.record[save.column])) return first
    return this.#write({ ...save, revision: first.theirs._revision })
  }

  #set(id: string, column: string, edit: CellEdit | null): void {
    const next = new Map(this.#edits.get(id))
    if (edit) next.set(column, edit)
    else next.delete(column)
    if (next.size > 0) this.#edits.set(id, next)
    else this.#edits.delete(id)
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}

function newer(a: TableRecord, b: TableRecord): TableRecord {
  return a._revision >= b._revision ? a : b
}
