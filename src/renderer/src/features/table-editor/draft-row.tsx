import { cn } from '@renderer/ui/cn'
import { mutedLooks } from './grid-cell'
import type { GridColumn } from './grid-column'
import { columnLeft } from './grid-layout'
import { activeLooks, cellLooks, failedLooks, type GridRowProps, gutterLooks, pinnedEdge } from './grid-row'
import type { RecordDraft } from './record-draft'

export type DraftRowProps = Omit<GridRowProps, 'record' | 'edits' | 'selected'> & { readonly draft: RecordDraft }

/** The record that is being written: the last row, with a green edge. */
export function DraftRow(props: DraftRowProps) {
  const { row, top, layout } = props
  const from = layout.pinned + props.firstColumn
  const cells = (first: number, end: number) =>
    layout.columns.slice(first, end).map((column, index) => draftCell(props, column, first + index))
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
          className={cn(gutterLooks, 'text-success! shadow-[inset_2px_0_0_var(--success)]')}
        >
          new
        </div>
        {cells(0, layout.pinned)}
      </div>
      {cells(from, layout.pinned + props.endColumn)}
    </div>
  )
}

function draftCell({ row, layout, draft, gridId, activeColumn }: DraftRowProps, column: GridColumn, index: number) {
  const input = draft.inputs.get(column.name)
  const problem = draft.problems.get(column.name)
  const isDefault = input === undefined && column.defaultText !== null
  const isMissing = input === undefined && !isDefault && !column.nullable
  const isNull = input === null || (input === undefined && !isDefault && !isMissing)
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
      style={{ left: columnLeft(layout, index), width: layout.widths[index] }}
      className={cn(
        cellLooks,
        'truncate whitespace-pre!',
        column.alignRight && 'text-right',
        index === layout.pinned - 1 && pinnedEdge,
        (isDefault || isNull || isMissing) && mutedLooks,
        isDefault && 'italic',
        isMissing && 'text-danger!',
        problem !== undefined && failedLooks,
        index === activeColumn && activeLooks,
      )}
    >
      {isMissing
        ? missingText(column)
        : isDefault
          ? column.defaultText
          : isNull
            ? 'NULL'
            : column.secret
              ? dots
              : input}
    </div>
  )
}

/** A password is not shown while it is written, nor how long it is. */
const dots = '••••••••'

function missingText(column: GridColumn): string {
  return column.secret ? 'password' : 'required'
}
