/** Text to put in the place of other text. In UTF-16 units. */
export interface Splice {
  readonly at: number
  readonly remove: number
  readonly insert: string
}

export interface Spliced {
  readonly text: string
  /** From a unit of `text` to a unit of the text before. */
  readonly toOriginal: (unit: number) => number
}

/** Puts all of them in at once. They do not overlap; what is only put in comes before what is replaced there. */
export function spliced(original: string, splices: readonly Splice[]): Spliced {
  const sorted = [...splices].sort((a, b) => a.at - b.at || a.remove - b.remove)
  const pieces: string[] = []
  const places: { readonly from: number; readonly original: number; readonly length: number }[] = []
  let length = 0
  let last = 0
  const keep = (until: number) => {
    places.push({ from: length, original: last, length: until - last })
    pieces.push(original.slice(last, until))
    length += until - last
  }
  for (const splice of sorted) {
    keep(splice.at)
    pieces.push(splice.insert)
    length += splice.insert.length
    last = splice.at + splice.remove
  }
  keep(original.length)
  const text = pieces.join('')
  return {
    text,
    toOriginal(unit) {
      const place = [...places].reverse().find(({ from }) => from <= unit)
      return place === undefined ? 0 : place.original + Math.min(unit - place.from, place.length)
    },
  }
}
