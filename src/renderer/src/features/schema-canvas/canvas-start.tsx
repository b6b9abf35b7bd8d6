import { useDraggable } from '@dnd-kit/core'
import { IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useReactFlow, useStore } from 'reactflow'
import type { DragLoad } from './drag-load'
import { openPanel } from './open-panel'
import { tableItem } from './palette-items'
import { CardsPicture, CodePicture, TablePicture, WordsPicture } from './start-pictures'
import { around } from './table-geometry'
import { useAddItem } from './use-drop-item'

export interface CanvasStartProps {
  /** There is nothing at all on the canvas. */
  readonly empty: boolean
  readonly onTemplates: () => void
  readonly onImport: () => void
}

/** The ways to begin, while the canvas has no table but the users' own. */
export function CanvasStart({ empty, onTemplates, onImport }: CanvasStartProps) {
  const [hidden, setHidden] = useState(false)
  const card = useRef<HTMLElement>(null)
  useRoomAbove(card, hidden)
  if (hidden && !empty) return null
  return (
    <section
      ref={card}
      aria-label="Ways to begin"
      className={cn(
        '@container absolute inset-x-3 z-10 mx-auto max-w-210 rounded-lg border border-border bg-bg-raised p-4 shadow-float',
        empty ? 'top-1/2 -translate-y-1/2' : 'bottom-14',
      )}
    >
      <h2 className="text-lg font-semibold">Design your database</h2>
      <p className="mb-3 pr-8 text-text-muted">
        Everything here is a draft until you apply it, so try things: every step can be undone.
      </p>
      {empty ? null : (
        <IconButton
          label="Hide the ways to begin"
          icon={X}
          size="sm"
          className="absolute top-3 right-3"
          onClick={() => setHidden(true)}
        />
      )}
      <div className="grid grid-cols-2 gap-2 @2xl:grid-cols-4">
        <DragWay />
        <Way
          title="Describe it in words"
          sentence="AI drafts the tables; you take or refuse each."
          picture={<WordsPicture />}
          onClick={() => openPanel.write('describe')}
        />
        <Way
          title="Start from a template"
          sentence="A shop, a blog, bookings and more, with samples."
          picture={<CardsPicture />}
          onClick={onTemplates}
        />
        <Way
          title="Import SQL or DBML"
          sentence="Paste create statements, or choose a file."
          picture={<CodePicture />}
          onClick={onImport}
        />
      </div>
    </section>
  )
}

/** What lies on the canvas is moved into the room that the card leaves. */
function useRoomAbove(card: React.RefObject<HTMLElement | null>, hidden: boolean): void {
  const flow = useReactFlow()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  // The canvas shows everything in its middle first, when what lies on it has a size.
  const isShown = useStore((state) => state.fitViewOnInitDone || !state.fitViewOnInit)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height moves the card
  useEffect(() => {
    if (hidden || !isShown) return
    const frame = requestAnimationFrame(() => {
      const box = around(flow.getNodes().map((node) => ({ ...node.position, ...sizeOf(node) })))
      if (!box || !card.current) return
      const room = card.current.offsetTop
      const zoom = Math.min(1, (room - 2 * margin) / box.height, (width - 2 * margin) / box.width)
      flow.setViewport({
        x: width / 2 - (box.x + box.width / 2) * zoom,
        y: room / 2 - (box.y + box.height / 2) * zoom,
        zoom: Math.max(zoom, 0.3),
      })
    })
    return () => cancelAnimationFrame(frame)
  }, [flow, card, hidden, isShown, width, height])
}

const margin = 20

function sizeOf({ width, height }: { readonly width?: number | null; readonly height?: number | null }) {
  return { width: width ?? 0, height: height ?? 0 }
}

/** It can be dragged itself; a click and Enter add a table too. */
function DragWay() {
  const add = useAddItem()
  const load: DragLoad = { kind: 'new', item: tableItem }
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id: 'start:table', data: load })
  return (
    <Way
      title="Drag a table in"
      sentence="This one, or any part of the palette at the left."
      picture={<TablePicture />}
      className={cn('cursor-grab', isDragging && 'opacity-50')}
      buttonRef={setNodeRef}
      onClick={() => add(tableItem)}
      {...attributes}
      {...listeners}
    />
  )
}

interface WayProps extends Omit<React.ComponentProps<'button'>, 'title'> {
  readonly title: string
  readonly sentence: string
  readonly picture: ReactNode
  readonly buttonRef?: React.Ref<HTMLButtonElement>
}

function Way({ title, sentence, picture, buttonRef, className, ...rest }: WayProps) {
  return (
    <button
      ref={buttonRef}
      {...rest}
      type="button"
      className={cn(
        'group/way flex min-w-0 flex-col overflow-hidden rounded-md border border-border bg-bg text-left transition-colors hover:border-border-strong',
        className,
      )}
    >
      <span className="flex h-20 w-full items-center justify-center border-b border-border bg-bg-subtle transition-colors group-hover/way:bg-bg-hover">
        {picture}
      </span>
      <span className="flex flex-col gap-0.5 px-2.5 py-2">
        <span className="font-medium">{title}</span>
        <span className="text-sm text-text-muted">{sentence}</span>
      </span>
    </button>
  )
}
