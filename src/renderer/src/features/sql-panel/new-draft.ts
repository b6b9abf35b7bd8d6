import type { Draft } from './draft-cache'

/** A tab after the others, with a name that none of them has. */
export function newDraft(
  tabs: readonly Draft[],
  { name, text, queryId = null }: { readonly name?: string; readonly text: string; readonly queryId?: string | null },
): Draft {
  const place = Math.max(0, ...tabs.map((tab) => tab.place)) + 1
  return {
    id: crypto.randomUUID(),
    place,
    name: name ?? freeName(tabs),
    text,
    queryId,
    outcomes: [],
    editedAt: Date.now(),
    saved: false,
    known: false,
  }
}

function freeName(tabs: readonly Draft[]): string {
  for (let number = 1; ; number += 1) {
    const name = `Query ${number}`
    if (!tabs.some((tab) => tab.name === name)) return name
  }
}

/** The tab as the server keeps it. */
export function toServer({ id, place, name, text, queryId, editedAt, outcomes: results }: Draft) {
  return { id, place, name, text, queryId, editedAt, results: results.map((each) => ({ ...each })) }
}
