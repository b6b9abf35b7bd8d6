import type { ColumnReference } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'

/** Asks for what these records are known by; a value that is not answered has no label. */
export type FetchLabels = (
  at: Pick<ColumnReference, 'table' | 'column'>,
  values: readonly JsonValue[],
) => Promise<ReadonlyMap<string, string>>

/** Labels that are asked for within so many milliseconds are asked for together. */
const gatherMs = 30
/** Of one question; a screen has fewer. */
const mostAtOnce = 500

interface Wanted {
  readonly at: ColumnReference
  readonly value: JsonValue
}

/** What referenced records are known by, as far as they have been on screen. */
export class ReferenceLabels {
  readonly #fetch: FetchLabels
  readonly #labels = new Map<string, string | null>()
  readonly #wanted = new Map<string, Wanted>()
  readonly #shown = new Map<string, Wanted & { readonly chips: number }>()
  readonly #listeners = new Set<() => void>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(fetch: FetchLabels) {
    this.#fetch = fetch
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Null while it is not known, and where there is none. */
  of(at: ColumnReference, value: JsonValue): string | null {
    return this.#labels.get(keyOf(at, value)) ?? null
  }

  /** A chip is on screen; the answer takes it away again. */
  show(at: ColumnReference, value: JsonValue): () => void {
    const key = keyOf(at, value)
    const shown = this.#shown.get(key)
    this.#shown.set(key, { at, value, chips: (shown?.chips ?? 0) + 1 })
    if (!this.#labels.has(key)) this.#want(key, { at, value })
    return () => {
      const now = this.#shown.get(key)
      if (!now) return
      if (now.chips > 1) this.#shown.set(key, { ...now, chips: now.chips - 1 })
      else this.#shown.delete(key)
    }
  }

  /** Records were changed: what is on screen is asked for again and stays meanwhile, everything else is forgotten. */
  refresh(): void {
    for (const key of this.#labels.keys()) if (!this.#shown.has(key)) this.#labels.delete(key)
    for (const [key, wanted] of this.#shown) this.#want(key, wanted)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #want(key: string, wanted: Wanted): void {
    this.#wanted.set(key, wanted)
    this.#timer ??= setTimeout(() => void this.#ask(), gatherMs)
  }

  async #ask(): Promise<void> {
    this.#timer = undefined
    const [first] = this.#wanted.values()
    if (!first) return
    const { at } = first
    const group = [...this.#wanted.entries()]
      .filter(([, other]) => other.at.table === at.table && other.at.column === at.column)
      .slice(0, mostAtOnce)
    for (const [key] of group) this.#wanted.delete(key)
    if (this.#wanted.size > 0) this.#timer = setTimeout(() => void this.#ask(), 0)
    try {
      const found = await this.#fetch(
        at,
        group.map(([, { value }]) => value),
      )
      for (const [key, { value }] of group) this.#labels.set(key, found.get(JSON.stringify(value)) ?? null)
    } catch {
      // The key is shown in place of the label, and asked for again with the next screen.
    }
    for (const listener of this.#listeners) listener()
  }
}

function keyOf({ table, column }: ColumnReference, value: JsonValue): string {
  return JSON.stringify([table, column, value])
}
