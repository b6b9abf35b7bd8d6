import type { CellPosition } from './grid-position'
import type { Span } from './grid-window'

/** A rectangle of cells: the active cell is where it began, `focus` where it was led to. */
export interface CellRange {
  readonly anchor: CellPosition
  readonly focus: CellPosition
}

/** Half open in both directions. */
export interface RangeBounds {
  readonly rows: Span
  readonly columns: Span
}

export function oneCell(cell: CellPosition): CellRange {
  return { anchor: cell, focus: cell }
}

export function boundsOf({ anchor, focus }: CellRange): RangeBounds {
  return { rows: spanOf(anchor.row, focus.row), columns: spanOf(anchor.column, focus.column) }
}

export function isOneCell({ anchor, focus }: CellRange): boolean {
  return anchor.row === focus.row && anchor.column === focus.column
}

export function cellCount({ rows, columns }: RangeBounds): number {
  return (rows.end - rows.first) * (columns.end - columns.first)
}

export function moveRange(range: CellRange, rows: number): CellRange {
  const move = (cell: CellPosition) => ({ ...cell, row: cell.row + rows })
  return { anchor: move(range.anchor), focus: move(range.focus) }
}

/** The columns of a row that are in the range; from -1 to -1 when none are. */
export function columnsIn(bounds: RangeBounds | null, row: number): Span {
  return bounds && row >= bounds.rows.first && row < bounds.rows.end ? bounds.columns : nowhere
}

const nowhere: Span = Object.freeze({ first: -1, end: -1 })

function spanOf(a: number, b: number): Span {
  return { first: Math.min(a, b), end: Math.max(a, b) + 1 }
}
