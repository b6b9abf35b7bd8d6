import { cn } from '@renderer/ui/cn'
import type { TableRecord } from '@shared/contract/records.contract'
import { memo } from 'react'
import { cellFace, mutedLooks } from './grid-cell'
import { columnLeft, type GridLayout } from './grid-layout'
import type { Span } from './grid-window'
import type { StagedCell, StagedRecord } from './staged/staged-record'

export interface GridRowProps {
  readonly gridId: string
  readonly row: number
  /** Distance from the layer's top, in px. */
  readonly top: number
  readonly layout: GridLayout
  /** Among the columns that scroll: the first that is drawn, and one past the last. */
  readonly firstColumn: number
  readonly endColumn: number
  readonly record: TableRecord | undefined
  readonly staged: StagedRecord | undefined
  /** The active column when the active cell is in this row, else -1. */
  readonly activeColumn: number
  /** The columns that are in the range of several cells, as long as they stay the same. */
  readonly range: Span
  /** The column whose cell holds the handle for filling, else -1. */
  readonly handleColumn: number
  readonly selected: boolean
}

/** One row of records. Its elements are used again for other rows while scrolling, so nothing in it keeps state. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, top, layout, record, staged, selected } = props
  const deleted = staged?.kind === 'delete'
  const pinned = []
  for (let index = 0; index < layout.pinned; index++) pinned.push(cellAt(props, index))
  const cells = []
  for (let index = layout.pinned + props.firstColumn; index < layout.pinned + props.endColumn; index++)
    cells.push(cellAt(props, index))
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names the active cell
    <div
      role="row"
      aria-rowindex={row + 2}
      aria-selected={selected}
      data-row={row}
      style={{ top, height: layout.rowHeight, width: layout.width }}
      className={cn(
        'group/row absolute left-0 border-b border-border bg-bg [contain:layout_size_style] hover:bg-bg-subtle aria-selected:bg-selection',
        deleted && 'bg-danger-subtle! text-danger',
      )}
    >
      <div style={{ width: layout.fixedWidth }} className="sticky left-0 z-10 h-full bg-inherit">
        {/* biome-ignore lint/a11y/useSemanticElements: see the row */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: see the row */}
        <div
          role="rowheader"
          data-gutter
          style={{ width: layout.gutter }}
          className={cn(gutterLooks, deleted && 'shadow-[inset_2px_0_0_var(--danger)]')}
        >
          <span className="group-hover/row:hidden group-aria-selected/row:hidden">{row + 1}</span>
          {/* Selecting by keyboard is the grid's: Shift+Space on the row. */}
          <input
            type="checkbox"
            tabIndex={-1}
            readOnly
            disabled={record === undefined}
            checked={selected}
            aria-label={`Select row ${row + 1}`}
            className="hidden size-3.5 align-middle accent-accent group-hover/row:inline-block group-aria-selected/row:inline-block"
          />
        </div>
        {pinned}
      </div>
      {cells}
    </div>
  )
})

function cellAt(props: GridRowProps, index: number) {
  const { gridId, row, layout, record, staged, activeColumn, range } = props
  const column = layout.columns[index]
  if (!column) return null
  const width = layout.widths[index] ?? 0
  const cell = staged?.kind === 'update' ? staged.cells.get(column.name) : undefined
  const value = cell && cell.kind !== 'unfit' ? cell.value : record?.[column.name]
  const face = record === undefined || cell?.kind === 'unfit' ? null : cellFace(column, value, width)
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the row
    // biome-ignore lint/a11y/useFocusableInteractive: see the row
    <div
      key={index}
      id={`${gridId}-${row}-${index}`}
      role="gridcell"
      aria-colindex={index + 2}
      aria-readonly={column.fixed !== null || undefined}
      aria-invalid={isInvalid(cell) || undefined}
      aria-selected={(index >= range.first && index < range.end) || undefined}
      data-column={index}
      data-staged={cell?.kind}
      style={{ left: columnLeft(layout, index), width }}
      className={cn(
        cellLooks,
        !face?.fits && 'truncate whitespace-pre!',
        column.alignRight && 'text-right',
        index === layout.pinned - 1 && pinnedEdge,
        face?.muted && mutedLooks,
        cell && stagedLooks(cell),
        staged?.kind === 'delete' && 'line-through',
        index === activeColumn && activeLooks,
      )}
    >
      {cell?.kind === 'unfit' ? cell.input : face ? face.content : <span className={skeletonLooks} />}
      {index === props.handleColumn ? <FillHandle /> : null}
    </div>
  )
}

/** Dragged down, it fills what it passes. Its keyboard path is Ctrl+D. */
export function FillHandle() {
  return (
    <span
      aria-hidden
      data-fill
      className="absolute right-0 bottom-0 z-10 size-2 cursor-crosshair border border-bg bg-accent"
    />
  )
}

export function isInvalid(cell: StagedCell | undefined): boolean {
  return cell?.kind === 'unfit' || (cell?.kind === 'value' && cell.problem !== undefined)
}

export const gutterLooks =
  'absolute top-0 left-0 h-full border-r border-border pr-2 text-right font-sans text-[0.6875rem] text-text-muted tabular-nums'
export const cellLooks = 'absolute top-0 h-full border-r border-border px-2 whitespace-pre aria-selected:bg-selection!'
export const pinnedEdge = 'border-r-border-strong/50!'
export const activeLooks =
  'shadow-[inset_0_0_0_1px_var(--border-strong)] group-focus/grid:shadow-[inset_0_0_0_2px_var(--focus)]'
export const failedLooks = 'bg-danger-subtle text-danger shadow-[inset_2px_0_0_var(--danger)]'
/** Stands still: hundreds of pulsing cells would cost every frame. */
const skeletonLooks = 'inline-block h-2.5 w-3/5 rounded-sm bg-bg-active align-middle'

export function stagedLooks(cell: StagedCell): string {
  switch (cell.kind) {
    case 'value':
      return cell.problem === undefined ? 'bg-warning-subtle shadow-[inset_2px_0_0_var(--warning)]' : failedLooks
    case 'unfit':
      return failedLooks
    case 'conflict':
      return 'bg-conflict-subtle shadow-[inset_2px_0_0_var(--conflict)]'
  }
}
