import type { TableSchema } from '@shared/domain/table-schema'
import type { Point } from './place-tables'
import { neighboursOf } from './place-tables'
import { tableHeight, tableWidth } from './table-geometry'

const gap = 48
const betweenLayers = 112
const betweenGroups = 72
/** A layer that would be taller is broken into several columns. */
const tallest = 1800

interface Group {
  readonly places: ReadonlyMap<string, Point>
  readonly width: number
  readonly height: number
}

/**
 * A readable first layout without waiting for the layout engine: what refers stands to the right of what it refers to,
 * beside its neighbours; tables that have nothing to do with each other stand in groups. 300 tables take a few ms.
 */
export function firstLayout(tables: readonly TableSchema[]): Readonly<Record<string, Point>> {
  const groups = connected(tables).map(layered)
  const area = groups.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0)
  const rowWidth = Math.max(Math.sqrt(area * 1.7), ...groups.map(({ width }) => width))
  const found: Record<string, Point> = {}
  let x = 0
  let y = 0
  let rowHeight = 0
  for (const group of [...groups].sort((a, b) => b.places.size - a.places.size || b.height - a.height)) {
    if (x > 0 && x + group.width > rowWidth) {
      x = 0
      y += rowHeight + betweenGroups
      rowHeight = 0
    }
    for (const [name, place] of group.places) found[name] = { x: x + place.x, y: y + place.y }
    x += group.width + betweenGroups
    rowHeight = Math.max(rowHeight, group.height)
  }
  return found
}

/** Tables that hang together by references, however far. */
function connected(tables: readonly TableSchema[]): readonly (readonly TableSchema[])[] {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const next = neighbourNames(tables)
  const left = new Set(tables.map(({ name }) => name))
  const groups: TableSchema[][] = []
  for (const { name: start } of tables) {
    if (!left.delete(start)) continue
    const group = [start]
    for (let at = 0; at < group.length; at += 1)
      for (const other of next.get(group[at] ?? '') ?? []) if (left.delete(other)) group.push(other)
    groups.push(group.flatMap((name) => byName.get(name) ?? []))
  }
  return groups
}

function neighbourNames(tables: readonly TableSchema[]): ReadonlyMap<string, ReadonlySet<string>> {
  const next = new Map(tables.map(({ name }) => [name, new Set<string>()]))
  for (const { name, columns } of tables)
    for (const { references } of columns)
      if (references && references.table !== name) {
        next.get(name)?.add(references.table)
        next.get(references.table)?.add(name)
      }
  return next
}

function layered(group: readonly TableSchema[]): Group {
  const depths = depthsOf(group)
  const layers: TableSchema[][] = []
  for (const table of group) {
    const depth = depths.get(table.name) ?? 0
    layers[depth] = [...(layers[depth] ?? []), table]
  }
  const order = new Map<string, number>()
  for (const layer of layers) {
    // Beside the middle of what each is connected to in the layers before it.
    const middle = (table: TableSchema) => {
      const known = neighboursOf(table, group).flatMap((name) => order.get(name) ?? [])
      return known.length === 0 ? layer.indexOf(table) : known.reduce((sum, at) => sum + at, 0) / known.length
    }
    layer.sort((a, b) => middle(a) - middle(b))
    for (const [index, { name }] of layer.entries()) order.set(name, index)
  }
  const columns = layers.flatMap(broken)
  const height = Math.max(...columns.map(heightOf))
  const places = new Map<string, Point>()
  let x = 0
  for (const column of columns) {
    let y = (height - heightOf(column)) / 2
    for (const table of column) {
      places.set(table.name, { x, y: Math.round(y / 8) * 8 })
      y += tableHeight(table.columns.length) + gap
    }
    x += tableWidth + betweenLayers
  }
  return { places, width: x - betweenLayers, height }
}

/** How many references a table is from those that refer to nothing; a circle is cut where it is entered. */
function depthsOf(group: readonly TableSchema[]): ReadonlyMap<string, number> {
  const byName = new Map(group.map((table) => [table.name, table]))
  const depths = new Map<string, number>()
  const entered = new Set<string>()
  const depthOf = (table: TableSchema): number => {
    const known = depths.get(table.name)
    if (known !== undefined) return known
    if (entered.has(table.name)) return 0
    entered.add(table.name)
    const targets = table.columns.flatMap(({ references }) =>
      references && references.table !== table.name ? (byName.get(references.table) ?? []) : [],
    )
    const depth = targets.length === 0 ? 0 : 1 + Math.max(...targets.map(depthOf))
    depths.set(table.name, depth)
    return depth
  }
  for (const table of group) depthOf(table)
  return depths
}

function broken(layer: readonly TableSchema[]): readonly (readonly TableSchema[])[] {
  const columns: TableSchema[][] = []
  for (const table of layer) {
    const last = columns.at(-1)
    if (last && heightOf([...last, table]) <= tallest) last.push(table)
    else columns.push([table])
  }
  return columns
}

function heightOf(column: readonly TableSchema[]): number {
  return column.reduce((sum, { columns }) => sum + tableHeight(columns.length) + gap, -gap)
}
