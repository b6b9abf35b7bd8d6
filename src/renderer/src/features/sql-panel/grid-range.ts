/** A rectangle of cells: from where it was begun to where the cursor is. */
export interface GridRange {
  readonly anchor: GridPlace
  readonly cursor: GridPlace
}

export interface GridPlace {
  readonly row: number
  readonly column: number
}

export interface Rectangle {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}

export function rectangleOf({ anchor, cursor }: GridRange): Rectangle {
  return {
    top: Math.min(anchor.row, cursor.row),
    bottom: Math.max(anchor.row, cursor.row),
    left: Math.min(anchor.column, cursor.column),
    right: Math.max(anchor.column, cursor.column),
  }
}

export function isInRange(range: GridRange, row: number, column: number): boolean {
  const { top, bottom, left, right } = rectangleOf(range)
  return row >= top && row <= bottom && column >= left && column <= right
}

/** The range after a key, with Shift extending it; null for a key that does not move. */
export function movedRange(
  range: GridRange,
  key: { readonly key: string; readonly shift: boolean; readonly mod: boolean },
  size: { readonly rows: number; readonly columns: number; readonly page: number },
): GridRange | null {
  const { row, column } = range.cursor
  const last = { row: size.rows - 1, column: size.columns - 1 }
  const next = moved(key, { row, column }, last, size.page)
  if (next === null) return null
  const cursor = { row: clamp(next.row, last.row), column: clamp(next.column, last.column) }
  return { cursor, anchor: key.shift ? range.anchor : cursor }
}

function moved(
  { key, mod }: { readonly key: string; readonly mod: boolean },
  { row, column }: GridPlace,
  last: GridPlace,
  page: number,
): GridPlace | null {
  switch (key) {
    case 'ArrowDown':
      return { row: mod ? last.row : row + 1, column }
    case 'ArrowUp':
      return { row: mod ? 0 : row - 1, column }
    case 'ArrowRight':
      return { row, column: mod ? last.column : column + 1 }
    case 'ArrowLeft':
      return { row, column: mod ? 0 : column - 1 }
    case 'PageDown':
      return { row: row + page, column }
    case 'PageUp':
      return { row: row - page, column }
    case 'Home':
      return { row: mod ? 0 : row, column: 0 }
    case 'End':
      return { row: mod ? last.row : row, column: last.column }
    default:
      return null
  }
}

function clamp(value: number, last: number): number {
  return Math.max(0, Math.min(last, value))
}
