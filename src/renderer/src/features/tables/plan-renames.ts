import type { ColumnDraft } from './column-draft'

export interface Rename {
  readonly key: string
  readonly from: string
  readonly to: string
  /** To a name in between, because two columns swap theirs. */
  readonly step: boolean
}

/** Renames in an order in which no name is taken when it is needed. */
export function planRenames(kept: readonly ColumnDraft[], all: readonly ColumnDraft[]): readonly Rename[] {
  const open = new Map<string, { from: string; to: string }>()
  for (const { key, was, name } of kept) if (was && was.name !== name) open.set(key, { from: was.name, to: name })
  const taken = new Set(kept.flatMap(({ was }) => (was ? [was.name] : [])))
  const renames: Rename[] = []
  while (open.size > 0) {
    const free = [...open].find(([, { to }]) => !taken.has(to))
    if (free) {
      const [key, { from, to }] = free
      renames.push({ key, from, to, step: false })
      taken.delete(from)
      taken.add(to)
      open.delete(key)
      continue
    }
    const [entry] = open
    if (!entry) break
    const [key, { from, to }] = entry
    // Held by a column that keeps its name: the check of the drafts says so.
    if (![...open.values()].some((other) => other.from === to)) {
      renames.push({ key, from, to, step: false })
      open.delete(key)
      continue
    }
    const between = freeName(from, new Set([...taken, ...all.map(({ name }) => name)]))
    renames.push({ key, from, to: between, step: true })
    taken.delete(from)
    taken.add(between)
    open.set(key, { from: between, to })
  }
  return renames
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 2; ; n++) {
    const candidate = `${name.slice(0, 58)}_${n}`
    if (!taken.has(candidate)) return candidate
  }
}
