import { z } from 'zod'
import { stored, useStored } from './stored'

/** A table in a tab. One that is not kept gives its place to the next table that is opened. */
export interface OpenTable {
  readonly id: string
  readonly kept: boolean
}

interface ProjectTabs {
  readonly open: readonly OpenTable[]
  /** Last closed first. */
  readonly closed: readonly string[]
  readonly active: string | null
}

const none: ProjectTabs = { open: [], closed: [], active: null }

const projectTabs = z.object({
  open: z.array(z.object({ id: z.string(), kept: z.boolean() })),
  closed: z.array(z.string()),
  active: z.string().nullable(),
})

const tabs = stored<Readonly<Record<string, ProjectTabs>>>('tabs', z.record(z.string(), projectTabs), {})

const of = (projectId: string) => tabs.read()[projectId] ?? none
const put = (projectId: string, next: ProjectTabs) => tabs.write({ ...tabs.read(), [projectId]: next })

export function useOpenTables(projectId: string): ProjectTabs {
  return useStored(tabs)[projectId] ?? none
}

/** The table is in front now: its tab, or the one that may be reused, or a new one. */
export function showTable(projectId: string, id: string): void {
  const now = of(projectId)
  const known = now.open.some((table) => table.id === id)
  if (known && now.active === id) return
  const reused = now.open.findIndex((table) => !table.kept)
  const tab = { id, kept: false }
  const open = known
    ? now.open
    : reused < 0
      ? [...now.open, tab]
      : now.open.map((other, index) => (index === reused ? tab : other))
  put(projectId, { ...now, open, active: id })
}

/** The tab stays until it is closed: after an edit, a double-click, or when it was opened in a tab of its own. */
export function keepTable(projectId: string, id: string): void {
  const now = of(projectId)
  if (now.open.some((table) => table.id === id && table.kept)) return
  const known = now.open.some((table) => table.id === id)
  const open = known
    ? now.open.map((table) => (table.id === id ? { ...table, kept: true } : table))
    : [...now.open, { id, kept: true }]
  put(projectId, { ...now, open })
}

/** Returns the table to show next when the closed one was in front. */
export function closeTable(projectId: string, id: string): string | null {
  const now = of(projectId)
  const at = now.open.findIndex((table) => table.id === id)
  if (at < 0) return now.active
  const open = now.open.filter((table) => table.id !== id)
  const active = now.active === id ? (open[Math.min(at, open.length - 1)]?.id ?? null) : now.active
  const closed = [id, ...now.closed.filter((other) => other !== id)].slice(0, 20)
  put(projectId, { open, closed, active })
  return active
}

export function closeOtherTables(projectId: string, id: string): void {
  const now = of(projectId)
  const closed = now.open.filter((table) => table.id !== id).map((table) => table.id)
  put(projectId, {
    open: now.open.filter((table) => table.id === id),
    closed: [...closed, ...now.closed].slice(0, 20),
    active: id,
  })
}

/** The last closed table that still exists, put back into a tab of its own. */
export function reopenTable(projectId: string, exists: (id: string) => boolean): string | null {
  const now = of(projectId)
  const id = now.closed.find(exists)
  if (id === undefined) return null
  put(projectId, {
    open: [...now.open.filter((table) => table.id !== id), { id, kept: true }],
    closed: now.closed.filter((other) => other !== id),
    active: id,
  })
  return id
}

/** Forgets tabs of tables that were deleted. */
export function keepExisting(projectId: string, exists: (id: string) => boolean): void {
  const now = of(projectId)
  if (now.open.every((table) => exists(table.id))) return
  const open = now.open.filter((table) => exists(table.id))
  put(projectId, { ...now, open, active: now.active && exists(now.active) ? now.active : null })
}
