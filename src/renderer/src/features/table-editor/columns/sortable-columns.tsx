import { closestCenter, DndContext, type Modifier, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { horizontalListSortingStrategy, SortableContext } from '@dnd-kit/sortable'
import type { ReactNode } from 'react'
import type { GridColumn } from '../grid-column'

const onlySideways: Modifier = ({ transform }) => ({ ...transform, y: 0 })

/** Headers that are dragged into order. The keyboard does it in the list of columns, and in each column's menu. */
export function SortableColumns(props: {
  readonly columns: readonly GridColumn[]
  readonly onDrop: (column: string, over: string) => void
  readonly children: ReactNode
}) {
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }))
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      modifiers={[onlySideways]}
      accessibility={{ container: document.body }}
      onDragEnd={({ active, over }) => {
        if (over && over.id !== active.id) props.onDrop(String(active.id), String(over.id))
      }}
    >
      <SortableContext items={props.columns.map(({ name }) => name)} strategy={horizontalListSortingStrategy}>
        {props.children}
      </SortableContext>
    </DndContext>
  )
}
