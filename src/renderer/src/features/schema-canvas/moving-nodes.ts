import type { Node } from 'reactflow'
import { nodeIds, parseNodeId } from './canvas-graph'
import type { CanvasLayout, LayoutPatch } from './canvas-layout'
import type { Point } from './place-tables'
import type { ShownTable } from './shown-tables'
import { contains, tableHeight, tableWidth } from './table-geometry'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Places by node id, while a drag, a resize or an arrangement is under way. */
export type Moving = ReadonlyMap<string, Point & Partial<Size>>

export function movedTo(node: Node, { x, y, width, height }: Point & Partial<Size>): Node {
  const position = { x, y }
  if (width === undefined || height === undefined) return { ...node, position }
  return { ...node, position, width, height, style: { width, height } }
}

/** The node ids that go along when an area is dragged: what lies wholly in it. */
export function insideArea(layout: CanvasLayout, tables: readonly ShownTable[], id: string): readonly string[] {
  const area = layout.areas[id]
  if (!area) return []
  const inTables = tables.flatMap(({ table, columns }) => {
    const place = layout.tables[table.name]
    const box = place && { x: place.x, y: place.y, width: tableWidth, height: tableHeight(columns.length) }
    return box && contains(area, box) ? [nodeIds.table(table.name)] : []
  })
  const notes = Object.entries(layout.notes).flatMap(([key, note]) => (contains(area, note) ? [nodeIds.note(key)] : []))
  return [...inTables, ...notes]
}

/** The end of a move as what changes in the layout. */
export function moveTo(layout: CanvasLayout, places: Moving): LayoutPatch {
  const tables: Record<string, CanvasLayout['tables'][string]> = {}
  const areas: Record<string, CanvasLayout['areas'][string]> = {}
  const notes: Record<string, CanvasLayout['notes'][string]> = {}
  for (const [id, { x, y }] of places) {
    const { kind, key } = parseNodeId(id)
    const area = layout.areas[key]
    const note = layout.notes[key]
    if (kind === 'table') tables[key] = { ...layout.tables[key], x, y }
    else if (kind === 'area' && area) areas[key] = { ...area, x, y }
    else if (kind === 'note' && note) notes[key] = { ...note, x, y }
  }
  return { tables, areas, notes }
}

/** "Move users", "Move 3 things". */
export function moveLabel(places: Moving): string {
  const [only, ...more] = [...places.keys()]
  if (only === undefined || more.length > 0) return `Move ${places.size} things`
  const { kind, key } = parseNodeId(only)
  return kind === 'table' ? `Move ${key}` : `Move ${kind === 'area' ? 'an area' : 'a note'}`
}
