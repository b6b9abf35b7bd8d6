import type { TableRecord } from '@shared/contract/records.contract'
import { useEffect, useRef, useState } from 'react'
import type { GridColumn } from './grid-column'
import type { GridLayout } from './grid-layout'
import { type CellPosition, type GridStep, moveCell } from './grid-position'
import type { RecordDraft } from './record-draft'
import type { RecordPages } from './record-pages'
import type { GridWindow } from './use-grid-window'

export interface GridCursorInput {
  readonly columns: readonly GridColumn[]
  readonly rows: number
  readonly layout: GridLayout
  readonly view: GridWindow
  readonly pages: RecordPages<TableRecord>
  readonly draft: RecordDraft | null
  readonly recordAt: (row: number) => TableRecord | undefined
}

/** The active cell: where keys take it, where a new record wants it, and with its record when rows move. */
export function useGridCursor({ columns, rows, layout, view, pages, draft, recordAt }: GridCursorInput) {
  const [cell, setCell] = useState<CellPosition>({ row: 0, column: 0 })
  const active = {
    row: Math.max(0, Math.min(rows - 1, cell.row)),
    column: Math.max(0, Math.min(columns.length - 1, cell.column)),
  }
  /** Tab goes on to the next cell only after Tab was used to get here: it must also lead out of the grid. */
  const tabbing = useRef(false)

  function go(to: CellPosition) {
    setCell(to)
    view.reveal({ row: to.row, column: to.column < layout.pinned ? -1 : to.column - layout.pinned })
  }
  function move(from: CellPosition, step: GridStep) {
    const pageRows = Math.floor(view.geometry.viewport / layout.rowHeight) - 1
    tabbing.current = step === 'next' || step === 'previous'
    if ((step === 'rowStart' || step === 'gridStart') && view.scroller.current) view.scroller.current.scrollLeft = 0
    go(moveCell(from, step, { rows, columns: columns.length, pageRows }))
  }

  // The new row is written where it appears: at the end, in the first column that needs something.
  const hadDraft = useRef(draft !== null)
  const goLatest = useRef(go)
  goLatest.current = go
  useEffect(() => {
    if (draft && !hadDraft.current) {
      const wanted = columns.findIndex((column) => column.defaultText === null && !column.secret)
      goLatest.current({ row: rows - 1, column: Math.max(0, wanted) })
      view.scroller.current?.focus({ preventScroll: true })
    }
    hadDraft.current = draft !== null
  }, [draft, columns, rows, view.scroller])

  // What stands in the way of saving is where the keys go, and says so there.
  const problems = draft?.problems
  useEffect(() => {
    const column = columns.findIndex(({ name }) => problems?.has(name))
    if (column >= 0) goLatest.current({ row: rows - 1, column })
  }, [problems, columns, rows])

  // After a refresh the same record stays under the eye, and under the keys.
  const anchor = useRef<{ readonly id: string; readonly row: number; readonly isActive: boolean } | null>(null)
  useEffect(() => {
    const inView = active.row >= view.rowSpan.first && active.row < view.rowSpan.end
    const row = inView ? active.row : view.rowSpan.first
    const record = recordAt(row)
    anchor.current = record ? { id: record._id, row, isActive: inView } : null
  })
  useEffect(() => {
    pages.onRowsMoved = (rowOf) => {
      const kept = anchor.current
      const row = kept ? rowOf(kept.id) : null
      if (!kept || row === null || row === kept.row) return
      if (kept.isActive) setCell((old) => ({ ...old, row: old.row + row - kept.row }))
      view.scrollBy(row - kept.row)
    }
    return () => {
      pages.onRowsMoved = null
    }
  }, [pages, view.scrollBy])

  return { active, go, move, tabbing }
}

export type GridCursor = ReturnType<typeof useGridCursor>
