export interface Move {
  readonly key: string
  readonly position: number
}

/** The fewest moves that put `before` (which may hold more, dropped ones) in the order of `after`. */
export function planMoves(after: readonly string[], before: readonly string[]): readonly Move[] {
  const order = before.filter((key) => after.includes(key))
  const stays = new Set(longestRise(after, order))
  const moves: Move[] = []
  after.forEach((key, position) => {
    if (stays.has(key)) return
    const from = order.indexOf(key)
    if (from < 0) return
    order.splice(from, 1)
    // Right behind its neighbour of the final order; those before it stand already as they should among each other.
    const previous = after[position - 1]
    const to = previous === undefined ? 0 : order.indexOf(previous) + 1
    order.splice(to, 0, key)
    moves.push({ key, position: to })
  })
  return moves
}

/** The longest run of keys that are in the same order in both lists. */
function longestRise(after: readonly string[], order: readonly string[]): readonly string[] {
  const places = after.map((key) => order.indexOf(key))
  const best = places.map(() => 1)
  const previous = places.map(() => -1)
  let end = -1
  places.forEach((place, index) => {
    for (let other = 0; other < index; other++) {
      const length = (best[other] ?? 0) + 1
      if ((places[other] ?? 0) < place && length > (best[index] ?? 0)) {
        best[index] = length
        previous[index] = other
      }
    }
    if (end < 0 || (best[index] ?? 0) > (best[end] ?? 0)) end = index
  })
  const run: string[] = []
  for (let at = end; at >= 0; at = previous[at] ?? -1) run.push(after[at] ?? '')
  return run
}
