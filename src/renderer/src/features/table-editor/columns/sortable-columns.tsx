import { closestCenter, DndContext, type Modifier, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { horizontalListSortingStrategy, SortableContext } from '@dnd-kit/sortable'
import type { ReactNode } from 'react'
import type { GridColumn } from '../grid-column'

const onlySideways: Modifier = ({ transform }) => ({ ...transform, y: 0 })

/** Held this near to an edge (a share of the grid's width), the header scrolls the grid sideways, and never up or down. */
const sidewaysEdges = { threshold: { x: 0.1, y: 0 } }

/** Headers that are dragged into order. The keyboard does it in the list of columns, and in each column's menu. */
export function SortableColumns(props: {
  readonly columns: readonly GridColumn[]
  /** From the first move to the drop. */
  readonly onDragging: (dragging: boolean) => void
  readonly onDrop: (column: string, over: string) => void
  readonly children: ReactNode
}) {
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 6 } }))
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      modifiers={[onlySideways]}
      autoScroll={sidewaysEdges}
      accessibility={{ container: document.body }}
      onDragStart={() => props.onDragging(true)}
      onDragCancel={() => props.onDragging(false)}
      onDragEnd={({ active, over }) => {
        props.onDragging(false)
        if (over && over.id !== active.id) props.onDrop(String(active.id), String(over.id))
      }}
    >
      <SortableContext items={props.columns.map(({ name }) => name)} strategy={horizontalListSortingStrategy}>
        {props.children}
      </SortableContext>
    </DndContext>
  )
}
