import { isAbort, type StudioClient, toAppError } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import type { TableRecord } from '@shared/contract/records.contract'
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
import type { PendingSend, StagedContents } from './staged-database'
import { StagedEdits } from './staged-edits'
import { EditHistory, stagedStep } from './staged-history'
import {
  type CellChange,
  type CellInput,
  type CellTarget,
  createRecords,
  deleteRecords,
  rebase,
  type StagedCells,
  type StagedPatch,
  setCells,
  settle,
} from './staged-record'

/** What keeps staged edits: `StagedDatabase`. */
export interface StagedStorage {
  /** False when the browser refused to keep something: then it is lost with the window. */
  readonly keeps: boolean
  onOther: ((patch: StagedPatch) => void) | null
  load(): Promise<StagedContents>
  append(patch: StagedPatch): Promise<void>
  begin(send: PendingSend): Promise<void>
  end(key: string, patch: StagedPatch): Promise<void>
}

export interface StagingTable {
  readonly databaseId: string
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
}

type Outcome = 'done' | 'again' | 'stop'

/** The edits of one table between the hands of a person and the studio: staged, taken back, saved, once each. */
export class Staging {
  readonly edits: StagedEdits
  readonly history = new EditHistory()
  readonly #client: StudioClient
  readonly #storage: StagedStorage
  readonly #lock: string
  readonly #sent = new Map<string, StagedBatch>()
  readonly #listeners = new Set<() => void>()
  #table: StagingTable
  #state: StagingState = { kind: 'idle' }
  #running: Promise<SaveReport> | null = null
  #again = false
  #stepping = false
  /** The new record that somebody is writing: saving by itself leaves it alone. */
  #held: string | null = null
  automatic = false
  /** Records as they are after a save, and the ids of those that are new. */
  onSaved: ((saved: SavedAnswer & { readonly deleted: readonly string[] }) => void) | null = null
  readonly loaded: Promise<void>

  constructor(client: StudioClient, storage: StagedStorage, table: StagingTable, lock: string) {
    this.#client = client
    this.#storage = storage
    this.#table = table
    this.#lock = lock
    this.edits = new StagedEdits(storage)
    storage.onOther = (patch) => this.edits.take(patch)
    this.loaded = storage.load().then(({ patch, sends }) => {
      this.edits.take(new Map([...patch].filter(([id]) => !this.edits.latest(id))))
      if (sends.length > 0) void this.resume()
    })
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly state = (): StagingState => this.#state

  /** The table goes by another name now, or has other columns. */
  follow(table: StagingTable, automatic: boolean): void {
    const turnedOn = automatic && !this.automatic
    this.#table = table
    this.automatic = automatic
    if (turnedOn) this.#saveSoon()
  }

  /** Whether what is staged survives the window. */
  get keeps(): boolean {
    return this.#storage.keeps
  }

  hold(id: string | null): void {
    if (id === this.#held) return
    this.#held = id
    this.#saveSoon()
  }

  setCell(target: CellTarget, column: string, to: CellInput, what = `Edit of ${column}`): Promise<void> {
    return this.setCells([{ target, column, to }], what)
  }

  /** One step of undo. Resolves when it is kept and shown. */
  setCells(changes: Iterable<CellChange>, what: string): Promise<void> {
    return this.#stage(what, setCells(this.edits.latest, changes))
  }

  /** Answers the ids that the new records have here. */
  addRows(rows: readonly StagedCells[], what = 'New record'): readonly string[] {
    const ids = rows.map(() => crypto.randomUUID())
    void this.#stage(what, createRecords(this.edits.nextAt, pairs(ids, rows)))
    return ids
  }

  /** Cells of records that are there, and new records, as one step. */
  paste(changes: Iterable<CellChange>, rows: readonly StagedCells[], what: string): Promise<void> {
    const ids = rows.map(() => crypto.randomUUID())
    const created = createRecords(this.edits.nextAt, pairs(ids, rows))
    return this.#stage(what, new Map([...setCells(this.edits.latest, changes), ...created]))
  }

  deleteRows(targets: readonly CellTarget[]): Promise<void> {
    return this.#stage(`Deletion of ${countOf(targets.length, 'record')}`, deleteRecords(this.edits.latest, targets))
  }

  /** Takes back what is staged of these records. */
  revert(ids: readonly string[]): Promise<void> {
    const staged = ids.filter((id) => this.edits.latest(id))
    return this.#stage(`Discarding of ${countOf(staged.length, 'change')}`, new Map(staged.map((id) => [id, null])))
  }

  async discard(): Promise<void> {
    await this.#stage('Discarding', new Map([...this.edits.all()].map(({ id }) => [id, null])))
    this.#set({ kind: 'idle' })
  }

  settle(conflicts: readonly { readonly id: string; readonly column: string | null }[], keep: 'mine' | 'theirs') {
    return this.#stage('Settling of conflicts', settle(this.edits.latest, conflicts, keep))
  }

  /** A record came in another version. */
  noteRecord(record: TableRecord): void {
    const patch = rebase(this.edits.latest, record)
    // Not while a save is on its way: what it wrote comes back as news as well.
    if (patch && this.#running === null) void this.edits.apply(patch)
  }

  /** An operation that was written beside the staged edits (an import, a bulk edit), for undo. */
  noteOperations(what: string, operations: readonly string[]): void {
    this.history.push({ kind: 'saved', what, operations })
  }

  /** What was sent and not answered is asked for again. */
  resume(): Promise<SaveReport> {
    return this.#exclusive(() => this.#resume())
  }

  save(): Promise<SaveReport> {
    return this.#exclusive(async () => {
      const before = await this.#resume()
      if (this.#state.kind === 'waiting') return before
      return this.#saveAll(true)
    })
  }

  /** The step that was taken back; null when there is none, or one is still on its way. */
  undo(): Promise<string | null> {
    return this.#step(this.history.next, (step, as) => this.history.undone(step, as), 'before')
  }

  /** The same for one step that was saved, from its toast. */
  undoOperations(operations: readonly string[]): Promise<string | null> {
    const step = this.history.find(operations)
    return this.#step(step, (done, as) => this.history.undone(done, as), 'before')
  }

  redo(): Promise<string | null> {
    return this.#step(this.history.nextRedo, (step, as) => this.history.redone(step, as), 'after')
  }

  async #step(
    step: EditHistory['next'],
    moved: (step: NonNullable<EditHistory['next']>, as?: EditHistory['next']) => void,
    side: 'before' | 'after',
  ): Promise<string | null> {
    if (this.#running) await this.#running
    if (!step || this.#stepping) return null
    this.#stepping = true
    try {
      if (step.kind === 'staged') {
        await this.edits.apply(step[side])
        moved(step)
        this.#saveSoon()
        return step.what
      }
      const { databaseId } = this.#table
      const operations: string[] = []
      for (const operation of [...step.operations].reverse())
        operations.push((await this.#client.changes.undo({ databaseId, operation })).operation)
      moved(step, { ...step, operations })
      this.onSaved?.({ created: [], records: [], deleted: [] })
      return step.what
    } finally {
      this.#stepping = false
    }
  }

  async #stage(what: string, patch: StagedPatch): Promise<void> {
    if (patch.size === 0) return
    this.history.push(stagedStep(what, this.edits.latest, patch))
    await this.edits.apply(patch)
    if (this.#state.kind === 'refused') this.#set({ kind: 'idle' })
    this.#saveSoon()
  }

  #saveSoon(): void {
    if (!this.automatic) return
    if (this.#running) this.#again = true
    else
      void this.#exclusive(async () => {
        await this.#resume()
        return this.#state.kind === 'waiting' ? nothingSaved : this.#saveAll(false)
      })
  }

  /** One at a time, in all windows together. */
  #exclusive(work: () => Promise<SaveReport>): Promise<SaveReport> {
    const before = this.#running ?? Promise.resolve(nothingSaved)
    const run = before
      .then(() => this.loaded)
      .then(() => withLock(this.#lock, work))
      .finally(() => {
        if (this.#running !== run) return
        this.#running = null
        if (this.#state.kind === 'saving') this.#set({ kind: 'idle' })
        if (this.#again) {
          this.#again = false
          this.#saveSoon()
        }
      })
    this.#running = run
    return run
  }

  async #saveAll(retry: boolean): Promise<SaveReport> {
    const { batches, incomplete } = planSave(this.edits.all(), this.#table.columns, {
      held: retry ? null : this.#held,
      retry,
    })
    const operations: string[] = []
    let saved = 0
    let again = false
    this.#set({ kind: 'saving' })
    for (const batch of batches) {
      const key = crypto.randomUUID()
      await this.#storage.begin({ key, batch: JSON.stringify(withoutSecrets(batch, this.#table.columns)) })
      this.#sent.set(key, batch)
      const outcome = await this.#send(key, batch)
      if (outcome === 'done') {
        operations.push(key)
        saved += sizeOf(batch)
      } else {
        again = outcome === 'again'
        break
      }
    }
    if (operations.length > 0) this.history.saved(`Save of ${countOf(saved, 'change')}`, operations)
    // By itself it goes on with what is in nobody's way.
    if (again && this.automatic) this.#again = true
    return { saved, operations, incomplete: incomplete[0] ?? null }
  }

  async #resume(): Promise<SaveReport> {
    const { sends } = await this.#storage.load()
    const operations: string[] = []
    let saved = 0
    for (const { key, batch: text } of sends) {
      const batch = this.#sent.get(key) ?? readBatch(text)
      if (!batch) await this.#storage.end(key, new Map())
      else if ((await this.#send(key, batch)) === 'done') {
        operations.push(key)
        saved += sizeOf(batch)
      } else break
    }
    if (operations.length > 0) this.history.saved(`Save of ${countOf(saved, 'change')}`, operations)
    return { saved, operations, incomplete: null }
  }

  async #send(key: string, batch: StagedBatch): Promise<Outcome> {
    const { databaseId, tableName } = this.#table
    const { latest } = this.edits
    try {
      const saved = await this.#client.records.saveMany({
        databaseId,
        tableName,
        key,
        create: [...batch.create],
        update: [...batch.update],
        delete: [...batch.delete],
      })
      await this.#ended(key, settleSaved(latest, batch, saved))
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
        conflicts.length > 0 ? markConflicts(latest, conflicts) : markRefused(latest, batch, details, message)
      await this.#ended(key, marked ?? new Map())
      this.#set({ kind: 'refused', message })
      return marked && marked.size > 0 ? 'again' : 'stop'
    }
  }

  async #ended(key: string, patch: StagedPatch): Promise<void> {
    const keep = () => this.#storage.end(key, patch)
    await (patch.size > 0 ? this.edits.apply(patch, keep) : keep())
    this.#sent.delete(key)
  }

  #set(state: StagingState): void {
    if (state.kind === 'idle' && this.#state.kind === 'idle') return
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

const nothingSaved: SaveReport = { saved: 0, operations: [], incomplete: null }

function pairs(ids: readonly string[], rows: readonly StagedCells[]): readonly (readonly [string, StagedCells])[] {
  return rows.map((cells, index) => [ids[index] ?? '', cells])
}

/** As the studio's own memory of a save has it: there, secrets are null. */
function withoutSecrets(batch: StagedBatch, columns: readonly GridColumn[]): StagedBatch {
  const secret = columns.filter((column) => column.secret).map(({ name }) => name)
  if (secret.length === 0) return batch
  const hide = (record: StagedBatch['create'][number]['record']) => ({
    ...record,
    ...Object.fromEntries(secret.flatMap((name) => (Object.hasOwn(record, name) ? [[name, null]] : []))),
  })
  return { ...batch, create: batch.create.map(({ record }) => ({ record: hide(record) })) }
}

/** What this window wrote itself, before it was closed or killed. */
function readBatch(text: string): StagedBatch | null {
  try {
    const batch: unknown = JSON.parse(text)
    return isBatch(batch) ? batch : null
  } catch {
    return null
  }
}

function isBatch(value: unknown): value is StagedBatch {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['create', 'update', 'delete', 'drafts'].every((name) => Array.isArray(Reflect.get(value, name)))
  )
}

/** The connection ended before an answer: nobody knows whether it was written. */
function isLost(error: unknown): boolean {
  return isAbort(error) || ['UNAVAILABLE', 'CANCELLED'].includes(toAppError(error).code)
}

async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Only pages of a safe origin have locks; elsewhere the key of each save keeps it from being done twice.
  const locks = globalThis.navigator?.locks
  return locks === undefined ? work() : locks.request(name, work)
}
