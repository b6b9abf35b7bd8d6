import type { TableSchema } from '@shared/domain/table-schema'
import type { Place } from './canvas-layout'

/** Pixels at 100 %. Edges are computed from these, so no column has to be measured, or even be there. */
export const tableWidth = 264
export const headerHeight = 36
export const rowHeight = 28
const bottomPadding = 4

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export function tableHeight(columns: number): number {
  return headerHeight + columns * rowHeight + bottomPadding
}

export function tableBox(place: Place, table: TableSchema): Box {
  return { x: place.x, y: place.y, width: tableWidth, height: tableHeight(table.columns.length) }
}

/** The middle of the column's row, from the top of its table; of the header when there is no such column. */
export function rowMiddle(index: number): number {
  return index < 0 ? headerHeight / 2 : headerHeight + index * rowHeight + rowHeight / 2
}

export function overlaps(a: Box, b: Box, gap = 0): boolean {
  return (
    a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap
  )
}

/** The smallest box around all; null around nothing. */
export function around(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null
  const left = Math.min(...boxes.map(({ x }) => x))
  const top = Math.min(...boxes.map(({ y }) => y))
  const right = Math.max(...boxes.map(({ x, width }) => x + width))
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height))
  return { x: left, y: top, width: right - left, height: bottom - top }
}

export function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}
