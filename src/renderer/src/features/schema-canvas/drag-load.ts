import type { PaletteItem } from './palette-items'

/** What a drag carries: something new from the palette, or a column within its table. */
export type DragLoad =
  | { readonly kind: 'new'; readonly item: PaletteItem }
  | { readonly kind: 'move'; readonly table: string; readonly column: string }

export function isDragLoad(data: unknown): data is DragLoad {
  return typeof data === 'object' && data !== null && 'kind' in data && (data.kind === 'new' || data.kind === 'move')
}
