import type { TableSchema } from '@shared/domain/table-schema'
import type { CanvasLayout, Place } from './canvas-layout'
import { snap } from './place-tables'
import { overlaps, tableBox } from './table-geometry'

/** Pixels that stay between a table and those it pushes down. */
const gap = 24

/**
 * Where tables go that would be covered by one that has grown: down, as far as needed, and those below them too. What
 * is pinned stays, and so does what was covered before.
 */
export function makeRoom(
  before: readonly TableSchema[],
  after: readonly TableSchema[],
  layout: CanvasLayout,
): Readonly<Record<string, Place>> {
  const old = new Map(before.map((table) => [table.name, table]))
  const places = new Map(Object.entries(layout.tables))
  const moved: Record<string, Place> = {}
  const grown = after.filter(({ name, columns }) => columns.length > (old.get(name)?.columns.length ?? columns.length))
  const waiting = grown.map(({ name }) => name)
  const byName = new Map(after.map((table) => [table.name, table]))
  const boxOf = (name: string) => {
    const place = places.get(name)
    const table = byName.get(name)
    return place && table ? tableBox(place, table) : null
  }
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const box = boxOf(name)
    if (!box) continue
    for (const other of after) {
      const place = places.get(other.name)
      const otherBox = boxOf(other.name)
      if (other.name === name || !place || !otherBox || place.pinned || otherBox.y < box.y) continue
      if (!overlaps(box, otherBox, gap)) continue
      // Tables that people laid over each other by themselves are not pushed apart.
      if (otherBox.y < box.y + 36 && moved[other.name] === undefined) continue
      const next = { ...place, y: snap(box.y + box.height + gap) }
      if (next.y <= place.y) continue
      places.set(other.name, next)
      moved[other.name] = next
      waiting.push(other.name)
    }
  }
  return moved
}
