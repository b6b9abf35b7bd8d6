import { useMemo } from 'react'
import { firstWidth, type GridColumn } from './grid-column'
import { columnEdges } from './grid-window'

/** Where columns lie: a gutter of row numbers, pinned columns, and those that scroll. */
export interface GridLayout {
  readonly columns: readonly GridColumn[]
  readonly widths: readonly number[]
  /** How many columns stay at the left. */
  readonly pinned: number
  /** Left edges of the columns that scroll, from the first of them; last, their whole width. */
  readonly edges: readonly number[]
  readonly gutter: number
  /** Gutter and pinned columns. */
  readonly fixedWidth: number
  readonly width: number
  readonly rowHeight: number
}

export const headerHeight = 34

/** The first column stays in sight, or as many as were pinned; fewer where that would leave too little for the others. */
export function useGridLayout(
  columns: readonly GridColumn[],
  given: Readonly<Record<string, number>>,
  options: {
    readonly rows: number
    readonly rowHeight: number
    readonly available: number
    /** How many columns somebody wants at the left; null for the first. */
    readonly pinned: number | null
  },
): GridLayout {
  const digits = String(Math.max(1, options.rows)).length
  const { rowHeight, available } = options
  const wanted = options.pinned ?? 1
  return useMemo(() => {
    const widths = columns.map((column) => given[column.name] ?? firstWidth(column))
    const gutter = Math.max(57, 22 + digits * 7)
    const most = available === 0 ? Number.POSITIVE_INFINITY : available * (options.pinned === null ? 0.5 : 0.7)
    let pinned = 0
    let fixedWidth = gutter
    while (pinned < Math.min(wanted, columns.length - 1) && fixedWidth + (widths[pinned] ?? 0) < most) {
      fixedWidth += widths[pinned] ?? 0
      pinned += 1
    }
    const edges = columnEdges(widths.slice(pinned))
    return { columns, widths, pinned, edges, gutter, fixedWidth, width: fixedWidth + (edges.at(-1) ?? 0), rowHeight }
  }, [columns, given, digits, rowHeight, available, wanted, options.pinned])
}

/** Distance of a column from the canvas' left edge. */
export function columnLeft(layout: GridLayout, index: number): number {
  if (index >= layout.pinned) return layout.fixedWidth + (layout.edges[index - layout.pinned] ?? 0)
  return layout.gutter + layout.widths.slice(0, index).reduce((sum, width) => sum + width, 0)
}
