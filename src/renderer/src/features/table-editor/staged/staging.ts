import type { StudioClient } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import type { TableRecord } from '@shared/contract/records.contract'
import { wireEdit } from '@shared/contract/wire-schema'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { nothingSaved, type SaveReport, StagedSaving, type StagingState, type StagingTable } from './saving'
import type { StagedStorage } from './staged-database'
import { StagedEdits } from './staged-edits'
import { EditHistory, type EditStep, stagedStep } from './staged-history'
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

/** The edits of one table between the hands of a person and the studio: staged, taken back, saved, once each. */
export class Staging {
  readonly edits: StagedEdits
  readonly history = new EditHistory()
  readonly saving: StagedSaving
  readonly #client: StudioClient
  readonly #storage: StagedStorage
  readonly #lock: string
  #table: StagingTable
  #running: Promise<SaveReport> | null = null
  #again = false
  #stepping = false
  /** The new record that somebody is writing: saving by itself leaves it alone. */
  #held: string | null = null
  automatic = false
  readonly loaded: Promise<void>

  constructor(client: StudioClient, storage: StagedStorage, table: StagingTable, lock: string) {
    this.#client = client
    this.#storage = storage
    this.#table = table
    this.#lock = lock
    this.edits = new StagedEdits(storage)
    this.saving = new StagedSaving({ client, storage, edits: this.edits, history: this.history })
    storage.onOther = (patch) => this.edits.take(patch)
    this.loaded = storage.load().then(({ patch, sends }) => {
      this.edits.take(new Map([...patch].filter(([id]) => !this.edits.latest(id))))
      if (sends.length > 0) void this.resume()
    })
  }

  get state(): StagingState {
    return this.saving.state()
  }

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
    this.saving.rest('saving', 'waiting', 'refused')
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

  /** The schema was edited beside them; `back` gives it back. */
  noteSchema(what: string, back: readonly SchemaEdit[]): void {
    this.history.push({ kind: 'schema', what, back })
  }

  /** What was sent and not answered is asked for again. */
  resume(): Promise<SaveReport> {
    return this.#exclusive(() => this.saving.resume(this.#table))
  }

  save(): Promise<SaveReport> {
    return this.#exclusive(async () => {
      const before = await this.saving.resume(this.#table)
      return this.state.kind === 'waiting' ? before : this.saving.saveAll(this.#table, { held: null, retry: true })
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
    step: EditStep | undefined,
    moved: (step: EditStep, as?: EditStep) => void,
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
      const { databaseId, tableId } = this.#table
      if (step.kind === 'schema') {
        await this.#client.tables.update({ databaseId, tableId, edits: step.back.map(wireEdit) })
        moved(step)
        return step.what
      }
      const operations: string[] = []
      for (const operation of [...step.operations].reverse())
        operations.push((await this.#client.changes.undo({ databaseId, operation })).operation)
      moved(step, { ...step, operations })
      this.saving.onSaved?.({ created: [], records: [], deleted: [] })
      return step.what
    } finally {
      this.#stepping = false
    }
  }

  async #stage(what: string, patch: StagedPatch): Promise<void> {
    if (patch.size === 0) return
    this.history.push(stagedStep(what, this.edits.latest, patch))
    await this.edits.apply(patch)
    this.saving.rest('refused')
    this.#saveSoon()
  }

  #saveSoon(): void {
    if (!this.automatic) return
    if (this.#running) this.#again = true
    else
      void this.#exclusive(async () => {
        await this.saving.resume(this.#table)
        if (this.state.kind === 'waiting') return nothingSaved
        return this.saving.saveAll(this.#table, { held: this.#held, retry: false })
      })
  }

  /** One at a time, in all windows together. */
  #exclusive(work: () => Promise<SaveReport>): Promise<SaveReport> {
    const before = this.#running ?? Promise.resolve(nothingSaved)
    const run = before
      .then(() => this.loaded)
      .then(() => withLock(this.#lock, work))
      .then((report) => {
        // By itself it goes on with what is in nobody's way.
        if (report.again && this.automatic) this.#again = true
        return report
      })
      .finally(() => {
        if (this.#running !== run) return
        this.#running = null
        this.saving.rest('saving')
        if (this.#again) {
          this.#again = false
          this.#saveSoon()
        }
      })
    this.#running = run
    return run
  }
}

function pairs(ids: readonly string[], rows: readonly StagedCells[]): readonly (readonly [string, StagedCells])[] {
  return rows.map((cells, index) => [ids[index] ?? '', cells])
}

async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Only pages of a safe origin have locks; elsewhere the key of each save keeps it from being done twice.
  const locks = globalThis.navigator?.locks
  return locks === undefined ? work() : locks.request(name, work)
}
