import { cn } from '@renderer/ui/cn'
import { TypeMark } from '@renderer/ui/type-mark'
import type { Sort } from '@shared/domain/filter'
import { ArrowDown, ArrowUp, KeyRound, Link2 } from 'lucide-react'
import { memo, type PointerEvent, useRef } from 'react'
import { type GridColumn, narrowestColumn, widestColumn } from './grid-column'
import { type GridLayout, headerHeight } from './grid-layout'

export interface GridHeaderProps {
  readonly layout: GridLayout
  readonly firstColumn: number
  readonly endColumn: number
  readonly sort: readonly Sort[]
  readonly selected: 'none' | 'some' | 'all'
  readonly onSelectAll: (on: boolean) => void
  readonly onSort: (column: string, add: boolean) => void
  readonly onResize: (column: string, width: number) => void
  readonly onFit: (index: number) => void
}

/** Names, types and order of the columns. Every gesture here has its keyboard path in the grid's menu. */
export const GridHeader = memo(function GridHeader(props: GridHeaderProps) {
  const { layout } = props
  const cell = (column: GridColumn | undefined, index: number) =>
    column ? <HeaderCell key={column.name} {...props} column={column} index={index} /> : null
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    <div role="rowgroup" className="sticky top-0 z-20 font-sans text-base">
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus */}
      <div
        role="row"
        aria-rowindex={1}
        style={{ height: headerHeight, width: layout.width }}
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
        <div style={{ width: layout.edges[props.firstColumn] ?? 0 }} className="shrink-0" />
        {layout.columns
          .slice(layout.pinned + props.firstColumn, layout.pinned + props.endColumn)
          .map((column, index) => cell(column, layout.pinned + props.firstColumn + index))}
      </div>
    </div>
  )
})

function HeaderCell(props: GridHeaderProps & { readonly column: GridColumn; readonly index: number }) {
  const { column, index, layout, sort } = props
  const order = sort.findIndex((one) => one.column === column.name)
  const direction = sort[order]?.direction
  const Arrow = direction === 'desc' ? ArrowDown : ArrowUp
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus
    <div
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none'}
      data-header={index}
      style={{ width: layout.widths[index] }}
      className={cn(
        'relative flex shrink-0 border-r border-border',
        index === layout.pinned - 1 && 'border-r-border-strong/50',
      )}
    >
      <button
        type="button"
        tabIndex={-1}
        disabled={column.secret}
        title={`${column.name}: ${column.schema.type}${column.nullable ? '' : ', required'}`}
        className="group/head flex min-w-0 flex-1 items-center gap-1.5 px-2 text-left hover:bg-bg-hover"
        onClick={(event) => props.onSort(column.name, event.shiftKey)}
      >
        <TypeMark base={column.type.base} />
        <span className="truncate font-medium text-text">{column.name}</span>
        {column.schema.primary_key ? <KeyRound aria-label="Key" className="size-3 shrink-0 text-text-muted" /> : null}
        {column.schema.references ? <Link2 aria-label="Reference" className="size-3 shrink-0 text-text-muted" /> : null}
        {column.nullable || column.schema.primary_key ? null : (
          <span aria-hidden className="-ml-1 text-danger">
            *
          </span>
        )}
        {/* The type is there as a whole or not at all: what does not fit wraps out of sight. */}
        <span className="flex h-4 min-w-0 flex-1 flex-wrap overflow-hidden text-xs text-text-muted">
          <span className="h-4 w-px" />
          <span className="whitespace-nowrap">{column.schema.type}</span>
        </span>
        {direction ? (
          <span className="flex shrink-0 items-center text-accent-text">
            <Arrow aria-hidden className="size-3.5" />
            {sort.length > 1 ? <span className="text-xs tabular-nums">{order + 1}</span> : null}
          </span>
        ) : null}
      </button>
      <ColumnEdge
        width={layout.widths[index] ?? narrowestColumn}
        onResize={(width) => props.onResize(column.name, width)}
        onFit={() => props.onFit(index)}
      />
    </div>
  )
}

/** The right edge of a column: dragging resizes, a double-click fits. The keyboard path is in the grid's menu. */
function ColumnEdge(props: {
  readonly width: number
  readonly onResize: (width: number) => void
  readonly onFit: () => void
}) {
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null)
  const end = () => {
    start.current = null
  }
  function move(event: PointerEvent) {
    if (!start.current) return
    const width = start.current.width + event.clientX - start.current.x
    props.onResize(Math.round(Math.min(widestColumn, Math.max(narrowestColumn, width))))
  }
  return (
    <div
      aria-hidden
      className="absolute -right-1 z-10 h-full w-2 cursor-col-resize after:absolute after:inset-y-0 after:left-1 after:w-px hover:after:w-0.5 hover:after:bg-accent active:after:w-0.5 active:after:bg-accent"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, width: props.width }
      }}
      onPointerMove={move}
      onPointerUp={end}
      onLostPointerCapture={end}
      onDoubleClick={props.onFit}
    />
  )
}
