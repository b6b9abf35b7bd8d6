import {
  type Announcements,
  closestCenter,
  DndContext,
  KeyboardSensor,
  type Modifier,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import type { TableSchema } from '@shared/domain/table-schema'
import { Plus } from 'lucide-react'
import { type Dispatch, type ReactNode, useEffect, useId, useMemo, useState } from 'react'
import { type ColumnDraft, newColumn } from './column-draft'
import { type DraftAction, neighbourOf, nextColumn } from './column-drafts'
import { ColumnRow, columnGrid } from './column-row'
import type { DraftProblem } from './draft-problems'
import { referenceChoices } from './reference-choices'

export interface ColumnListProps {
  readonly columns: readonly ColumnDraft[]
  readonly dispatch: Dispatch<DraftAction>
  readonly problems: readonly DraftProblem[]
  readonly tables: readonly TableSchema[]
  /** What others of the table may refer to. */
  readonly own: TableSchema
  /** Why a column cannot be dropped; null when it can. */
  readonly keptBecause?: ((column: ColumnDraft) => string | null) | undefined
  /** Under the row: what the change does. Null when nothing has changed. */
  readonly note?: ((column: ColumnDraft) => ReactNode) | undefined
  /** The table is new, so its key can still be chosen. */
  readonly choosesKey?: boolean
  readonly before?: ReactNode
  readonly after?: ReactNode
  readonly onDragging: (dragging: boolean) => void
}

const onlyUpAndDown: Modifier = ({ transform }) => ({ ...transform, x: 0 })

/** The columns of a table, to describe and to put in order. */
export function ColumnList(props: ColumnListProps) {
  const { columns, dispatch, onDragging } = props
  const id = useId()
  const [focus, setFocus] = useState<{ readonly key: string | null } | null>(null)
  const choices = useMemo(() => referenceChoices(props.tables, props.own), [props.tables, props.own])
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  useEffect(() => {
    if (focus) document.getElementById(focus.key ? nameId(id, focus.key) : `${id}-add`)?.focus()
  }, [focus, id])

  function add(after: string | null) {
    const next = after === null ? newColumn() : nextColumn(columns, after)
    if (!columns.includes(next)) dispatch({ type: 'add', column: next, after })
    setFocus({ key: next.key })
  }

  function remove(key: string) {
    const column = columns.find((candidate) => candidate.key === key)
    setFocus({ key: column?.was ? key : neighbourOf(columns, key) })
    dispatch({ type: 'remove', key })
  }

  function keep(key: string) {
    setFocus({ key })
    dispatch({ type: 'keep', key })
  }

  return (
    <div className="flex flex-col">
      <div aria-hidden className={cn(columnGrid, 'pb-1 text-sm text-text-muted')}>
        <span />
        <span>Name</span>
        <span>Type</span>
        <span className="text-center max-sm:hidden">Required</span>
        <span className="pl-2 max-sm:hidden">Default, reference</span>
      </div>
      {props.before}
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        modifiers={[onlyUpAndDown]}
        accessibility={{ announcements: announcements(columns), screenReaderInstructions: instructions }}
        onDragStart={() => onDragging(true)}
        onDragCancel={() => onDragging(false)}
        onDragEnd={({ active, over }) => {
          onDragging(false)
          if (over && over.id !== active.id) dispatch({ type: 'move', key: String(active.id), over: String(over.id) })
        }}
      >
        <SortableContext items={columns.map(({ key }) => key)} strategy={verticalListSortingStrategy}>
          <ul aria-label="Columns" className="flex flex-col gap-px">
            {columns.map((column) => (
              <ColumnRow
                key={column.key}
                nameId={nameId(id, column.key)}
                column={column}
                choices={choices}
                problem={props.problems.find(({ key }) => key === column.key) ?? null}
                keptBecause={props.keptBecause?.(column) ?? null}
                choosesKey={props.choosesKey ?? false}
                note={props.note?.(column) ?? null}
                dispatch={dispatch}
                onEnter={() => add(column.key)}
                onRemove={() => remove(column.key)}
                onKeep={() => keep(column.key)}
              />
            ))}
          </ul>
        </SortableContext>
      </DndContext>
      <Button id={`${id}-add`} variant="ghost" icon={Plus} className="my-0.5 ml-7 self-start" onClick={() => add(null)}>
        Add column
      </Button>
      {props.after}
    </div>
  )
}

function nameId(list: string, key: string): string {
  return `${list}-${key}`
}

const instructions = {
  draggable: 'To move the column, press Space, then the arrow keys, then Space again. Escape leaves it where it was.',
}

function announcements(columns: readonly ColumnDraft[]): Announcements {
  const nameOf = (key: string | number) => columns.find((column) => column.key === key)?.name || 'The new column'
  const placeOf = (key: string | number) =>
    `${columns.findIndex((column) => column.key === key) + 1} of ${columns.length}`
  return {
    onDragStart: ({ active }) => `${nameOf(active.id)} is picked up, at place ${placeOf(active.id)}.`,
    onDragOver: ({ active, over }) => (over ? `${nameOf(active.id)} is at place ${placeOf(over.id)}.` : undefined),
    onDragEnd: ({ active, over }) =>
      over ? `${nameOf(active.id)} was put at place ${placeOf(over.id)}.` : `${nameOf(active.id)} stays where it was.`,
    onDragCancel: ({ active }) => `${nameOf(active.id)} stays where it was.`,
  }
}
