import type { BaseType } from '@shared/domain/column-type'
import { Link2, type LucideIcon, SquareDashed, StickyNote, Table2 } from 'lucide-react'

/** What can be dragged from the palette onto the canvas. */
export type PaletteItem =
  | { readonly kind: 'table' | 'area' | 'note' | 'relation'; readonly label: string; readonly icon: LucideIcon }
  | {
      readonly kind: 'column'
      readonly label: string
      readonly type: BaseType
      /** The name that a new column begins with. */
      readonly name: string
    }

export const tableItem: PaletteItem = { kind: 'table', label: 'Table', icon: Table2 }

export const canvasItems: readonly PaletteItem[] = [
  tableItem,
  { kind: 'area', label: 'Area', icon: SquareDashed },
  { kind: 'note', label: 'Note', icon: StickyNote },
]

export const columnItems: readonly PaletteItem[] = [
  { kind: 'column', label: 'Text', type: 'text', name: 'text' },
  { kind: 'column', label: 'Number', type: 'integer', name: 'number' },
  { kind: 'column', label: 'Boolean', type: 'boolean', name: 'is_active' },
  { kind: 'column', label: 'Date', type: 'date', name: 'date' },
  { kind: 'relation', label: 'Relation', icon: Link2 },
  { kind: 'column', label: 'JSON', type: 'jsonb', name: 'data' },
  { kind: 'column', label: 'UUID', type: 'uuid', name: 'uuid' },
]
