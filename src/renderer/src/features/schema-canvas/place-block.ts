import type { TableSchema } from '@shared/domain/table-schema'
import type { Place } from './canvas-layout'
import { firstLayout } from './first-layout'
import { type Point, placeTables } from './place-tables'
import { around, tableBox } from './table-geometry'

const beside = 144

/** So many new tables are a drawing of their own: they are not scattered into the gaps of the old one. */
export function isBlock(tables: number): boolean {
  return tables >= 4
}

/** Places for the tables that have none: a few beside their neighbours, many together to the right of everything. */
export function placeNew(
  tables: readonly TableSchema[],
  places: Readonly<Record<string, Place>>,
  near?: Point,
): Readonly<Record<string, Place>> {
  const fresh = tables.filter(({ name }) => !places[name])
  if (!isBlock(fresh.length)) return placeTables(tables, places, near)
  const block = firstLayout(fresh)
  const lying = tables.flatMap((table) => {
    const place = places[table.name]
    return place ? [tableBox(place, table)] : []
  })
  const all = around(lying)
  if (!all) return block
  const by = { x: all.x + all.width + beside, y: all.y }
  return Object.fromEntries(Object.entries(block).map(([name, { x, y }]) => [name, { x: x + by.x, y: y + by.y }]))
}
