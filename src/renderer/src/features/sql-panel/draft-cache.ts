import { z } from 'zod'
import { type Outcome, outcomes } from './outcome'

/** One tab of the panel. */
export interface Draft {
  readonly id: string
  readonly place: number
  readonly name: string
  readonly text: string
  readonly queryId: string | null
  readonly outcomes: readonly Outcome[]
  readonly editedAt: number
  /** The server has it as it is here. */
  readonly saved: boolean
  /** The server has had it: when it has it no more, it was closed elsewhere. */
  readonly known: boolean
}

const kept = z.object({
  drafts: z.array(
    z.object({
      id: z.string(),
      place: z.number(),
      name: z.string(),
      text: z.string(),
      queryId: z.string().nullable(),
      outcomes,
      editedAt: z.number(),
      saved: z.boolean(),
      known: z.boolean(),
    }),
  ),
  /** Closed, and the server does not know yet. */
  closed: z.array(z.string()),
  active: z.string().nullable(),
})

export interface KeptDrafts {
  readonly drafts: readonly Draft[]
  readonly closed: readonly string[]
  readonly active: string | null
}

/** On this machine first: what is typed is here before any call has been made. */
export function readDrafts(databaseId: string): KeptDrafts {
  const text = localStorage.getItem(keyOf(databaseId))
  try {
    const read = kept.safeParse(JSON.parse(text ?? 'null'))
    return read.success ? read.data : nothing
  } catch {
    return nothing
  }
}

export function writeDrafts(databaseId: string, drafts: KeptDrafts): void {
  try {
    localStorage.setItem(keyOf(databaseId), JSON.stringify(drafts))
  } catch {
    // The storage is full: the server still gets them.
  }
}

/** The drafts of this machine and of the server: of each the later edit, without those that were closed. */
export function mergeDrafts(local: KeptDrafts, server: readonly Draft[]): readonly Draft[] {
  const theirs = new Map(server.map((draft) => [draft.id, draft]))
  const merged = local.drafts.flatMap((mine): readonly Draft[] => {
    const other = theirs.get(mine.id)
    theirs.delete(mine.id)
    if (other !== undefined) return [other.editedAt > mine.editedAt ? other : mine]
    return mine.known && mine.saved ? [] : [mine]
  })
  const added = [...theirs.values()].filter(({ id }) => !local.closed.includes(id))
  return [...merged, ...added].sort((a, b) => a.place - b.place)
}

const nothing: KeptDrafts = { drafts: [], closed: [], active: null }

function keyOf(databaseId: string): string {
  return `tessera.sqlDrafts.${databaseId}`
}
