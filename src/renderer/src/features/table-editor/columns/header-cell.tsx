import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { cn } from '@renderer/ui/cn'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { TypeMark } from '@renderer/ui/type-mark'
import type { Sort } from '@shared/domain/filter'
import { ArrowDown, ArrowUp, ChevronDown, KeyRound, Link2 } from 'lucide-react'
import { useState } from 'react'
import { type GridColumn, narrowestColumn } from '../grid-column'
import type { GridLayout } from '../grid-layout'
import type { ColumnActions } from './column-actions'
import { ColumnEdge } from './column-edge'
import { ColumnMenuItems } from './column-menu'

export interface HeaderCellProps {
  readonly layout: GridLayout
  readonly column: GridColumn
  readonly index: number
  readonly sort: readonly Sort[]
  readonly onSort: (column: string, add: boolean) => void
  readonly actions: ColumnActions
}

/** Name, type and order of a column; it is dragged to its place, and its menu is behind the arrow or a right-click. */
export function HeaderCell(props: HeaderCellProps) {
  const { column, index, layout, sort, actions } = props
  const [open, setOpen] = useState(false)
  const sortable = useSortable({ id: column.name })
  const order = sort.findIndex((one) => one.column === column.name)
  const direction = sort[order]?.direction
  const Arrow = direction === 'desc' ? ArrowDown : ArrowUp
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus
    <div
      ref={sortable.setNodeRef}
      {...sortable.listeners}
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none'}
      data-header={index}
      style={{
        width: layout.widths[index],
        transform: CSS.Translate.toString(sortable.transform),
        transition: sortable.transition,
      }}
      className={cn(
        'group/head relative flex shrink-0 border-r border-border bg-bg-subtle',
        index === layout.pinned - 1 && 'border-r-border-strong/50',
        sortable.isDragging && 'z-20 opacity-90 shadow-float',
      )}
      onContextMenu={(event) => {
        event.preventDefault()
        event.stopPropagation()
        setOpen(true)
      }}
    >
      <button
        type="button"
        tabIndex={-1}
        disabled={column.secret}
        title={`${column.name}: ${column.schema.type}${column.nullable ? '' : ', required'}`}
        className="flex min-w-0 flex-1 items-center gap-1.5 px-2 text-left hover:bg-bg-hover"
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
          <span className="flex shrink-0 items-center text-accent-text group-hover/head:mr-5">
            <Arrow aria-hidden className="size-3.5" />
            {sort.length > 1 ? <span className="text-xs tabular-nums">{order + 1}</span> : null}
          </span>
        ) : null}
      </button>
      <DropdownMenu open={open} onOpenChange={setOpen}>
        <DropdownMenuTrigger>
          <button
            type="button"
            tabIndex={-1}
            aria-label={`Menu of column ${column.name}`}
            className="absolute inset-y-1 right-1.5 flex w-6 items-center justify-center rounded-md bg-bg-subtle text-text-muted opacity-0 group-hover/head:opacity-100 hover:bg-bg-active hover:text-text data-[state=open]:bg-bg-active data-[state=open]:opacity-100"
            onPointerDown={(event) => event.stopPropagation()}
            onClick={() => setOpen(!open)}
          >
            <ChevronDown aria-hidden className="size-3.5" />
          </button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" onCloseAutoFocus={(event) => event.preventDefault()}>
          <ColumnMenuItems
            item={DropdownMenuItem}
            separator={<DropdownMenuSeparator />}
            column={column}
            state={{
              sorted: direction ?? null,
              pinned: index < layout.pinned,
              first: index === 0,
              last: index === layout.columns.length - 1,
            }}
            actions={actions}
          />
        </DropdownMenuContent>
      </DropdownMenu>
      <ColumnEdge
        width={layout.widths[index] ?? narrowestColumn}
        onResize={(width) => actions.resize(column, width)}
        onFit={() => actions.fit(column)}
      />
    </div>
  )
}
