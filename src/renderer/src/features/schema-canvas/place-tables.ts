import type { TableSchema } from '@shared/domain/table-schema'
import type { Place } from './canvas-layout'
import { around, type Box, overlaps, tableBox, tableHeight, tableWidth } from './table-geometry'

/** Pixels between tables, and the step in which a free place is looked for. */
const gap = 48
const step = 24

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * Places for the tables that have none: beside the tables they refer to or are referred to from, where nothing lies
 * yet; without such neighbours around `near`, or to the right of everything.
 */
export function placeTables(
  tables: readonly TableSchema[],
  places: Readonly<Record<string, Place>>,
  near?: Point,
): Readonly<Record<string, Place>> {
  const lying = new Map(
    tables.flatMap((table) => {
      const place = places[table.name]
      return place ? [[table.name, tableBox(place, table)] as const] : []
    }),
  )
  const found: Record<string, Place> = {}
  const waiting = new Set(tables.filter(({ name }) => !lying.has(name)))
  while (waiting.size > 0) {
    const [table, neighbours] = mostConnected([...waiting], tables, lying)
    const size = { width: tableWidth, height: tableHeight(table.columns.length) }
    const box = freeBox(size, wanted(size, neighbours, [...lying.values()], near), [...lying.values()])
    lying.set(table.name, box)
    found[table.name] = { x: box.x, y: box.y }
    waiting.delete(table)
  }
  return found
}

/** The waiting table that has the most neighbours on the canvas already. */
function mostConnected(
  waiting: readonly TableSchema[],
  tables: readonly TableSchema[],
  lying: ReadonlyMap<string, Box>,
): readonly [TableSchema, readonly Box[]] {
  let best: readonly [TableSchema, readonly Box[]] | null = null
  for (const table of waiting) {
    const boxes = neighboursOf(table, tables).flatMap((name) => lying.get(name) ?? [])
    if (best === null || boxes.length > best[1].length) best = [table, boxes]
  }
  if (best === null) throw new Error('There is a table to place')
  return best
}

/** Names of the tables at the other end of its references, in either direction. */
export function neighboursOf(table: TableSchema, tables: readonly TableSchema[]): readonly string[] {
  const names = new Set(table.columns.flatMap(({ references }) => (references ? [references.table] : [])))
  for (const other of tables)
    if (other.columns.some(({ references }) => references?.table === table.name)) names.add(other.name)
  names.delete(table.name)
  return [...names]
}

function wanted(
  size: Pick<Box, 'width' | 'height'>,
  neighbours: readonly Box[],
  all: readonly Box[],
  near: Point | undefined,
): Point {
  const beside = around(neighbours)
  if (beside) return { x: beside.x + beside.width + gap * 2, y: beside.y + beside.height / 2 - size.height / 2 }
  if (near) return { x: near.x - size.width / 2, y: near.y - 18 }
  const everything = around(all)
  return everything ? { x: everything.x + everything.width + gap * 2, y: everything.y } : { x: 0, y: 0 }
}

/** The free place nearest to the wanted one, looked for in growing squares around it. */
function freeBox(size: Pick<Box, 'width' | 'height'>, at: Point, taken: readonly Box[]): Box {
  const start = { x: snap(at.x), y: snap(at.y) }
  for (let ring = 0; ; ring += 1) {
    let best: { readonly box: Box; readonly distance: number } | null = null
    for (const [dx, dy] of ringOf(ring)) {
      const box = { x: start.x + dx * step * 2, y: start.y + dy * step, ...size }
      if (taken.some((other) => overlaps(box, other, gap))) continue
      const distance = (box.x - at.x) ** 2 + (box.y - at.y) ** 2
      if (best === null || distance < best.distance) best = { box, distance }
    }
    if (best) return best.box
  }
}

function ringOf(ring: number): readonly (readonly [number, number])[] {
  if (ring === 0) return [[0, 0]]
  const points: (readonly [number, number])[] = []
  for (let along = -ring; along <= ring; along += 1)
    points.push([along, -ring], [along, ring], [-ring, along], [ring, along])
  return points
}

export function snap(value: number): number {
  return Math.round(value / 8) * 8
}
