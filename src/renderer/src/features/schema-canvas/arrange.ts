import type { TableSchema } from '@shared/domain/table-schema'
import type { ELK, ElkNode } from 'elkjs/lib/elk-api'
import type { CanvasLayout } from './canvas-layout'
import { type Point, placeTables, snap } from './place-tables'
import { around, overlaps, tableBox, tableHeight, tableWidth } from './table-geometry'

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.aspectRatio': '1.6',
  'elk.spacing.nodeNode': '48',
  'elk.spacing.componentComponent': '72',
  'elk.layered.spacing.nodeNodeBetweenLayers': '112',
  'elk.layered.compaction.postCompaction.strategy': 'EDGE_LENGTH',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.thoroughness': '4',
  'elk.layered.wrapping.strategy': 'OFF',
} as const

/**
 * Where the tables would lie best: those that refer beside those they refer to. Pinned tables stay, and nothing is laid
 * over them. The work is done in the engine's own thread.
 */
export async function arrange(
  engine: Pick<ELK, 'layout'>,
  tables: readonly TableSchema[],
  layout: CanvasLayout,
): Promise<Readonly<Record<string, Point>>> {
  const free = tables.filter(({ name }) => layout.tables[name]?.pinned !== true)
  if (free.length === 0) return {}
  const names = new Set(free.map(({ name }) => name))
  const graph: ElkNode = {
    id: 'schema',
    layoutOptions: options,
    children: free.map((table) => ({
      id: table.name,
      width: tableWidth,
      height: tableHeight(table.columns.length),
    })),
    edges: free.flatMap((table) =>
      table.columns.flatMap(({ name, references }) =>
        references && names.has(references.table) && references.table !== table.name
          ? [{ id: `${table.name}.${name}`, sources: [references.table], targets: [table.name] }]
          : [],
      ),
    ),
  }
  const { children = [] } = await engine.layout(graph)
  const found = Object.fromEntries(children.map(({ id, x = 0, y = 0 }) => [id, { x: snap(x), y: snap(y) }]))
  return aroundPinned(tables, layout, found)
}

/** Beside the pinned tables the arranged ones keep to the middle of what was there; those in the way move aside. */
function aroundPinned(
  tables: readonly TableSchema[],
  layout: CanvasLayout,
  found: Readonly<Record<string, Point>>,
): Readonly<Record<string, Point>> {
  const pinned = tables.flatMap((table) => {
    const place = layout.tables[table.name]
    return place?.pinned ? [{ table, place }] : []
  })
  if (pinned.length === 0) return found
  const middle = centreOf(tables, layout.tables)
  const own = centreOf(tables, found)
  const shift = { x: snap(middle.x - own.x), y: snap(middle.y - own.y) }
  const places = Object.fromEntries(
    Object.entries(found).map(([name, { x, y }]) => [name, { x: x + shift.x, y: y + shift.y }]),
  )
  const walls = pinned.map(({ table, place }) => tableBox(place, table))
  const clear = Object.fromEntries(
    tables.flatMap((table) => {
      const place = places[table.name]
      const box = place && tableBox(place, table)
      return place && box && !walls.some((wall) => overlaps(box, wall, 32)) ? [[table.name, place]] : []
    }),
  )
  const kept = Object.fromEntries(pinned.map(({ table, place }) => [table.name, place]))
  return { ...clear, ...placeTables(tables, { ...kept, ...clear }) }
}

function centreOf(tables: readonly TableSchema[], places: Readonly<Record<string, Point>>): Point {
  const box = around(
    tables.flatMap((table) => {
      const place = places[table.name]
      return place ? [tableBox(place, table)] : []
    }),
  )
  return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : { x: 0, y: 0 }
}
