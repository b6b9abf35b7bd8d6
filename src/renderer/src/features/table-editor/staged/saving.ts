import { isAbort, type StudioClient, toAppError } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import type { GridColumn } from '../grid-column'
import {
  conflictsOf,
  markConflicts,
  markRefused,
  planSave,
  type SavedAnswer,
  type StagedBatch,
  settleSaved,
  sizeOf,
} from './staged-batch'
import type { StagedStorage } from './staged-database'
import type { StagedEdits } from './staged-edits'
import type { EditHistory } from './staged-history'
import type { StagedPatch } from './staged-record'
import { readBatch, writeBatch } from './staged-text'

export interface StagingTable {
  readonly databaseId: string
  readonly tableId: string
  readonly tableName: string
  readonly columns: readonly GridColumn[]
}

export type StagingState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'saving' }
  /** Sent, and the connection ended before the answer: it is asked for again when it is back. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly message: string }

export interface SaveReport {
  /** Cells, new records and deletions that were written. */
  readonly saved: number
  readonly operations: readonly string[]
  /** The first new record that lacks a value. */
  readonly incomplete: { readonly id: string; readonly column: string } | null
  /** Something was refused and marked; the rest may go on. */
  readonly again: boolean
}

export const nothingSaved: SaveReport = { saved: 0, operations: [], incomplete: null, again: false }

type Outcome = 'done' | 'again' | 'stop'

export interface StagedSavingDeps {
  readonly client: StudioClient
  readonly storage: StagedStorage
  readonly edits: StagedEdits
  readonly history: EditHistory
}

/**
 * The way of staged edits to the studio: in batches, each kept under a key before it is sent, and sent again under the
 * same key until it is answered. So each is written once, whatever ends in between. One call at a time.
 */
export class StagedSaving {
  readonly #deps: StagedSavingDeps
  readonly #sent = new Map<string, StagedBatch>()
  readonly #listeners = new Set<() => void>()
  #state: StagingState = { kind: 'idle' }
  /** Records as they are after a save, and the ids of those that are new. */
  onSaved: ((saved: SavedAnswer & { readonly deleted: readonly string[] }) => void) | null = null

  constructor(deps: StagedSavingDeps) {
    this.#deps = deps
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly state = (): StagingState => this.#state

  /** Leaves one of these states behind. */
  rest(...from: readonly StagingState['kind'][]): void {
    if (from.includes(this.#state.kind)) this.#set({ kind: 'idle' })
  }

  /** Sends all that can be saved; `retry` also what was refused before, and not the new record that is `held`. */
  async saveAll(
    table: StagingTable,
    options: { readonly held: string | null; readonly retry: boolean },
  ): Promise<SaveReport> {
    const { edits, storage } = this.#deps
    const { batches, incomplete } = planSave(edits.all(), table.columns, options)
    const done: (readonly [string, StagedBatch])[] = []
    let again = false
    this.#set({ kind: 'saving' })
    for (const batch of batches) {
      const key = crypto.randomUUID()
      await storage.begin({ key, batch: writeBatch(batch, table.columns) })
      this.#sent.set(key, batch)
      const outcome = await this.#send(table, key, batch)
      again = outcome === 'again'
      if (outcome !== 'done') break
      done.push([key, batch])
    }
    return { ...this.#report(done), incomplete: incomplete[0] ?? null, again }
  }

  /** Asks again for what was sent and not answered. */
  async resume(table: StagingTable): Promise<SaveReport> {
    const { storage } = this.#deps
    const done: (readonly [string, StagedBatch])[] = []
    for (const { key, batch: text } of (await storage.load()).sends) {
      const batch = this.#sent.get(key) ?? readBatch(text)
      if (!batch) await storage.end(key, new Map())
      else if ((await this.#send(table, key, batch)) === 'done') done.push([key, batch])
      else break
    }
    return this.#report(done)
  }

  /** What was saved together is one step of undo. */
  #report(done: readonly (readonly [string, StagedBatch])[]): SaveReport {
    const operations = done.map(([key]) => key)
    const saved = done.reduce((sum, [, batch]) => sum + sizeOf(batch), 0)
    if (operations.length > 0) this.#deps.history.saved(`Save of ${countOf(saved, 'change')}`, operations)
    return { ...nothingSaved, saved, operations }
  }

  async #send({ databaseId, tableName }: StagingTable, key: string, batch: StagedBatch): Promise<Outcome> {
    const { client, edits } = this.#deps
    try {
      const saved = await client.records.saveMany({
        databaseId,
        tableName,
        key,
        create: [...batch.create],
        update: [...batch.update],
        delete: [...batch.delete],
      })
      await this.#ended(key, settleSaved(edits.latest, batch, saved))
      this.onSaved?.({ ...saved, deleted: batch.delete.map(({ id }) => id) })
      return 'done'
    } catch (error) {
      if (isLost(error)) {
        this.#set({ kind: 'waiting' })
        return 'stop'
      }
      const { code, message, details } = toAppError(error)
      const conflicts = code === 'CONFLICT' ? conflictsOf(details) : []
      const marked =
        conflicts.length > 0
          ? markConflicts(edits.latest, conflicts)
          : markRefused(edits.latest, batch, details, message)
      await this.#ended(key, marked ?? new Map())
      this.#set({ kind: 'refused', message })
      return marked && marked.size > 0 ? 'again' : 'stop'
    }
  }

  async #ended(key: string, patch: StagedPatch): Promise<void> {
    const { storage, edits } = this.#deps
    const keep = () => storage.end(key, patch)
    await (patch.size > 0 ? edits.apply(patch, keep) : keep())
    this.#sent.delete(key)
  }

  #set(state: StagingState): void {
    if (state.kind === 'idle' && this.#state.kind === 'idle') return
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** The connection ended before an answer: nobody knows whether it was written. */
function isLost(error: unknown): boolean {
  return isAbort(error) || ['UNAVAILABLE', 'CANCELLED'].includes(toAppError(error).code)
}
