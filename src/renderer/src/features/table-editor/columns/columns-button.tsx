import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  type Modifier,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { Button, IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { TypeMark } from '@renderer/ui/type-mark'
import { Columns3, Eye, EyeOff, GripVertical, Pencil, Pin, PinOff, Plus } from 'lucide-react'
import { useState } from 'react'
import type { GridColumn } from '../grid-column'
import { orderedColumns } from './column-settings'
import type { ColumnSettings } from './use-column-settings'

export interface ColumnsButtonProps {
  readonly columns: readonly GridColumn[]
  readonly settings: ColumnSettings
  readonly onAdd: () => void
  readonly onEdit: () => void
}

const onlyUpAndDown: Modifier = ({ transform }) => ({ ...transform, x: 0 })

/** Which columns are shown, in which order, and which stay at the left. */
export function ColumnsButton(props: ColumnsButtonProps) {
  const { columns, settings } = props
  const [open, setOpen] = useState(false)
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const ordered = orderedColumns(columns, settings.settings)
  const hidden = settings.hidden.length
  const leave = (action: () => void) => () => {
    setOpen(false)
    action()
  }
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger>
        <Button variant="ghost" icon={Columns3} aria-label={hidden > 0 ? `Columns, ${hidden} hidden` : 'Columns'}>
          <span className="max-lg:hidden">Columns</span>
          {hidden > 0 ? <span className="text-sm text-text-muted tabular-nums">{hidden} hidden</span> : null}
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Columns" className="flex w-72 flex-col">
        <DndContext
          sensors={sensors}
          collisionDetection={closestCenter}
          modifiers={[onlyUpAndDown]}
          accessibility={{ container: document.body, screenReaderInstructions: instructions }}
          onDragEnd={({ active, over }) => {
            if (over && over.id !== active.id)
              settings.change({ kind: 'move', column: String(active.id), over: String(over.id) })
          }}
        >
          <SortableContext items={ordered.map(({ name }) => name)} strategy={verticalListSortingStrategy}>
            <ul aria-label="Columns in their order" className="max-h-[50vh] overflow-y-auto p-1">
              {ordered.map((column) => (
                <ColumnItem
                  key={column.name}
                  column={column}
                  hidden={settings.hidden.includes(column)}
                  pinned={settings.shown.indexOf(column) < (settings.pinned ?? 0) && !settings.hidden.includes(column)}
                  settings={settings}
                />
              ))}
            </ul>
          </SortableContext>
        </DndContext>
        <div className="flex items-center gap-1 border-t border-border p-1">
          <Button variant="ghost" icon={Plus} onClick={leave(props.onAdd)}>
            Add column
          </Button>
          <Button variant="ghost" icon={Pencil} onClick={leave(props.onEdit)}>
            Edit columns
          </Button>
          {hidden > 0 ? (
            <Button variant="ghost" className="ml-auto" onClick={() => settings.change({ kind: 'all shown' })}>
              Show all
            </Button>
          ) : null}
        </div>
      </PopoverContent>
    </Popover>
  )
}

function ColumnItem(props: {
  readonly column: GridColumn
  readonly hidden: boolean
  readonly pinned: boolean
  readonly settings: ColumnSettings
}) {
  const { column, hidden, pinned, settings } = props
  const { name } = column
  const sortable = useSortable({ id: name })
  return (
    <li
      ref={sortable.setNodeRef}
      style={{ transform: CSS.Translate.toString(sortable.transform), transition: sortable.transition }}
      className={cn(
        'group relative flex h-8 items-center gap-2 rounded-md pr-1 hover:bg-bg-hover',
        sortable.isDragging && 'z-10 bg-bg-raised shadow-float',
      )}
    >
      <button
        type="button"
        ref={sortable.setActivatorNodeRef}
        {...sortable.attributes}
        {...sortable.listeners}
        aria-label={`Move ${name}`}
        className="flex h-7 w-5 cursor-grab touch-none items-center justify-center rounded-md text-text-muted active:cursor-grabbing"
      >
        <GripVertical aria-hidden className="size-3.5" />
      </button>
      <TypeMark base={column.type.base} className={hidden ? 'opacity-50' : ''} />
      <span className={cn('min-w-0 flex-1 truncate', hidden && 'text-text-muted')}>{name}</span>
      <IconButton
        size="sm"
        label={pinned ? `Unpin ${name}` : `Pin ${name}`}
        icon={pinned ? PinOff : Pin}
        disabled={hidden}
        className={pinned ? 'text-accent-text' : 'opacity-0 group-hover:opacity-100 focus-visible:opacity-100'}
        onClick={() => settings.change({ kind: 'pinned', column: name, pinned: !pinned })}
      />
      <IconButton
        size="sm"
        label={hidden ? `Show ${name}` : `Hide ${name}`}
        icon={hidden ? EyeOff : Eye}
        disabled={!hidden && settings.shown.length === 1}
        onClick={() => settings.change({ kind: 'hidden', column: name, hidden: !hidden })}
      />
    </li>
  )
}

const instructions = {
  draggable: 'To move the column, press Space, then the arrow keys, then Space again. Escape leaves it where it was.',
}
