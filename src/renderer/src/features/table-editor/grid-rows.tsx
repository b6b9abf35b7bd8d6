import type { ReactNode } from 'react'
import { DraftRow } from './draft-row'
import type { GridLayout } from './grid-layout'
import type { CellPosition } from './grid-position'
import { GridRow } from './grid-row'
import { type GridSelection, isSelected } from './grid-selection'
import type { RecordDraft } from './record-draft'
import type { GridWindow } from './use-grid-window'
import type { RecordChanges } from './use-record-changes'
import type { Records } from './use-record-pages'

export interface GridRowsInput {
  readonly gridId: string
  readonly rows: number
  readonly layout: GridLayout
  readonly view: GridWindow
  readonly pages: Records['pages']
  readonly changes: RecordChanges
  readonly selection: GridSelection
  readonly draft: RecordDraft | null
  readonly active: CellPosition
}

/** The rows on screen: a pool of elements that take in other records while scrolling, and the new record at the end. */
export function gridRows(input: GridRowsInput): ReactNode[] {
  const { gridId, rows, layout, view, pages, changes, selection, draft, active } = input
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
    }
    if (draft && row === rows - 1) {
      list.push(<DraftRow key="draft" {...shared} draft={draft} />)
      continue
    }
    const record = pages.recordAt(row)
    list.push(
      <GridRow
        key={row % pool}
        {...shared}
        record={record}
        edits={record ? changes.edits.of(record._id) : undefined}
        selected={record ? isSelected(selection, record._id) : selection.kind === 'all'}
      />,
    )
  }
  return list
}
