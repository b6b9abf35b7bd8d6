import {
  type Announcements,
  DndContext,
  type DragEndEvent,
  type DragMoveEvent,
  DragOverlay,
  type DragStartEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { type ReactNode, useState } from 'react'
import { useReactFlow } from 'reactflow'
import { useActions } from './canvas-actions'
import { spotAt } from './connect-layer'
import { type DragLoad, isDragLoad } from './drag-load'
import { PaletteChip } from './palette-chip'
import type { Point } from './place-tables'
import { headerHeight, rowHeight } from './table-geometry'
import { useDropItem } from './use-drop-item'

/** Drags from the palette onto the canvas or into a table, and of columns within their table. */
export function DragLayer({ children }: { readonly children: ReactNode }) {
  const actions = useActions()
  const { ui } = actions
  const flow = useReactFlow()
  const dropItem = useDropItem()
  const [load, setLoad] = useState<DragLoad | null>(null)
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, {
      keyboardCodes: { start: ['Space'], cancel: ['Escape'], end: ['Space', 'Enter'] },
      coordinateGetter(event, { currentCoordinates, context }) {
        const isColumn = isDragLoad(context.active?.data.current) && context.active.data.current.kind === 'move'
        const step = isColumn ? rowHeight * flow.getZoom() : 40
        const by = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.code]
        if (!by) return
        const [x = 0, y = 0] = by
        event.preventDefault()
        return {
          x: currentCoordinates.x + (isColumn ? 0 : x * step),
          y: currentCoordinates.y + y * step,
        }
      },
    }),
  )

  /** Where in which table a column would land. */
  function landingOf(at: Point, carried: DragLoad): { readonly table: string; readonly index: number } | null {
    const isColumn = carried.kind === 'move' || carried.item.kind === 'column' || carried.item.kind === 'relation'
    if (!isColumn) return null
    const table = spotAt(at.x, at.y)?.table ?? null
    if (table === null || (carried.kind === 'move' && carried.table !== table)) return null
    const found = actions.schema.tables.find(({ name }) => name === table)
    const node = flow.getNode(`table:${table}`)
    if (!found || !node) return null
    const { y } = flow.screenToFlowPosition(at)
    const index = Math.round((y - node.position.y - headerHeight) / rowHeight)
    return { table, index: Math.max(0, Math.min(index, found.columns.length)) }
  }

  function onDragMove(event: DragMoveEvent) {
    const carried = event.active.data.current
    if (!isDragLoad(carried)) return
    const next = landingOf(pointOf(event), carried)
    const now = ui.now().landing
    if (next?.table !== now?.table || next?.index !== now?.index) ui.set({ landing: next })
  }

  function onDragEnd(event: DragEndEvent) {
    const carried = event.active.data.current
    const at = pointOf(event)
    setLoad(null)
    ui.set({ landing: null })
    if (!isDragLoad(carried)) return
    const landing = landingOf(at, carried)
    if (carried.kind === 'move') {
      if (landing) actions.moveColumn(carried.table, carried.column, landing.index)
      return
    }
    const onCanvas = document.elementFromPoint(at.x, at.y)?.closest('[data-canvas]') !== null
    if (onCanvas) dropItem(carried.item, flow.screenToFlowPosition(at), at, landing)
  }

  return (
    <DndContext
      sensors={sensors}
      accessibility={{ announcements: announcements(() => ui.now().landing) }}
      autoScroll={false}
      onDragStart={({ active }: DragStartEvent) =>
        setLoad(isDragLoad(active.data.current) ? active.data.current : null)
      }
      onDragMove={onDragMove}
      onDragEnd={onDragEnd}
      onDragCancel={() => {
        setLoad(null)
        ui.set({ landing: null })
      }}
    >
      {children}
      <DragOverlay dropAnimation={null} style={{ pointerEvents: 'none' }} zIndex={60}>
        {load ? <PaletteChip load={load} /> : null}
      </DragOverlay>
    </DndContext>
  )
}

/** The pointer; with the keyboard the middle of what is dragged. */
function pointOf({ activatorEvent, delta, active }: DragMoveEvent | DragEndEvent): Point {
  if (activatorEvent instanceof MouseEvent)
    return { x: activatorEvent.clientX + delta.x, y: activatorEvent.clientY + delta.y }
  const rect = active.rect.current.translated
  return rect ? { x: rect.left + rect.width / 2, y: rect.top + rect.height / 2 } : { x: 0, y: 0 }
}

function announcements(landing: () => { readonly table: string; readonly index: number } | null): Announcements {
  const where = () => {
    const at = landing()
    return at ? `In ${at.table}, place ${at.index + 1}.` : 'On the canvas.'
  }
  return {
    onDragStart: () => 'Lifted. Move with the arrows, drop with Space, cancel with Escape.',
    onDragMove: where,
    onDragOver: () => undefined,
    onDragEnd: () => `Dropped. ${where()}`,
    onDragCancel: () => 'Cancelled.',
  }
}
