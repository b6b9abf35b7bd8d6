/** Which rows and columns are on screen. Plain arithmetic, so that scrolling costs no layout reads. */

/** Half open: `first` is on screen, `end` is not. */
export interface Span {
  readonly first: number
  readonly end: number
}

export interface RowGeometry {
  readonly rows: number
  readonly rowHeight: number
  /** Height of the part that shows rows, in px. */
  readonly viewport: number
}

/** Chromium cuts layout off at 33,554,428 px; beyond this height the scrollbar is scaled. */
const tallestCanvas = 30_000_000

/** Rows in one block of positions, so that positions stay small numbers in a scaled canvas. */
const blockRows = 50_000

/** Windows move in steps of this many rows: fewer renders, same pixels. */
const rowStep = 4

export function canvasHeight({ rows, rowHeight }: RowGeometry): number {
  return Math.min(rows * rowHeight, tallestCanvas)
}

/** Where the viewport's top is among all rows, in px of rows. Equal to `scrollTop` until the canvas is scaled. */
export function virtualTop(geometry: RowGeometry, scrollTop: number): number {
  const whole = geometry.rows * geometry.rowHeight
  const canvas = canvasHeight(geometry)
  if (whole === canvas) return scrollTop
  const travel = Math.max(1, canvas - geometry.viewport)
  return (scrollTop / travel) * (whole - geometry.viewport)
}

/** The `scrollTop` that puts `top` (px of rows) at the viewport's top. */
export function scrollTopFor(geometry: RowGeometry, top: number): number {
  const whole = geometry.rows * geometry.rowHeight
  const canvas = canvasHeight(geometry)
  const wanted = Math.max(0, Math.min(top, whole - geometry.viewport))
  if (whole === canvas) return wanted
  return (wanted / Math.max(1, whole - geometry.viewport)) * (canvas - geometry.viewport)
}

/** How many rows a window holds, wherever it is. */
export function windowRows({ viewport, rowHeight }: RowGeometry, overscan: number): number {
  return (Math.ceil((viewport / rowHeight + 2 * overscan) / rowStep) + 1) * rowStep
}

export function visibleRows(geometry: RowGeometry, scrollTop: number, overscan: number): Span {
  const top = virtualTop(geometry, scrollTop)
  const first = Math.floor((top / geometry.rowHeight - overscan) / rowStep) * rowStep
  return {
    first: clamp(first, 0, geometry.rows),
    end: clamp(first + windowRows(geometry, overscan), 0, geometry.rows),
  }
}

/** The block the window begins in: rows are placed relative to it, and the layer of rows is moved as a whole. */
export function blockOrigin(geometry: RowGeometry, span: Span): number {
  if (geometry.rows * geometry.rowHeight === canvasHeight(geometry)) return 0
  return Math.floor(span.first / blockRows) * blockRows * geometry.rowHeight
}

/** How far the layer of rows is moved so that `origin` lands in its place. Zero until the canvas is scaled. */
export function layerOffset(geometry: RowGeometry, origin: number, scrollTop: number): number {
  return origin - virtualTop(geometry, scrollTop) + scrollTop
}

/** The smallest scroll that brings the row fully into view; the same `scrollTop` when it is. */
export function scrollToRow(geometry: RowGeometry, scrollTop: number, row: number): number {
  const top = virtualTop(geometry, scrollTop)
  const rowTop = row * geometry.rowHeight
  if (rowTop < top) return scrollTopFor(geometry, rowTop)
  const bottom = rowTop + geometry.rowHeight
  if (bottom > top + geometry.viewport) return scrollTopFor(geometry, bottom - geometry.viewport)
  return scrollTop
}

/** Left edges of the columns and, last, their whole width. */
export function columnEdges(widths: readonly number[]): readonly number[] {
  const edges = [0]
  let left = 0
  for (const width of widths) {
    left += width
    edges.push(left)
  }
  return edges
}

export function visibleColumns(edges: readonly number[], scrollLeft: number, viewport: number, overscan: number): Span {
  const columns = edges.length - 1
  const first = lastEdgeBefore(edges, scrollLeft)
  let end = first
  while (end < columns && (edges[end] ?? 0) < scrollLeft + viewport) end++
  return { first: clamp(first - overscan, 0, columns), end: clamp(end + overscan, 0, columns) }
}

/** The smallest scroll that brings a column into view. */
export function scrollToColumn(edges: readonly number[], scrollLeft: number, viewport: number, column: number): number {
  const left = edges[column] ?? 0
  const right = edges[column + 1] ?? left
  if (left < scrollLeft || right - left > viewport) return left
  return right > scrollLeft + viewport ? right - viewport : scrollLeft
}

export function sameSpan(a: Span, b: Span): boolean {
  return a.first === b.first && a.end === b.end
}

function lastEdgeBefore(edges: readonly number[], position: number): number {
  let low = 0
  let high = edges.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((edges[middle] ?? 0) <= position) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
