import { TypeMark } from '@renderer/ui/type-mark'
import { GripVertical } from 'lucide-react'
import type { DragLoad } from './drag-load'
import type { PaletteItem } from './palette-items'

/** What hangs at the pointer during a drag. */
export function PaletteChip({ load }: { readonly load: DragLoad }) {
  return (
    <span className="inline-flex h-7 items-center gap-2 rounded-md border border-accent bg-bg-raised px-2.5 font-medium shadow-float">
      {load.kind === 'new' ? (
        <PaletteMark item={load.item} />
      ) : (
        <GripVertical aria-hidden className="size-3.5 text-text-muted" />
      )}
      {load.kind === 'new' ? load.item.label : load.column}
    </span>
  )
}

export function PaletteMark({ item }: { readonly item: PaletteItem }) {
  if (item.kind === 'column') return <TypeMark base={item.type} />
  const Icon = item.icon
  return <Icon aria-hidden className="size-3.5 shrink-0 text-text-muted" />
}
