import type { Sort } from '@shared/domain/filter'
import { Plus } from 'lucide-react'
import { memo, useState } from 'react'
import type { ColumnActions } from './columns/column-actions'
import { HeaderCell } from './columns/header-cell'
import { SortableColumns } from './columns/sortable-columns'
import type { GridColumn } from './grid-column'
import { type GridLayout, headerHeight } from './grid-layout'

/** Of the button after the last column, px. */
const addWidth = 44

export interface GridHeaderProps {
  readonly layout: GridLayout
  readonly firstColumn: number
  readonly endColumn: number
  readonly sort: readonly Sort[]
  readonly selected: 'none' | 'some' | 'all'
  readonly onSelectAll: (on: boolean) => void
  readonly onSort: (column: string, add: boolean) => void
  readonly actions: ColumnActions
}

/** Names, types and order of the columns. Every gesture here has its keyboard path in the grid's menu. */
export const GridHeader = memo(function GridHeader(props: GridHeaderProps) {
  const { layout } = props
  const [dragging, setDragging] = useState(false)
  // A header on its way through the grid must not leave with its place, nor find others missing.
  const first = dragging ? 0 : props.firstColumn
  const end = dragging ? layout.edges.length - 1 : props.endColumn
  const cell = (column: GridColumn | undefined, index: number) =>
    column ? (
      <HeaderCell
        key={column.name}
        layout={layout}
        column={column}
        index={index}
        sort={props.sort}
        onSort={props.onSort}
        actions={props.actions}
      />
    ) : null
  const restWidth = (layout.edges.at(-1) ?? 0) - (layout.edges[end] ?? 0)
  return (
    <SortableColumns columns={layout.columns} onDragging={setDragging} onDrop={props.actions.drop}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow */}
      <div role="rowgroup" className="sticky top-0 z-20 font-sans text-base">
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus */}
        <div
          role="row"
          aria-rowindex={1}
          style={{ height: headerHeight, width: layout.width + addWidth }}
          className="flex min-w-full border-b border-border bg-bg-subtle"
        >
          <div className="sticky left-0 z-10 flex bg-inherit">
            {/* biome-ignore lint/a11y/useSemanticElements: see above */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
            <div
              role="columnheader"
              aria-colindex={1}
              style={{ width: layout.gutter }}
              className="flex shrink-0 items-center justify-end border-r border-border pr-2"
            >
              <input
                type="checkbox"
                tabIndex={-1}
                aria-label="Select all records"
                className="size-3.5 accent-accent"
                checked={props.selected === 'all'}
                ref={(box) => {
                  if (box) box.indeterminate = props.selected === 'some'
                }}
                onChange={(event) => props.onSelectAll(event.target.checked)}
              />
            </div>
            {layout.columns.slice(0, layout.pinned).map(cell)}
          </div>
          <div style={{ width: layout.edges[first] ?? 0 }} className="shrink-0" />
          {layout.columns
            .slice(layout.pinned + first, layout.pinned + end)
            .map((column, index) => cell(column, layout.pinned + first + index))}
          <div style={{ width: restWidth }} className="shrink-0" />
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
          <div
            role="columnheader"
            aria-colindex={layout.columns.length + 2}
            style={{ width: addWidth }}
            className="shrink-0"
          >
            <button
              type="button"
              tabIndex={-1}
              title="Add column"
              aria-label="Add column"
              className="flex h-full w-full items-center justify-center text-text-muted hover:bg-bg-hover hover:text-text"
              onClick={props.actions.add}
            >
              <Plus aria-hidden className="size-4" />
            </button>
          </div>
        </div>
      </div>
    </SortableColumns>
  )
})
