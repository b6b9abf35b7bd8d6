import { cn } from '@renderer/ui/cn'
import { Pin, Plus, Table2 } from 'lucide-react'
import { type MouseEvent, memo, type PointerEvent, useState } from 'react'
import { type NodeProps, useStore } from 'reactflow'
import { useActions } from './canvas-actions'
import { detailOf } from './canvas-detail'
import type { TableData } from './canvas-graph'
import { isRenaming, useCanvasUi, useMoment } from './canvas-ui'
import { CommentMark } from './column-marks'
import { ColumnRow } from './column-row'
import { useConnect } from './connect-layer'
import { NameInput } from './name-input'
import { Ports } from './ports'
import type { Mark } from './shown-tables'
import { headerHeight } from './table-geometry'

const frames: Readonly<Record<Mark, string>> = {
  same: 'border-border-strong/60',
  new: 'border-success',
  changed: 'border-warning',
  dropped: 'border-danger',
}
const stripes: Readonly<Record<Mark, string>> = {
  same: 'bg-bg-subtle',
  new: 'bg-success-subtle',
  changed: 'bg-warning-subtle',
  dropped: 'bg-danger-subtle',
}
export const markWords: Readonly<Record<Mark, string>> = {
  same: '',
  new: 'new',
  changed: 'changed',
  dropped: 'going',
}

/** A table on the canvas: as much of it as can be read at this zoom. Where it lies is nothing that it draws. */
export const TableNode = memo(DrawnTable, (a, b) => a.data === b.data && a.selected === b.selected)

function DrawnTable({ data, selected }: NodeProps<TableData>) {
  const { shown, dim, ghost, fixed } = data
  const detail = useStore((state) => detailOf(state.transform[2]))
  const isGhost = ghost && shown.mark !== 'same'
  return (
    <section
      aria-label={`Table ${shown.table.name}${shown.mark === 'same' ? '' : `, ${markWords[shown.mark]}`}`}
      data-table={shown.table.name}
      data-mark={shown.mark}
      data-ghost={isGhost || undefined}
      className={cn(
        'flex h-full flex-col overflow-clip rounded-md border bg-bg-raised text-text transition-opacity [overflow-clip-margin:12px]',
        frames[shown.mark],
        // A thin line is none at a third of its size.
        detail === 'far' && 'border-4',
        isGhost && 'border-dashed',
        selected && 'border-accent! outline-2 outline-accent/35',
        dim && 'opacity-20',
      )}
    >
      {detail === 'far' ? (
        <FarTable data={data} />
      ) : (
        <ReadableTable data={data} near={detail === 'near' && !dim} fixed={fixed || shown.mark === 'dropped'} />
      )}
    </section>
  )
}

/** From far away only the name can be read, so it is large. */
function FarTable({ data: { shown } }: { readonly data: TableData }) {
  return (
    <div className={cn('flex h-full items-center justify-center overflow-hidden rounded-md px-2', stripes[shown.mark])}>
      <span className="line-clamp-3 text-center text-[30px] leading-9 font-semibold break-all">{shown.table.name}</span>
    </div>
  )
}

interface ReadableProps {
  readonly data: TableData
  readonly near: boolean
  readonly fixed: boolean
}

function ReadableTable({ data, near, fixed }: ReadableProps) {
  const { table, columns, mark } = data.shown
  const ui = useCanvasUi()
  const connect = useConnect()
  const [hovered, setHovered] = useState(false)
  const landing = useMoment(({ landing: at }) => (at?.table === table.name ? at.index : null))
  const columnAt = (target: EventTarget) =>
    target instanceof Element ? (target.closest('[data-column]')?.getAttribute('data-column') ?? null) : null

  function onClick(event: MouseEvent) {
    const column = columnAt(event.target)
    const spot = { table: table.name, column }
    ui.set({ column: column === null ? null : spot, relation: null })
    if (column !== null && !fixed && event.target instanceof Element && event.target.closest('[data-type]'))
      ui.set({ details: spot })
  }
  function onDoubleClick(event: MouseEvent) {
    if (fixed || (event.target instanceof Element && event.target.closest('[data-type], button'))) return
    ui.set({ renaming: { table: table.name, column: columnAt(event.target), where: 'canvas' }, details: null })
  }
  function onPointerDown(event: PointerEvent) {
    if (event.button === 0 && event.target instanceof Element && event.target.closest('[data-port]'))
      connect(event, { table: table.name, column: columnAt(event.target) })
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what the mouse does here, the outline does by keys
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same
    <div
      className="flex h-full flex-col"
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      onPointerDown={onPointerDown}
    >
      <Header data={data} near={near} fixed={fixed} hovered={hovered} />
      <ul className="relative pb-1" aria-label={`Columns of ${table.name}`}>
        {columns.map((shown) => (
          <ColumnRow
            key={`${shown.column.name} ${shown.mark === 'dropped'}`}
            table={table.name}
            shown={shown}
            near={near}
            fixed={fixed || shown.mark === 'dropped'}
            active={near && hovered && !fixed}
            quiet={mark === 'new'}
          />
        ))}
        {landing === null ? null : (
          <li
            aria-hidden
            className="pointer-events-none absolute inset-x-1 h-0.5 -translate-y-px rounded-full bg-accent"
            style={{ top: landing * 28 }}
          />
        )}
      </ul>
    </div>
  )
}

function Header({ data, near, fixed, hovered }: ReadableProps & { readonly hovered: boolean }) {
  const { table, mark, was } = data.shown
  const actions = useActions()
  const renaming = useMoment((moment) => isRenaming(moment, 'canvas', table.name, null))
  return (
    <div
      style={{ height: headerHeight - 1 }}
      title={was ?? undefined}
      data-spot={table.name}
      className={cn(
        'group/header relative flex shrink-0 items-center gap-2 rounded-t-md border-b border-border px-2.5',
        stripes[mark],
      )}
    >
      <Table2 aria-hidden className="size-3.5 shrink-0 text-text-muted" />
      {renaming ? (
        <NameInput
          label={`Name of table ${table.name}`}
          name={table.name}
          className="font-semibold"
          onRename={(name) => actions.rename({ table: table.name, column: null }, name)}
          onEnd={() => actions.ui.set({ renaming: null })}
        />
      ) : (
        <span className={cn('min-w-0 flex-1 truncate font-semibold', mark === 'dropped' && 'line-through')}>
          {table.name}
        </span>
      )}
      {table.comment === undefined ? null : <CommentMark comment={table.comment} />}
      {data.pinned ? <Pin aria-label="Pinned" className="size-3 shrink-0 text-text-muted" /> : null}
      {near && hovered && !fixed && !renaming ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={`Add a column to ${table.name}`}
          title="Add a column"
          className="nodrag -mr-1 flex size-6 items-center justify-center rounded-sm text-text-muted hover:bg-bg-active hover:text-text"
          onClick={(event) => {
            event.stopPropagation()
            actions.addColumn(table.name, { name: 'text', type: 'text' })
          }}
        >
          <Plus aria-hidden className="size-3.5" />
        </button>
      ) : null}
      {near && !fixed ? <Ports /> : null}
    </div>
  )
}
