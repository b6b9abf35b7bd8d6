import { type MouseEvent, useEffect, useRef } from 'react'
import type { CellPosition } from './grid-position'
import type { CellRange, RangeBounds } from './grid-range'
import { cellUnder, isTick } from './grid-target'
import type { CellEditing } from './use-cell-editing'
import type { GridCursor } from './use-grid-cursor'
import type { GridWindow } from './use-grid-window'
import type { RangeEdits } from './use-range-edits'

export interface GridPointerInput {
  readonly view: GridWindow
  readonly cursor: GridCursor
  readonly editing: CellEditing
  readonly rangeEdits: RangeEdits
  readonly onGutter: (row: number, toRange: boolean) => void
  readonly onDoubleClick: (cell: CellPosition) => void
}

/** Rows and columns pass this often (ms) while the pointer is held beyond an edge. */
const edgePaceMs = 50

type Drag =
  | { readonly kind: 'range' }
  | { readonly kind: 'fill'; readonly from: RangeBounds; readonly range: CellRange }

/** Clicks and drags on cells: a range by dragging or Shift, filling by the handle, ticks in the gutter. */
export function useGridPointer(input: GridPointerInput) {
  const latest = useRef(input)
  latest.current = input
  const end = useRef<(() => void) | null>(null)
  useEffect(() => () => end.current?.(), [])

  function begin(drag: Drag) {
    end.current?.()
    let over: CellPosition | null = null
    let pointer = { x: 0, y: 0 }
    function lead(to: CellPosition) {
      if (over?.row === to.row && over.column === to.column) return
      over = to
      if (drag.kind === 'range') latest.current.cursor.extend(to)
      else latest.current.cursor.select(ledTo(drag, to.row))
    }
    const onMove = (event: globalThis.MouseEvent) => {
      pointer = { x: event.clientX, y: event.clientY }
      const under = document.elementFromPoint(event.clientX, event.clientY)
      const at = under ? cellUnder(under) : null
      if (at && at.column !== null) lead({ row: at.row, column: at.column })
    }
    const timer = setInterval(() => {
      const box = latest.current.view.scroller.current?.getBoundingClientRect()
      if (!box || pointer.y === 0) return
      const { focus } = latest.current.cursor.range
      const down = pointer.y > box.bottom - 8 ? 1 : pointer.y < box.top + 30 ? -1 : 0
      const right = pointer.x > box.right - 8 ? 1 : pointer.x < box.left + 60 ? -1 : 0
      if (down === 0 && right === 0) return
      lead({ row: Math.max(0, focus.row + down), column: Math.max(0, focus.column + right) })
      if (over) latest.current.cursor.reveal(over)
    }, edgePaceMs)
    const onUp = () => {
      end.current?.()
      if (drag.kind === 'fill') fillTo(drag)
    }
    end.current = () => {
      clearInterval(timer)
      document.removeEventListener('mousemove', onMove)
      document.removeEventListener('mouseup', onUp)
      end.current = null
    }
    document.addEventListener('mousemove', onMove)
    document.addEventListener('mouseup', onUp)
  }

  function fillTo({ from }: Extract<Drag, { kind: 'fill' }>) {
    const { cursor, rangeEdits } = latest.current
    const { bounds } = cursor
    const sources = from.rows.end - from.rows.first
    if (bounds.rows.end > from.rows.end)
      rangeEdits.fill({ ...bounds, rows: { first: from.rows.first, end: bounds.rows.end } }, sources)
    else if (bounds.rows.first < from.rows.first)
      rangeEdits.fillUp({ ...bounds, rows: { first: bounds.rows.first, end: from.rows.end } }, sources)
  }

  function onMouseDown(event: MouseEvent<HTMLDivElement>) {
    const { cursor, editing } = input
    const at = cellUnder(event.target)
    if (!at) return
    cursor.tabbing.current = false
    if (at.column === null) {
      if (event.button === 0) input.onGutter(at.row, event.shiftKey)
      return
    }
    const position = { row: at.row, column: at.column }
    if (event.target instanceof Element && event.target.closest('[data-fill]')) {
      event.preventDefault()
      begin({ kind: 'fill', from: cursor.bounds, range: cursor.range })
      return
    }
    if (event.button === 0 && event.shiftKey) {
      cursor.extend(position)
      begin({ kind: 'range' })
      return
    }
    const again = at.row === cursor.active.row && at.column === cursor.active.column
    if (event.button === 0 && again && isTick(event.target)) editing.toggle(position)
    // The menu is about the range it is opened in.
    if (event.button === 2 && contains(cursor.bounds, position)) return
    cursor.go(position)
    if (event.button === 0) begin({ kind: 'range' })
  }

  function onDoubleClick(event: MouseEvent<HTMLDivElement>) {
    const at = cellUnder(event.target)
    if (at && at.column !== null && !isTick(event.target)) input.onDoubleClick({ row: at.row, column: at.column })
  }

  return { onMouseDown, onDoubleClick }
}

/** The range as the handle has been led to a row: it grows downwards or upwards, and never below what it was. */
function ledTo({ from, range }: Extract<Drag, { kind: 'fill' }>, row: number): CellRange {
  const columns = { first: from.columns.first, last: from.columns.end - 1 }
  if (row >= from.rows.end)
    return { anchor: { row: from.rows.first, column: columns.first }, focus: { row, column: columns.last } }
  if (row < from.rows.first)
    return { anchor: { row: from.rows.end - 1, column: columns.last }, focus: { row, column: columns.first } }
  return range
}

function contains({ rows, columns }: RangeBounds, { row, column }: CellPosition): boolean {
  return row >= rows.first && row < rows.end && column >= columns.first && column < columns.end
}
