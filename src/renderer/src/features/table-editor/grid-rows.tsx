import type { ReactNode } from 'react'
import type { GridLayout } from './grid-layout'
import type { CellPosition } from './grid-position'
import { columnsIn, type RangeBounds } from './grid-range'
import { GridRow } from './grid-row'
import { type GridSelection, isSelected } from './grid-selection'
import { NewRow } from './new-row'
import type { StagedEdits } from './staged/staged-edits'
import type { GridWindow } from './use-grid-window'
import type { Records } from './use-record-pages'

export interface GridRowsInput {
  readonly gridId: string
  readonly rows: number
  readonly layout: GridLayout
  readonly view: GridWindow
  readonly pages: Records['pages']
  readonly edits: StagedEdits
  readonly selection: GridSelection
  /** New records stand at the end: this row is the first of them. */
  readonly firstNew: number
  readonly active: CellPosition
  /** Null when it is one cell. */
  readonly bounds: RangeBounds | null
  /** The cell with the handle for filling. */
  readonly handle: CellPosition
}

/** The rows on screen: a pool of elements that take in other records while scrolling, and the new record at the end. */
export function gridRows(input: GridRowsInput): ReactNode[] {
  const { gridId, rows, layout, view, pages, edits, selection, firstNew, active, bounds, handle } = input
  const { rowSpan, columnSpan, origin, pool } = view
  const list: ReactNode[] = []
  for (let row = rowSpan.first; row < Math.min(rowSpan.end, rows); row++) {
    const shared = {
      gridId,
      row,
      top: row * layout.rowHeight - origin,
      layout,
      firstColumn: columnSpan.first,
      endColumn: columnSpan.end,
      activeColumn: row === active.row ? active.column : -1,
      range: columnsIn(bounds, row),
      handleColumn: row === handle.row ? handle.column : -1,
    }
    const created = row >= firstNew ? edits.created[row - firstNew] : undefined
    if (created) {
      list.push(<NewRow key={`new ${created.id}`} {...shared} created={created} selected={false} />)
      continue
    }
    const record = pages.recordAt(row)
    list.push(
      <GridRow
        key={row % pool}
        {...shared}
        record={record}
        staged={record ? edits.of(record._id) : undefined}
        selected={record ? isSelected(selection, record._id) : selection.kind === 'all'}
      />,
    )
  }
  return list
}
