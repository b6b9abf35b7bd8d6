import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Point } from './place-tables'

/** A table, or one of its columns. */
export interface SchemaSpot {
  readonly table: string
  readonly column: string | null
}

export type Where = 'canvas' | 'outline'

/** What is open or chosen on the canvas right now; it is gone with the page. */
export interface CanvasMoment {
  /** Tables, areas and notes by their node ids. */
  readonly selected: readonly string[]
  readonly column: SchemaSpot | null
  /** Its name is a field, on the canvas or in the outline; areas and notes are spots by their node id. */
  readonly renaming: (SchemaSpot & { readonly where: Where }) | null
  /** The column whose details are open. */
  readonly details: SchemaSpot | null
  /** A relation by its edge id. */
  readonly relation: string | null
  /** A relation from the palette that waits for its ends. */
  readonly linking: { readonly table: string | null; readonly column: string | null; readonly at: Point } | null
  /** A drawn relation that waits for its cardinality. */
  readonly connecting: { readonly from: SchemaSpot; readonly to: SchemaSpot; readonly at: Point } | null
  /** Only this table and its neighbours up to so many references away are in full colour. */
  readonly focus: { readonly table: string; readonly hops: number } | null
  /** Two versions are looked at in place of the draft. */
  readonly compared: { readonly from: number; readonly to: number } | null
  /** Names of tables that came just now: they are brought into view. */
  readonly arrived: readonly string[]
  /** Where a dragged column would go. */
  readonly landing: { readonly table: string; readonly index: number } | null
}

const nothing: CanvasMoment = {
  selected: [],
  column: null,
  renaming: null,
  details: null,
  relation: null,
  linking: null,
  connecting: null,
  focus: null,
  compared: null,
  arrived: [],
  landing: null,
}

export class CanvasUi {
  #moment = nothing
  readonly #listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly now = (): CanvasMoment => this.#moment

  set(change: Partial<CanvasMoment>): void {
    const entries = Object.entries(change)
    const before = new Map<string, unknown>(Object.entries(this.#moment))
    if (entries.every(([key, value]) => before.get(key) === value)) return
    this.#moment = { ...this.#moment, ...change }
    for (const listener of this.#listeners) listener()
  }
}

export const CanvasUiContext = createContext<CanvasUi | null>(null)

export function useCanvasUi(): CanvasUi {
  const ui = useContext(CanvasUiContext)
  if (ui === null) throw new Error('useCanvasUi needs the schema page around it')
  return ui
}

/** Renders again only when what `pick` takes from the moment is another value. */
export function useMoment<Value>(pick: (moment: CanvasMoment) => Value): Value {
  const ui = useCanvasUi()
  return useSyncExternalStore(ui.subscribe, () => pick(ui.now()))
}

export function isRenaming(moment: CanvasMoment, where: Where, table: string, column: string | null): boolean {
  return moment.renaming?.where === where && isSpot(moment.renaming, table, column)
}

export function isSpot(spot: SchemaSpot | null, table: string, column: string | null): boolean {
  return spot !== null && spot.table === table && spot.column === column
}
