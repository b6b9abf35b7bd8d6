import { type RefObject, type UIEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { CellPosition } from './grid-position'
import {
  blockOrigin,
  layerOffset,
  type RowGeometry,
  type Span,
  sameSpan,
  scrollToColumn,
  scrollToRow,
  visibleColumns,
  visibleRows,
  windowRows,
} from './grid-window'
import type { GridSize } from './use-grid-size'

export interface GridWindowInput {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly size: GridSize
  readonly rows: number
  readonly rowHeight: number
  readonly headerHeight: number
  /** Gutter and pinned columns: what never scrolls sideways. */
  readonly fixedWidth: number
  /** Left edges of the columns that scroll. */
  readonly edges: readonly number[]
}

export interface GridWindow {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** Holds the rows; moved as a whole when the canvas is scaled. */
  readonly layer: RefObject<HTMLDivElement | null>
  readonly onScroll: (event: UIEvent<HTMLDivElement>) => void
  readonly rowSpan: Span
  readonly columnSpan: Span
  readonly geometry: RowGeometry
  /** What row positions are relative to, in px. */
  readonly origin: number
  /** Rows are drawn into this many elements, over and over. */
  readonly pool: number
  /** Scrolls as little as needed; a column of -1 is pinned and always in view. */
  readonly reveal: (cell: CellPosition) => void
  readonly scrollBy: (rows: number) => void
}

const rowOverscan = 8
const columnOverscan = 1

/** When whole screens fly by, nobody reads them: they are drawn this often (ms), and the last one for sure. */
const flingPaceMs = 90

/** Follows the scroll position and says which rows and columns to draw; renders only when that changes. */
export function useGridWindow(input: GridWindowInput): GridWindow {
  const { scroller, size, rows, rowHeight, headerHeight, fixedWidth, edges } = input
  const layer = useRef<HTMLDivElement>(null)
  const geometry: RowGeometry = { rows, rowHeight, viewport: Math.max(0, size.height - headerHeight) }
  const spansAt = (element: { scrollTop: number; scrollLeft: number }) => ({
    rows: visibleRows(geometry, element.scrollTop, rowOverscan),
    columns: visibleColumns(edges, element.scrollLeft, Math.max(0, size.width - fixedWidth), columnOverscan),
  })
  const [scroll, setScroll] = useState(() => spansAt({ scrollTop: 0, scrollLeft: 0 }))
  const latest = useRef({ geometry, edges, spansAt, fixedWidth })
  latest.current = { geometry, edges, spansAt, fixedWidth }

  const drawn = useRef({ at: 0, rows: { first: 0, end: 0 } })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const follow = useCallback(() => {
    const element = scroller.current
    if (!element) return
    clearTimeout(timer.current)
    const { geometry: size, spansAt: at } = latest.current
    const next = at(element)
    if (layer.current) {
      const offset = layerOffset(size, blockOrigin(size, next.rows), element.scrollTop)
      layer.current.style.transform = offset === 0 ? '' : `translateY(${offset}px)`
    }
    const seen = drawn.current
    const isFling =
      seen.rows.end > seen.rows.first && (next.rows.first >= seen.rows.end || next.rows.end <= seen.rows.first)
    const now = performance.now()
    if (isFling && now - seen.at < flingPaceMs) {
      timer.current = setTimeout(follow, flingPaceMs)
      return
    }
    drawn.current = { at: now, rows: next.rows }
    setScroll((old) => (sameSpan(old.rows, next.rows) && sameSpan(old.columns, next.columns) ? old : next))
  }, [scroller])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what decides the window has changed
  useLayoutEffect(follow, [follow, rows, rowHeight, edges, size, fixedWidth])

  const reveal = useCallback(
    ({ row, column }: CellPosition) => {
      const element = scroller.current
      if (!element) return
      const now = latest.current
      const top = scrollToRow(now.geometry, element.scrollTop, row)
      if (top !== element.scrollTop) element.scrollTop = top
      if (column < 0) return
      const viewport = element.clientWidth - now.fixedWidth
      const left = scrollToColumn(now.edges, element.scrollLeft, viewport, column)
      if (left !== element.scrollLeft) element.scrollLeft = left
    },
    [scroller],
  )
  const scrollBy = useCallback(
    (by: number) => {
      if (scroller.current) scroller.current.scrollTop += by * latest.current.geometry.rowHeight
    },
    [scroller],
  )

  return {
    scroller,
    layer,
    onScroll: follow,
    rowSpan: scroll.rows,
    columnSpan: scroll.columns,
    geometry,
    origin: blockOrigin(geometry, scroll.rows),
    pool: windowRows(geometry, rowOverscan),
    reveal,
    scrollBy,
  }
}
