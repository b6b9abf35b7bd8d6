import { useImperativeHandle } from 'react'
import type { GridColumn } from './grid-column'
import type { GridProps } from './grid-props'
import type { StagedEdits } from './staged/staged-edits'
import type { GridCursor } from './use-grid-cursor'

export interface GridHandleInput {
  readonly columns: readonly GridColumn[]
  readonly edits: StagedEdits
  /** The row of the first new record. */
  readonly firstNew: number
  readonly cursor: GridCursor
  readonly focusGrid: () => void
}

/** What others lead the grid to, in terms of records and columns. */
export function useGridHandle(ref: GridProps['ref'], input: GridHandleInput): void {
  const { columns, edits, firstNew, cursor, focusGrid } = input
  const indexOf = (name: string | null) =>
    Math.max(
      0,
      columns.findIndex((column) => column.name === name),
    )
  useImperativeHandle(ref, () => ({
    focus: focusGrid,
    goTo: (row, column) => cursor.go({ row, column: indexOf(column) }),
    walk: (by) => cursor.move(cursor.active, by === 1 ? 'down' : 'up'),
    goToNew(id, column) {
      const index = edits.created.findIndex((row) => row.id === id)
      if (index >= 0) cursor.go({ row: firstNew + index, column: indexOf(column) })
      focusGrid()
    },
    followNew: cursor.followNew,
  }))
}
