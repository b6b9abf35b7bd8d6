import type { StagedCreate, StagedPatch, StagedRecord } from './staged-record'

/** Where staged edits outlive the window: whatever resolved is there again after any crash. */
export interface StagedJournal {
  append(patch: StagedPatch): Promise<void>
}

export interface StagedCounts {
  /** Cells of records that exist. */
  readonly cells: number
  readonly created: number
  readonly deleted: number
  /** What the bar counts. */
  readonly changes: number
  /** Cells that do not fit, and conflicts: they stay behind when the rest is saved. */
  readonly unfit: number
  readonly conflicts: number
}

/**
 * The staged edits of one table. An edit is kept in the journal first and shown then: what somebody has seen staged, a
 * crash does not take away. `latest` is ahead of what is shown by what is being kept just now.
 */
export class StagedEdits {
  readonly #journal: StagedJournal
  readonly #shown = new Map<string, StagedRecord>()
  readonly #latest = new Map<string, StagedRecord>()
  readonly #listeners = new Set<() => void>()
  #counts = zero
  #created: readonly StagedCreate[] | null = null
  #version = 0

  constructor(journal: StagedJournal) {
    this.#journal = journal
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly version = (): number => this.#version

  /** As shown. */
  of(id: string): StagedRecord | undefined {
    return this.#shown.get(id)
  }

  readonly latest = (id: string): StagedRecord | undefined => this.#latest.get(id)

  all(): Iterable<StagedRecord> {
    return this.#latest.values()
  }

  /** Nothing is staged, also nothing that is being kept just now. */
  get isEmpty(): boolean {
    return this.#latest.size === 0
  }

  get counts(): StagedCounts {
    return this.#counts
  }

  /** The new records, in their order. */
  get created(): readonly StagedCreate[] {
    this.#created ??= [...this.#shown.values()].filter(isCreate).sort((a, b) => a.at - b.at)
    return this.#created
  }

  /** The number for the next new record. */
  get nextAt(): number {
    let last = 0
    for (const entry of this.#latest.values()) if (entry.kind === 'create') last = Math.max(last, entry.at)
    return last + 1
  }

  /** Resolves when it is kept and shown. `keep` is how, when not by a line in the journal. */
  async apply(patch: StagedPatch, keep: () => Promise<void> = () => this.#journal.append(patch)): Promise<void> {
    if (patch.size === 0) return
    put(this.#latest, patch)
    await keep()
    this.#show(patch)
  }

  /** Shows what another window of the same person has kept. */
  take(patch: StagedPatch): void {
    put(this.#latest, patch)
    this.#show(patch)
  }

  #show(patch: StagedPatch): void {
    for (const [id, entry] of patch) {
      this.#counts = plus(this.#counts, this.#shown.get(id), -1)
      this.#counts = plus(this.#counts, entry ?? undefined, 1)
    }
    put(this.#shown, patch)
    this.#created = null
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}

const zero: StagedCounts = { cells: 0, created: 0, deleted: 0, changes: 0, unfit: 0, conflicts: 0 }

function put(into: Map<string, StagedRecord>, patch: StagedPatch): void {
  for (const [id, entry] of patch) {
    if (entry) into.set(id, entry)
    else into.delete(id)
  }
}

function plus(counts: StagedCounts, entry: StagedRecord | undefined, by: 1 | -1): StagedCounts {
  if (!entry) return counts
  if (entry.kind === 'delete')
    return {
      ...counts,
      deleted: counts.deleted + by,
      changes: counts.changes + by,
      conflicts: counts.conflicts + (entry.theirs ? by : 0),
    }
  let unfit = 0
  let conflicts = entry.problem === undefined || entry.kind === 'create' ? 0 : 1
  for (const cell of entry.cells.values()) {
    if (cell.kind === 'unfit') unfit += 1
    else if (cell.kind === 'conflict') conflicts += 1
  }
  const cells = entry.kind === 'update' ? entry.cells.size : 0
  const created = entry.kind === 'create' ? 1 : 0
  return {
    cells: counts.cells + by * cells,
    created: counts.created + by * created,
    deleted: counts.deleted,
    changes: counts.changes + by * (cells + created),
    unfit: counts.unfit + by * unfit,
    conflicts: counts.conflicts + by * conflicts,
  }
}

function isCreate(entry: StagedRecord): entry is StagedCreate {
  return entry.kind === 'create'
}
