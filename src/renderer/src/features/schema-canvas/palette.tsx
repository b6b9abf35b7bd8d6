import { useDraggable } from '@dnd-kit/core'
import { cn } from '@renderer/ui/cn'
import type { KeyboardEvent } from 'react'
import type { DragLoad } from './drag-load'
import { PaletteMark } from './palette-chip'
import { canvasItems, columnItems, type PaletteItem } from './palette-items'
import { useAddItem } from './use-drop-item'

/** What a schema is made of, to drag onto the canvas or into a table; a click and Enter add it too. */
export function Palette() {
  return (
    <section aria-label="Palette" className="shrink-0 border-b border-border px-3 pt-2 pb-3">
      <div className="grid grid-cols-3 gap-1">
        {canvasItems.map((item) => (
          <PaletteButton key={item.label} item={item} />
        ))}
      </div>
      <h2 className="mt-2.5 mb-1 text-sm font-medium text-text-muted">Columns</h2>
      <div className="grid grid-cols-2 gap-1">
        {columnItems.map((item) => (
          <PaletteButton key={item.label} item={item} />
        ))}
      </div>
    </section>
  )
}

function PaletteButton({ item }: { readonly item: PaletteItem }) {
  const add = useAddItem()
  const load: DragLoad = { kind: 'new', item }
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id: `new:${item.label}`, data: load })
  return (
    <button
      ref={setNodeRef}
      type="button"
      {...attributes}
      {...listeners}
      title={`Drag ${item.label} onto the canvas, or press Enter to add it`}
      className={cn(
        'flex h-7 min-w-0 cursor-grab items-center gap-1.5 rounded-md border border-border bg-bg-raised px-1.5 hover:border-border-strong',
        isDragging && 'opacity-50',
      )}
      onClick={() => add(item)}
      onKeyDown={(event: KeyboardEvent<HTMLButtonElement>) => {
        // Space lifts, for dnd-kit; Enter adds at once.
        if (event.key === 'Enter') return
        listeners?.onKeyDown?.(event)
      }}
    >
      <PaletteMark item={item} />
      <span className="truncate">{item.label}</span>
    </button>
  )
}
