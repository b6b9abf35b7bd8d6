import type { TableRecord } from '@shared/contract/records.contract'
import { useEffect, useRef, useState } from 'react'
import type { GridColumn } from './grid-column'
import type { GridLayout } from './grid-layout'
import { type CellPosition, type GridStep, moveCell } from './grid-position'
import { boundsOf, type CellRange, moveRange, oneCell } from './grid-range'
import type { RecordPages } from './record-pages'
import type { GridWindow } from './use-grid-window'

export interface GridCursorInput {
  readonly columns: readonly GridColumn[]
  readonly rows: number
  readonly layout: GridLayout
  readonly view: GridWindow
  readonly pages: RecordPages<TableRecord>
  /** New records stand at the end: this row is the first of them. */
  readonly firstNew: number
  readonly recordAt: (row: number) => TableRecord | undefined
}

/** The active cell and the range that begins in it: where keys take them, and with their record when rows move. */
export function useGridCursor({ columns, rows, layout, view, pages, firstNew, recordAt }: GridCursorInput) {
  const [kept, setRange] = useState<CellRange>(oneCell({ row: 0, column: 0 }))
  const within = ({ row, column }: CellPosition) => ({
    row: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns.length - 1, column)),
  })
  const range: CellRange = { anchor: within(kept.anchor), focus: within(kept.focus) }
  const active = range.anchor
  /** Tab goes on to the next cell only after Tab was used to get here: it must also lead out of the grid. */
  const tabbing = useRef(false)

  function show(to: CellPosition) {
    view.reveal({ row: to.row, column: to.column < layout.pinned ? -1 : to.column - layout.pinned })
  }
  function go(to: CellPosition) {
    setRange(oneCell(to))
    show(to)
  }
  /** Leads the range's other end to a cell. */
  function extend(to: CellPosition) {
    setRange({ anchor: range.anchor, focus: to })
    show(to)
  }
  function move(from: CellPosition, step: GridStep, extending = false) {
    const pageRows = Math.floor(view.geometry.viewport / layout.rowHeight) - 1
    tabbing.current = step === 'next' || step === 'previous'
    if ((step === 'rowStart' || step === 'gridStart') && view.scroller.current) view.scroller.current.scrollLeft = 0
    const bounds = { rows, columns: columns.length, pageRows }
    if (extending) extend(moveCell(range.focus, step, bounds))
    else go(moveCell(from, step, bounds))
  }

  // A new row is written where it appears: at the end, in the first column that needs something.
  const newBefore = useRef(rows - firstNew)
  const goLatest = useRef(go)
  goLatest.current = go
  const wantsNew = useRef(false)
  useEffect(() => {
    if (wantsNew.current && rows - firstNew > newBefore.current) {
      wantsNew.current = false
      const wanted = columns.findIndex((column) => column.defaultText === null && !column.secret)
      goLatest.current({ row: rows - 1, column: Math.max(0, wanted) })
      view.scroller.current?.focus({ preventScroll: true })
    }
    newBefore.current = rows - firstNew
  }, [rows, firstNew, columns, view.scroller])

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
      if (kept.isActive) setRange((old) => moveRange(old, row - kept.row))
      view.scrollBy(row - kept.row)
    }
    return () => {
      pages.onRowsMoved = null
    }
  }, [pages, view.scrollBy])

  return {
    active,
    range,
    bounds: boundsOf(range),
    go,
    extend,
    move,
    select: setRange,
    reveal: show,
    tabbing,
    /** The next new record takes the keys. */
    followNew() {
      wantsNew.current = true
    },
  }
}

export type GridCursor = ReturnType<typeof useGridCursor>
