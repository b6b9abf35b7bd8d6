import { cn } from '@renderer/ui/cn'
import { memo } from 'react'
import { cellFace, mutedLooks } from './grid-cell'
import type { GridColumn } from './grid-column'
import { columnLeft } from './grid-layout'
import {
  activeLooks,
  cellLooks,
  FillHandle,
  failedLooks,
  type GridRowProps,
  gutterLooks,
  isInvalid,
  pinnedEdge,
} from './grid-row'
import type { StagedCreate } from './staged/staged-record'

export type NewRowProps = Omit<GridRowProps, 'record' | 'staged'> & { readonly created: StagedCreate }

/** A record that is not saved yet: after the last row, with a green edge. */
export const NewRow = memo(function NewRow(props: NewRowProps) {
  const { row, top, layout } = props
  const from = layout.pinned + props.firstColumn
  const cells = (first: number, end: number) =>
    layout.columns.slice(first, end).map((column, index) => newCell(props, column, first + index))
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names the active cell
    <div
      role="row"
      aria-rowindex={row + 2}
      data-row={row}
      style={{ top, height: layout.rowHeight, width: layout.width }}
      className="absolute left-0 border-b border-border bg-success-subtle"
    >
      <div style={{ width: layout.fixedWidth }} className="sticky left-0 z-10 h-full bg-inherit">
        {/* biome-ignore lint/a11y/useSemanticElements: see the row */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: see the row */}
        <div
          role="rowheader"
          style={{ width: layout.gutter }}
          title={props.created.problem}
          className={cn(
            gutterLooks,
            props.created.problem === undefined
              ? 'text-success! shadow-[inset_2px_0_0_var(--success)]'
              : 'text-danger! shadow-[inset_2px_0_0_var(--danger)]',
          )}
        >
          new
        </div>
        {cells(0, layout.pinned)}
      </div>
      {cells(from, layout.pinned + props.endColumn)}
    </div>
  )
})

function newCell(props: NewRowProps, column: GridColumn, index: number) {
  const { row, layout, created, gridId, activeColumn, range } = props
  const cell = created.cells.get(column.name)
  const width = layout.widths[index] ?? 0
  const isDefault = cell === undefined && column.defaultText !== null
  const isMissing = cell === undefined && !isDefault && !column.nullable
  const value = cell && cell.kind !== 'unfit' ? cell.value : null
  const face = isDefault || isMissing || cell?.kind === 'unfit' || column.secret ? null : cellFace(column, value, width)
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the row
    // biome-ignore lint/a11y/useFocusableInteractive: see the row
    <div
      key={column.name}
      id={`${gridId}-${row}-${index}`}
      role="gridcell"
      aria-colindex={index + 2}
      aria-invalid={isInvalid(cell) || undefined}
      aria-required={column.nullable ? undefined : true}
      aria-selected={(index >= range.first && index < range.end) || undefined}
      data-column={index}
      style={{ left: columnLeft(layout, index), width }}
      className={cn(
        cellLooks,
        'truncate whitespace-pre!',
        column.alignRight && 'text-right',
        index === layout.pinned - 1 && pinnedEdge,
        (isDefault || isMissing || face?.muted) && mutedLooks,
        isDefault && 'italic',
        isMissing && 'text-danger!',
        isInvalid(cell) && failedLooks,
        index === activeColumn && activeLooks,
      )}
    >
      {isMissing
        ? missingText(column)
        : isDefault
          ? column.defaultText
          : column.secret
            ? dots
            : cell?.kind === 'unfit'
              ? cell.input
              : face?.content}
      {index === props.handleColumn ? <FillHandle /> : null}
    </div>
  )
}

/** A password is not shown while it is written, nor how long it is. */
const dots = '••••••••'

function missingText(column: GridColumn): string {
  return column.secret ? 'password' : 'required'
}
