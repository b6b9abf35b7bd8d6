import { describeEdits } from '@shared/domain/describe-edit'
import { nameAtOnce } from '@shared/domain/name-at-once'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { type CanvasLayout, emptyLayout, type LayoutPatch } from './canvas-layout'
import {
  beginHistory,
  type DraftHistory,
  type DraftStep,
  editsOf,
  presentOf,
  replay,
  stepBack,
  stepForth,
  takeStep,
} from './draft-history'
import type { SavedDraft } from './draft-storage'
import { placeNew } from './place-block'
import {
  decide,
  newProposal,
  openChanges,
  type Proposal,
  type ProposalView,
  viewProposal,
  withNeeded,
} from './proposal'

/** The draft at one moment; a new value after every change. */
export interface DraftState {
  /** As the server has it. */
  readonly base: DatabaseSchema
  /** The base with every edit in force. */
  readonly schema: DatabaseSchema
  readonly layout: CanvasLayout
  /** Every edit in force, as it was made. */
  readonly made: readonly SchemaEdit[]
  /** What Apply sends, in order. */
  readonly edits: readonly SchemaEdit[]
  /** What undo and redo would do; null when there is nothing. */
  readonly undo: string | null
  readonly redo: string | null
  readonly proposal: (Proposal & ProposalView) | null
  /** Sentences on edits that were left out because the server's schema has changed under the draft. */
  readonly left: readonly string[]
}

export interface ProposeOptions {
  /** Over the list of changes: "Booking system for a hotel". */
  readonly title: string
}

/**
 * The draft of one database: the server's schema, a list of edits on top of it, and the layout, with undo and redo of
 * everything. Whoever wants to change the schema does it here; the canvas, the outline and the text pane only show it.
 *
 * For others (the assistant): `propose` shows edits as ghosts, and people accept or refuse each. Accepted ones become
 * one undoable step. Subscribe and read `state().proposal` to follow what became of them: it is null once all is decided.
 */
export class DraftStore {
  #history: DraftHistory
  #proposal: Proposal | null = null
  #left: readonly string[] = []
  #held = false
  #state: DraftState
  readonly #listeners = new Set<() => void>()
  readonly #save: (draft: SavedDraft | null) => void

  constructor(base: DatabaseSchema, layout: CanvasLayout, save: (draft: SavedDraft | null) => void) {
    this.#history = beginHistory({ schema: base, layout })
    this.#save = save
    this.#state = this.#compute()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly state = (): DraftState => this.#state

  /** One undoable step. Throws the sentence that says why it cannot be; the draft is then as it was. */
  commit(edits: readonly SchemaEdit[], options: Partial<Omit<DraftStep, 'edits'>> = {}): void {
    const step: DraftStep = { ...options, label: options.label ?? describeEdits(edits), edits }
    this.#change(takeStep(this.#history, step))
  }

  /** Moves, areas, notes: a step that changes no table. */
  arrange(label: string, layout: LayoutPatch, group?: string): void {
    this.#change(takeStep(this.#history, { label, edits: [], layout, group }))
  }

  undo(): void {
    this.#change(stepBack(this.#history))
  }

  redo(): void {
    this.#change(stepForth(this.#history))
  }

  /** Gives up every edit; the layout stays. What is returned brings them back. */
  discard(): () => void {
    const before = this.#history
    const { schema, layout } = before.snapshots[0] ?? presentOf(before)
    const moves = before.steps.map((step) => ({ ...step, edits: [] }))
    const kept = presentOf(replay({ schema, layout }, moves, before.at).history).layout
    this.#change(beginHistory({ schema, layout: withoutUnknown(kept, schema) }))
    return () => this.#change(before)
  }

  /** The server's schema now. The draft's edits are put on top of it; those that no longer fit are left out and said. */
  rebase(base: DatabaseSchema): void {
    if (this.#held || sameTables(base, this.#state.base)) return
    const first = this.#history.snapshots[0]
    const { history, problems } = replay(
      { schema: base, layout: first?.layout ?? emptyLayout },
      this.#history.steps,
      this.#history.at,
    )
    this.#left = problems
    this.#change(history)
  }

  /** While edits are on their way to the server, its new schema is not news: `applied` or `release` ends it. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
  }

  /** The edits were applied: the schema that was read back is the base, and the draft is empty. */
  applied(base: DatabaseSchema): void {
    const { layout } = presentOf(this.#history)
    this.#held = false
    this.#left = []
    this.#change(beginHistory({ schema: base, layout }))
  }

  /** Goes on with a draft that was kept, on the schema as it is now; null is no draft. */
  restore(saved: SavedDraft | null): void {
    const { base } = this.#state
    if (!saved) {
      this.applied(base)
      return
    }
    const { history, problems } = replay({ schema: base, layout: saved.layout }, saved.steps, saved.at)
    this.#left = problems
    this.#proposal = saved.proposal
    this.#change(history)
  }

  forgetLeft(): void {
    this.#left = []
    this.#publish()
  }

  /** The layout that the server keeps, taken over while nothing was moved here. */
  takeLayout(layout: CanvasLayout): void {
    const { schema } = presentOf(this.#history)
    if (this.#history.steps.length === 0) this.#change(beginHistory({ schema, layout }))
    else this.place(layout.tables)
  }

  /** Places that nobody chose: they belong to the moment, and are no step. */
  place(tables: CanvasLayout['tables']): void {
    if (Object.keys(tables).length === 0) return
    const snapshots = this.#history.snapshots.map((snapshot) => ({
      ...snapshot,
      layout: { ...snapshot.layout, tables: { ...tables, ...snapshot.layout.tables } },
    }))
    this.#change({ ...this.#history, snapshots })
  }

  /** Shows edits as ghosts. What was still open of another proposal is dropped. */
  propose(edits: readonly SchemaEdit[], { title }: ProposeOptions): void {
    this.#proposal = edits.length === 0 ? null : this.#withPlaces(newProposal(edits, title))
    this.#publish()
  }

  /** Accepts one change with what it needs, as one step. Throws why it cannot be. */
  accept(id: string): void {
    if (!this.#proposal) return
    const { schema } = presentOf(this.#history)
    const needed = withNeeded(schema, this.#proposal, id)
    if (!needed) {
      const problem = this.#state.proposal?.problems.get(id)
      throw new Error(problem ?? 'This change does not fit the draft. Refuse it.')
    }
    this.#take(new Set(needed.map((change) => change.id)))
  }

  /** Accepts everything that fits, as one step; what does not fit stays open with its reason. */
  acceptAll(): void {
    if (!this.#proposal) return
    const { schema } = presentOf(this.#history)
    const { problems } = viewProposal(schema, this.#proposal)
    this.#take(new Set(openChanges(this.#proposal).flatMap(({ id }) => (problems.has(id) ? [] : [id]))))
  }

  refuse(id: string): void {
    this.#decide(new Set([id]), 'refused')
    this.#publish()
  }

  refuseAll(): void {
    this.#proposal = null
    this.#publish()
  }

  moveGhosts(places: CanvasLayout['tables']): void {
    if (!this.#proposal) return
    this.#proposal = { ...this.#proposal, places: { ...this.#proposal.places, ...places } }
    this.#publish()
  }

  #take(ids: ReadonlySet<string>): void {
    if (!this.#proposal || ids.size === 0) return
    const edits = openChanges(this.#proposal).flatMap(({ id, edit }) => (ids.has(id) ? [edit] : []))
    const places = this.#proposal.places
    const added = edits.flatMap((edit) => (edit.type === 'addTable' ? [edit.table.name] : []))
    const tables = Object.fromEntries(added.flatMap((name) => (places[name] ? [[name, places[name]]] : [])))
    const history = takeStep(this.#history, { label: describeEdits(edits), edits, layout: { tables } })
    this.#decide(ids, 'accepted')
    this.#change(history)
  }

  #decide(ids: ReadonlySet<string>, state: 'accepted' | 'refused'): void {
    if (!this.#proposal) return
    const decided = decide(this.#proposal, ids, state)
    this.#proposal = openChanges(decided).length === 0 ? null : decided
  }

  #withPlaces(proposal: Proposal): Proposal {
    const { schema, layout } = presentOf(this.#history)
    const shown = viewProposal(schema, proposal).schema.tables
    return { ...proposal, places: placeNew(shown, { ...layout.tables, ...proposal.places }) }
  }

  #change(history: DraftHistory): void {
    this.#history = history
    this.#publish()
  }

  #publish(): void {
    this.#state = this.#compute()
    this.#save(this.#saved())
    for (const listener of this.#listeners) listener()
  }

  #saved(): SavedDraft | null {
    const { steps, at, snapshots } = this.#history
    if (steps.length === 0 && this.#proposal === null) return null
    return { layout: snapshots[0]?.layout ?? emptyLayout, steps, at, proposal: this.#proposal }
  }

  #compute(): DraftState {
    const history = this.#history
    const { schema, layout } = presentOf(history)
    const proposal = this.#proposal
    const made = editsOf(history)
    return {
      base: history.snapshots[0]?.schema ?? schema,
      schema,
      layout,
      made,
      edits: nameAtOnce(made),
      undo: history.steps[history.at - 1]?.label ?? null,
      redo: history.steps[history.at]?.label ?? null,
      proposal: proposal && { ...proposal, ...viewProposal(schema, proposal) },
      left: this.#left,
    }
  }
}

function withoutUnknown(layout: CanvasLayout, schema: DatabaseSchema): CanvasLayout {
  const known = new Set(schema.tables.map(({ name }) => name))
  return { ...layout, tables: Object.fromEntries(Object.entries(layout.tables).filter(([name]) => known.has(name))) }
}

function sameTables(a: DatabaseSchema, b: DatabaseSchema): boolean {
  return a === b || JSON.stringify(a.tables) === JSON.stringify(b.tables)
}
