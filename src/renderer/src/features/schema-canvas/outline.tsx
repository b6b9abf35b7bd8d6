import { cn } from '@renderer/ui/cn'
import { TextInput } from '@renderer/ui/field'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight, Ellipsis, Table2 } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useReactFlow } from 'reactflow'
import { useActions } from './canvas-actions'
import { nodeIds } from './canvas-graph'
import { isSpot, type SchemaSpot, useMoment } from './canvas-ui'
import { ColumnMark, columnWords } from './column-marks'
import { NameInput } from './name-input'
import { type OutlineRow, outlineRows } from './outline-rows'
import { showTable } from './show-table'
import type { Mark, ShownTable } from './shown-tables'
import { spotActions } from './spot-actions'
import { markWords } from './table-node'

const rowHeight = 26
const markLooks: Readonly<Record<Mark, string>> = {
  same: '',
  new: 'bg-success',
  changed: 'bg-warning',
  dropped: 'bg-danger',
}

export interface OutlineProps {
  readonly tables: readonly ShownTable[]
  readonly fixed: boolean
}

/** The same schema as a tree: everything the mouse does on the canvas can be done here by keys. */
export function Outline({ tables, fixed }: OutlineProps) {
  const actions = useActions()
  const { ui } = actions
  const flow = useReactFlow()
  const id = useId()
  const tree = useRef<HTMLDivElement>(null)
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState<SchemaSpot | null>(null)
  const [menu, setMenu] = useState<SchemaSpot | null>(null)
  const rows = useMemo(() => outlineRows(tables, open, search), [tables, open, search])
  const index = Math.max(
    0,
    rows.findIndex(({ spot }) => at && isSpot(at, spot.table, spot.column)),
  )
  const renaming = useMoment((moment) => (moment.renaming?.where === 'outline' ? moment.renaming : null))
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => tree.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const active = rows[index]

  // What is chosen on the canvas is chosen here.
  const chosen = useMoment((moment) => moment.column)
  useEffect(() => {
    if (chosen) setAt(chosen)
  }, [chosen])

  function toggle(table: string, on: boolean) {
    const next = new Set(open)
    if (on) next.add(table)
    else next.delete(table)
    setOpen(next)
  }
  function go(to: number) {
    const row = rows[Math.max(0, Math.min(to, rows.length - 1))]
    if (!row) return
    setAt(row.spot)
    ui.set({ selected: [nodeIds.table(row.spot.table)], column: row.column ? row.spot : null, relation: null })
    virtual.scrollToIndex(rows.indexOf(row))
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!active || event.target !== event.currentTarget) return
    const { spot, column } = active
    const parent = rows.findIndex((row) => row.spot.table === spot.table && row.column === null)
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      if (fixed || spot.column === null) return
      const own = active.table.columns.findIndex((other) => other.column.name === spot.column)
      actions.moveColumn(spot.table, spot.column, event.key === 'ArrowUp' ? own - 1 : own + 2)
    } else if (event.ctrlKey || event.metaKey || event.altKey) return
    else if (event.key === 'ArrowDown') go(index + 1)
    else if (event.key === 'ArrowUp') go(index - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(rows.length - 1)
    else if (event.key === 'ArrowRight') {
      if (column !== null) return
      if (active.open) go(index + 1)
      else toggle(spot.table, true)
    } else if (event.key === 'ArrowLeft') {
      if (column !== null) go(parent)
      else toggle(spot.table, false)
    } else if (event.key === 'Enter') {
      if (spot.column === null || fixed) showTable(flow, ui, spot.table)
      else ui.set({ details: spot })
    } else if (event.key === ' ') showTable(flow, ui, spot.table)
    else if (fixed) return
    else if (event.key === 'F2') ui.set({ renaming: { ...spot, where: 'outline' } })
    else if (event.key === 'Delete' || event.key === 'Backspace') actions.remove(spot)
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) setMenu(spot)
    else if (event.key === 'Insert' || event.key === '+') {
      toggle(spot.table, true)
      actions.addColumn(spot.table, { name: 'text', type: 'text' }, { where: 'outline' })
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <section aria-label="Outline" className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2 px-3 pt-2 pb-1.5">
        <TextInput
          aria-label="Find in the outline"
          placeholder="Find a table or column"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'Enter') {
              event.preventDefault()
              go(0)
              tree.current?.focus()
            }
            if (event.key === 'Escape') setSearch('')
          }}
        />
      </div>
      <div
        ref={tree}
        role="tree"
        aria-label="Tables and columns"
        aria-activedescendant={active ? `${id}-${index}` : undefined}
        tabIndex={0}
        className="group/tree min-h-0 flex-1 overflow-y-auto px-1.5 pb-2 outline-none"
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (!at && rows[0]) setAt(rows[0].spot)
        }}
      >
        {rows.length === 0 ? (
          <p className="px-2 py-3 text-text-muted">{search === '' ? 'No tables yet.' : 'Nothing has that name.'}</p>
        ) : null}
        <div role="none" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            const isActive = at !== null && item.index === index
            return (
              <OutlineItem
                key={item.key}
                id={`${id}-${item.index}`}
                row={row}
                top={item.start}
                active={isActive}
                fixed={fixed}
                renaming={renaming !== null && isSpot(renaming, row.spot.table, row.spot.column)}
                menuOpen={menu !== null && isSpot(menu, row.spot.table, row.spot.column)}
                onMenu={(on) => {
                  setMenu(on ? row.spot : null)
                  if (!on) requestAnimationFrame(() => focusIfLost(tree.current))
                }}
                onToggle={() => toggle(row.spot.table, !row.open)}
                onChoose={() => {
                  go(item.index)
                  if (row.column === null) showTable(flow, ui, row.spot.table)
                }}
                onRenamed={() => tree.current?.focus()}
                onFollow={setAt}
              />
            )
          })}
        </div>
      </div>
    </section>
  )
}

/** A menu gives the focus back here, unless what was chosen has taken it. */
function focusIfLost(tree: HTMLElement | null): void {
  const active = document.activeElement
  if (active === null || active === document.body || tree?.contains(active)) tree?.focus()
}

interface OutlineItemProps {
  readonly id: string
  readonly row: OutlineRow
  readonly top: number
  readonly active: boolean
  readonly fixed: boolean
  readonly renaming: boolean
  readonly menuOpen: boolean
  readonly onMenu: (open: boolean) => void
  readonly onToggle: () => void
  readonly onChoose: () => void
  readonly onRenamed: () => void
  /** The row has another name now. */
  readonly onFollow: (spot: SchemaSpot) => void
}

function OutlineItem(props: OutlineItemProps) {
  const { row, active, fixed } = props
  const actions = useActions()
  const { column, spot } = row
  const name = column?.column.name ?? row.table.table.name
  const mark = column?.mark ?? row.table.mark
  const words = column ? columnWords(column.column) : `table, ${row.table.columns.length} columns`
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the tree's, which has the focus
    <div
      id={props.id}
      role="treeitem"
      aria-level={column ? 2 : 1}
      aria-posinset={row.position}
      aria-setsize={row.size}
      aria-selected={active}
      aria-expanded={column ? undefined : row.open}
      aria-label={`${name}, ${words}${mark === 'same' ? '' : `, ${markWords[mark]}`}`}
      tabIndex={-1}
      className={cn(
        'group/item absolute inset-x-0 flex items-center gap-1.5 rounded-md pr-1',
        column ? 'pl-7' : 'pl-1',
        active
          ? 'bg-bg-active group-focus/tree:outline-2 group-focus/tree:outline-focus group-focus/tree:outline-offset-[-2px]'
          : 'hover:bg-bg-hover',
      )}
      style={{ height: rowHeight, transform: `translateY(${props.top}px)` }}
      onClick={props.onChoose}
      onDoubleClick={() => !fixed && actions.ui.set({ renaming: { ...spot, where: 'outline' } })}
    >
      {column ? (
        <ColumnMark table={spot.table} column={column.column} />
      ) : (
        <>
          <span
            aria-hidden
            className="flex size-4 shrink-0 items-center justify-center"
            onClick={(event) => {
              event.stopPropagation()
              props.onToggle()
            }}
          >
            <ChevronRight className={cn('size-3.5 text-text-muted transition-transform', row.open && 'rotate-90')} />
          </span>
          <Table2 aria-hidden className="size-3.5 shrink-0 text-text-muted" />
        </>
      )}
      {props.renaming ? (
        <NameInput
          label={column ? `Name of column ${name}` : `Name of table ${name}`}
          name={name}
          onRename={(next) => {
            const problem = actions.rename(spot, next)
            if (problem === null) props.onFollow(column ? { ...spot, column: next } : { table: next, column: null })
            return problem
          }}
          onEnd={(by) => {
            actions.ui.set({ renaming: null })
            if (by !== 'blur') props.onRenamed()
          }}
        />
      ) : (
        <span className={cn('min-w-0 flex-1 truncate', mark === 'dropped' && 'text-danger line-through')}>{name}</span>
      )}
      {mark === 'same' ? null : <span aria-hidden className={cn('size-1.5 shrink-0 rounded-full', markLooks[mark])} />}
      {column && !props.renaming ? (
        <span className="max-w-20 truncate font-mono text-xs text-text-muted">{column.column.type}</span>
      ) : null}
      {fixed || props.renaming ? null : (
        <DropdownMenu open={props.menuOpen} onOpenChange={props.onMenu}>
          <DropdownMenuTrigger>
            <button
              type="button"
              tabIndex={-1}
              aria-label={`Actions for ${name}`}
              className={cn(
                'flex size-5 shrink-0 items-center justify-center rounded-sm text-text-muted hover:bg-bg-active hover:text-text group-hover/item:opacity-100',
                props.menuOpen ? 'opacity-100' : 'opacity-0',
              )}
              onClick={(event) => event.stopPropagation()}
            >
              <Ellipsis aria-hidden className="size-3.5" />
            </button>
          </DropdownMenuTrigger>
          <DropdownMenuContent onCloseAutoFocus={(event) => event.preventDefault()}>
            <SpotMenuItems spot={spot} itemId={props.id} />
          </DropdownMenuContent>
        </DropdownMenu>
      )}
    </div>
  )
}

function SpotMenuItems({ spot, itemId }: { readonly spot: SchemaSpot; readonly itemId: string }) {
  const actions = useActions()
  const rect = document.getElementById(itemId)?.getBoundingClientRect()
  const at = rect ? { x: rect.right, y: rect.top } : { x: 0, y: 0 }
  return spotActions(actions, spot, { where: 'outline', at }).map((item, index) =>
    item === null ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a rule has nothing else
      <DropdownMenuSeparator key={index} />
    ) : (
      <DropdownMenuItem
        key={item.label}
        icon={item.icon}
        shortcut={item.shortcut}
        danger={item.danger === true}
        onSelect={item.run}
      >
        {item.label}
      </DropdownMenuItem>
    ),
  )
}
