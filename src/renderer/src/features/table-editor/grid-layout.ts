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

/** The first column stays in sight, unless that would leave too little for the others. */
export function useGridLayout(
  columns: readonly GridColumn[],
  given: Readonly<Record<string, number>>,
  options: { readonly rows: number; readonly rowHeight: number; readonly available: number },
): GridLayout {
  const digits = String(Math.max(1, options.rows)).length
  const { rowHeight, available } = options
  return useMemo(() => {
    const widths = columns.map((column) => given[column.name] ?? firstWidth(column))
    const gutter = Math.max(57, 22 + digits * 7)
    const first = widths[0] ?? 0
    const pinned = columns.length > 1 && (available === 0 || gutter + first < available * 0.5) ? 1 : 0
    const edges = columnEdges(widths.slice(pinned))
    const fixedWidth = gutter + (pinned ? first : 0)
    return { columns, widths, pinned, edges, gutter, fixedWidth, width: fixedWidth + (edges.at(-1) ?? 0), rowHeight }
  }, [columns, given, digits, rowHeight, available])
}

/** Distance of a column from the canvas' left edge. */
export function columnLeft(layout: GridLayout, index: number): number {
  if (index >= layout.pinned) return layout.fixedWidth + (layout.edges[index - layout.pinned] ?? 0)
  return layout.gutter + layout.widths.slice(0, index).reduce((sum, width) => sum + width, 0)
}
