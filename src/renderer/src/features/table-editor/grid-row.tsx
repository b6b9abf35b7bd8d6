import { cn } from '@renderer/ui/cn'
import { Skeleton } from '@renderer/ui/skeleton'
import type { TableRecord } from '@shared/contract/records.contract'
import { memo } from 'react'
import type { CellEdit, RecordEdits } from './cell-edits'
import { CellContent, Muted } from './grid-cell'
import type { GridColumn } from './grid-column'
import type { GridLayout } from './grid-layout'
import type { RecordDraft } from './record-draft'

export interface GridRowProps {
  readonly gridId: string
  readonly row: number
  /** Distance from the layer's top, in px. */
  readonly top: number
  readonly layout: GridLayout
  readonly firstColumn: number
  readonly endColumn: number
  readonly record: TableRecord | undefined
  readonly edits: RecordEdits | undefined
  /** The active column when the active cell is in this row, else -1. */
  readonly activeColumn: number
  readonly selected: boolean
}

/** One row of records. Its elements are used again for other rows while scrolling, so nothing in it keeps state. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, top, layout, record, selected } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names the active cell
    <div
      role="row"
      aria-rowindex={row + 2}
      aria-selected={selected}
      data-row={row}
      style={{ transform: `translateY(${top}px)`, height: layout.rowHeight, width: layout.width }}
      className="group/row absolute top-0 left-0 flex bg-bg contain-strict hover:bg-bg-subtle aria-selected:bg-selection"
    >
      <div className="sticky left-0 z-10 flex bg-inherit">
        <GutterCell row={row} layout={layout} selected={selected} loaded={record !== undefined} />
        {layout.columns.slice(0, layout.pinned).map((_, index) => cellAt(props, index))}
      </div>
      <div style={{ width: layout.edges[props.firstColumn] ?? 0 }} className="shrink-0" />
      {layout.columns
        .slice(layout.pinned + props.firstColumn, layout.pinned + props.endColumn)
        .map((_, index) => cellAt(props, layout.pinned + props.firstColumn + index))}
    </div>
  )
})

function cellAt({ gridId, row, layout, record, edits, activeColumn }: GridRowProps, index: number) {
  const column = layout.columns[index]
  if (!column) return null
  const edit = edits?.get(column.name)
  const shown = edit?.state === 'saving' ? edit.value : record?.[column.name]
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the row
    // biome-ignore lint/a11y/useFocusableInteractive: see the row
    <div
      key={column.name}
      id={`${gridId}-${row}-${index}`}
      role="gridcell"
      aria-colindex={index + 2}
      aria-readonly={column.fixed !== null || undefined}
      aria-invalid={edit?.state === 'failed' || undefined}
      data-column={index}
      style={{ width: layout.widths[index] }}
      className={cn(
        cellLooks,
        column.alignRight && 'justify-end',
        index === layout.pinned - 1 && pinnedEdge,
        editLooks(edit),
        index === activeColumn && activeLooks,
      )}
    >
      {record === undefined ? (
        <Skeleton className={column.alignRight ? 'h-3 w-1/3' : 'h-3 w-3/5'} />
      ) : edit?.state === 'failed' ? (
        <span className="truncate text-danger">{edit.input}</span>
      ) : (
        <CellContent column={column} value={edit?.state === 'conflict' ? edit.mine : shown} />
      )}
    </div>
  )
}

/** The record that is being written: the last row, with a green edge. */
export function DraftRow(props: Omit<GridRowProps, 'record' | 'edits' | 'selected'> & { readonly draft: RecordDraft }) {
  const { row, top, layout, draft, gridId, activeColumn } = props
  const cell = (column: GridColumn | undefined, index: number) => {
    if (!column) return null
    const input = draft.inputs.get(column.name)
    const problem = draft.problems.get(column.name)
    return (
      // biome-ignore lint/a11y/useSemanticElements: see the row
      // biome-ignore lint/a11y/useFocusableInteractive: see the row
      <div
        key={column.name}
        id={`${gridId}-${row}-${index}`}
        role="gridcell"
        aria-colindex={index + 2}
        aria-invalid={problem !== undefined || undefined}
        aria-required={column.nullable ? undefined : true}
        data-column={index}
        style={{ width: layout.widths[index] }}
        className={cn(
          cellLooks,
          column.alignRight && 'justify-end',
          index === layout.pinned - 1 && pinnedEdge,
          problem !== undefined && failedLooks,
          index === activeColumn && activeLooks,
        )}
      >
        {input === null ? (
          <Muted>NULL</Muted>
        ) : input !== undefined ? (
          <span className="truncate">{input}</span>
        ) : column.defaultText !== null ? (
          <Muted italic>{column.defaultText}</Muted>
        ) : column.nullable ? (
          <Muted>NULL</Muted>
        ) : (
          <span className="font-sans text-xs text-danger">required</span>
        )}
      </div>
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names the active cell
    <div
      role="row"
      aria-rowindex={row + 2}
      data-row={row}
      style={{ transform: `translateY(${top}px)`, height: layout.rowHeight, width: layout.width }}
      className="absolute top-0 left-0 flex bg-success-subtle"
    >
      <div className="sticky left-0 z-10 flex bg-inherit">
        {/* biome-ignore lint/a11y/useSemanticElements: see the row */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: see the row */}
        <div
          role="rowheader"
          style={{ width: layout.gutter }}
          className="flex shrink-0 items-center justify-end border-r border-b border-l-2 border-border border-l-success pr-2 font-sans text-xs text-success"
        >
          new
        </div>
        {layout.columns.slice(0, layout.pinned).map(cell)}
      </div>
      <div style={{ width: layout.edges[props.firstColumn] ?? 0 }} className="shrink-0" />
      {layout.columns
        .slice(layout.pinned + props.firstColumn, layout.pinned + props.endColumn)
        .map((column, index) => cell(column, layout.pinned + props.firstColumn + index))}
    </div>
  )
}

function GutterCell(props: {
  readonly row: number
  readonly layout: GridLayout
  readonly selected: boolean
  readonly loaded: boolean
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the row
    // biome-ignore lint/a11y/useFocusableInteractive: see the row
    <div
      role="rowheader"
      data-gutter
      style={{ width: props.layout.gutter }}
      className="flex shrink-0 items-center justify-end border-r border-b border-border pr-2 font-sans text-xs text-text-muted tabular-nums"
    >
      <span className={cn('group-hover/row:hidden', props.selected && 'hidden')}>{props.row + 1}</span>
      {/* Selecting by keyboard is the grid's: Shift+Space on the row. */}
      <input
        type="checkbox"
        tabIndex={-1}
        readOnly
        disabled={!props.loaded}
        checked={props.selected}
        aria-label={`Select row ${props.row + 1}`}
        className={cn('size-3.5 accent-accent group-hover/row:block', props.selected ? 'block' : 'hidden')}
      />
    </div>
  )
}

const cellLooks =
  'relative flex shrink-0 items-center overflow-hidden border-r border-b border-border px-2 whitespace-pre'
const pinnedEdge = 'border-r-border-strong/50'
const activeLooks =
  'shadow-[inset_0_0_0_1px_var(--border-strong)] group-focus/grid:shadow-[inset_0_0_0_2px_var(--focus)]'
const failedLooks = 'bg-danger-subtle shadow-[inset_2px_0_0_var(--danger)]'

function editLooks(edit: CellEdit | undefined): string | null {
  switch (edit?.state) {
    case 'saving':
      return 'shadow-[inset_2px_0_0_var(--warning)]'
    case 'failed':
      return failedLooks
    case 'conflict':
      return 'bg-conflict-subtle shadow-[inset_2px_0_0_var(--conflict)]'
    default:
      return null
  }
}
