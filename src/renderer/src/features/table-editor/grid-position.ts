/** The active cell and where a key takes it. */

export interface CellPosition {
  readonly row: number
  readonly column: number
}

export interface GridBounds {
  readonly rows: number
  readonly columns: number
  /** Rows that one Page Up or Page Down passes. */
  readonly pageRows: number
}

export type GridStep =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'rowStart'
  | 'rowEnd'
  | 'pageUp'
  | 'pageDown'
  | 'top'
  | 'bottom'
  | 'gridStart'
  | 'gridEnd'
  | 'next'
  | 'previous'

export interface GridKey {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

const plainSteps: { readonly [key: string]: GridStep } = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Home: 'rowStart',
  End: 'rowEnd',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
}

const edgeSteps: { readonly [key: string]: GridStep } = {
  ArrowUp: 'top',
  ArrowDown: 'bottom',
  ArrowLeft: 'rowStart',
  ArrowRight: 'rowEnd',
  Home: 'gridStart',
  End: 'gridEnd',
}

export function stepOfKey({ key, ctrlKey, metaKey }: GridKey): GridStep | null {
  return (ctrlKey || metaKey ? edgeSteps[key] : plainSteps[key]) ?? null
}

/** The cell a step leads to, kept inside the grid; `next` and `previous` go on in the neighbouring row. */
export function moveCell(from: CellPosition, step: GridStep, bounds: GridBounds): CellPosition {
  const lastRow = Math.max(0, bounds.rows - 1)
  const lastColumn = Math.max(0, bounds.columns - 1)
  const row = (to: number) => ({ row: Math.max(0, Math.min(lastRow, to)), column: from.column })
  const column = (to: number) => ({ row: from.row, column: Math.max(0, Math.min(lastColumn, to)) })
  switch (step) {
    case 'up':
      return row(from.row - 1)
    case 'down':
      return row(from.row + 1)
    case 'left':
      return column(from.column - 1)
    case 'right':
      return column(from.column + 1)
    case 'rowStart':
      return column(0)
    case 'rowEnd':
      return column(lastColumn)
    case 'pageUp':
      return row(from.row - Math.max(1, bounds.pageRows))
    case 'pageDown':
      return row(from.row + Math.max(1, bounds.pageRows))
    case 'top':
      return row(0)
    case 'bottom':
      return row(lastRow)
    case 'gridStart':
      return { row: 0, column: 0 }
    case 'gridEnd':
      return { row: lastRow, column: lastColumn }
    case 'next':
      if (from.column < lastColumn) return column(from.column + 1)
      return from.row < lastRow ? { row: from.row + 1, column: 0 } : from
    case 'previous':
      if (from.column > 0) return column(from.column - 1)
      return from.row > 0 ? { row: from.row - 1, column: lastColumn } : from
  }
}

/** A key that begins an edit by typing: one visible character, no command key. */
export function isTypedCharacter(
  event: GridKey & { readonly altKey: boolean; readonly isComposing: boolean },
): boolean {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
  return [...event.key].length === 1
}
