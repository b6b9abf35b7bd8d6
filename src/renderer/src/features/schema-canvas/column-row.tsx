import { useDraggable } from '@dnd-kit/core'
import { cn } from '@renderer/ui/cn'
import { GripVertical } from 'lucide-react'
import { useActions } from './canvas-actions'
import { isRenaming, isSpot, useMoment } from './canvas-ui'
import { ColumnMark, CommentMark, columnWords } from './column-marks'
import type { DragLoad } from './drag-load'
import { NameInput } from './name-input'
import { Ports } from './ports'
import type { Mark, ShownColumn } from './shown-tables'

export interface ColumnRowProps {
  readonly table: string
  readonly shown: ShownColumn
  /** Near enough to be worked on. */
  readonly near: boolean
  readonly fixed: boolean
  /** Its table is pointed at, so it can be taken by its grip. */
  readonly active: boolean
  /** The whole table is marked: the rows need no marks of their own. */
  readonly quiet: boolean
}

const marks: Readonly<Record<Mark, string>> = {
  same: '',
  new: 'bg-success-subtle',
  changed: 'bg-warning-subtle',
  dropped: 'bg-danger-subtle text-danger',
}

export function ColumnRow({ table, shown, near, fixed, active, quiet }: ColumnRowProps) {
  const { column, mark, was } = shown
  const chosen = useMoment(({ column: spot }) => isSpot(spot, table, column.name))
  return (
    <li
      data-column={column.name}
      data-spot={`${table}.${column.name}`}
      data-mark={mark}
      title={near ? (was ?? undefined) : undefined}
      aria-label={`${column.name}: ${columnWords(column)}${was === null ? '' : `, ${was}`}`}
      className={cn(
        'group/row relative flex h-7 items-center gap-2 px-2.5',
        !quiet && marks[mark],
        chosen ? 'bg-selection' : near && 'hover:bg-bg-hover',
      )}
    >
      {active ? (
        <Grip table={table} column={column.name}>
          <ColumnMark table={table} column={column} />
        </Grip>
      ) : (
        <ColumnMark table={table} column={column} />
      )}
      <ColumnName table={table} shown={shown} near={near} />
      <span data-type className={cn('flex min-w-0 shrink-0 items-center gap-1.5', near && !fixed && 'cursor-pointer')}>
        {column.comment === undefined ? null : <CommentMark comment={column.comment} />}
        {column.unique ? (
          <span title="Unique" className="rounded-sm border border-border px-0.5 text-[10px] leading-3 text-text-muted">
            U
          </span>
        ) : null}
        <span className="max-w-26 truncate font-mono text-xs text-text-muted">
          {column.type}
          {column.required || column.primary_key ? '' : '?'}
        </span>
      </span>
      {near && !fixed ? <Ports /> : null}
    </li>
  )
}

function ColumnName({ table, shown, near }: Pick<ColumnRowProps, 'table' | 'shown' | 'near'>) {
  const { column, mark } = shown
  const actions = useActions()
  const renaming = useMoment((moment) => near && isRenaming(moment, 'canvas', table, column.name))
  if (renaming)
    return (
      <NameInput
        label={`Name of column ${column.name}`}
        name={column.name}
        onRename={(name) => actions.rename({ table, column: column.name }, name)}
        onEnd={() => actions.ui.set({ renaming: null })}
      />
    )
  return (
    <span
      className={cn(
        'min-w-0 flex-1 truncate',
        column.primary_key && 'font-medium',
        column.references && 'text-accent-text',
        mark === 'dropped' && 'text-danger line-through',
      )}
    >
      {column.name}
    </span>
  )
}

function Grip(props: { readonly table: string; readonly column: string; readonly children: React.ReactNode }) {
  const load: DragLoad = { kind: 'move', table: props.table, column: props.column }
  const { setNodeRef, listeners, attributes } = useDraggable({ id: `move:${props.table}.${props.column}`, data: load })
  return (
    <button
      ref={setNodeRef}
      type="button"
      {...attributes}
      {...listeners}
      tabIndex={-1}
      aria-label={`Move ${props.column}`}
      className="nodrag nopan -mx-0.5 flex h-6 w-4.5 cursor-grab items-center justify-center rounded-sm"
    >
      <span className="group-hover/row:hidden">{props.children}</span>
      <GripVertical aria-hidden className="hidden size-3.5 text-text-muted group-hover/row:block" />
    </button>
  )
}
