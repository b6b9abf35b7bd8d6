/** What was understood differently from how it was written, as sentences; alike ones are one sentence. */
export interface Remarks {
  /** `sentence` is said once, with all its places. */
  add(sentence: (places: string) => string, place: string): void
  /** Something that a better answer would not have: worth asking once more, and no reason to refuse the rest. */
  doubt(sentence: string): void
  readonly notes: readonly string[]
  readonly doubts: readonly string[]
}

/** Places of one kind that are named; of more, how many. */
const mostPlaces = 6

export function createRemarks(): Remarks {
  const kinds = new Map<(places: string) => string, Set<string>>()
  const doubts = new Set<string>()
  return {
    add(sentence, place) {
      const places = kinds.get(sentence) ?? new Set()
      kinds.set(sentence, places.add(place))
    },
    doubt: (sentence) => void doubts.add(sentence),
    get notes() {
      return [...kinds].map(([sentence, places]) => sentence(listed([...places])))
    },
    get doubts() {
      return [...doubts]
    },
  }
}

export function listed(places: readonly string[]): string {
  const shown = places.slice(0, mostPlaces)
  const more = places.length - shown.length
  if (more > 0) return `${shown.join(', ')} and ${more} more`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
