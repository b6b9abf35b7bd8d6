import type { Filter, Sort } from '@shared/domain/filter'
import { useSyncExternalStore } from 'react'

/** What is to go in or out; one dialog at a time. */
export type ShownTransfer =
  | { readonly kind: 'import'; readonly table: string | null; readonly file: File | null }
  | { readonly kind: 'export'; readonly scope: ExportChoice }

export type ExportChoice =
  | { readonly kind: 'database' }
  | {
      readonly kind: 'records'
      readonly table: string
      /** What the table shows now: a view of it. */
      readonly filters?: Filter | undefined
      readonly sort?: readonly Sort[] | undefined
      readonly columns?: readonly string[] | undefined
      /** The ticked records. */
      readonly ids?: readonly string[] | undefined
    }

let shown: ShownTransfer | null = null
/** The database whose import or export goes on without its dialog. */
let hiddenIn: string | null = null
const listeners = new Set<() => void>()

function set(next: ShownTransfer | null, hidden: string | null = null) {
  shown = next
  hiddenIn = hidden
  for (const listener of listeners) listener()
}

/** Opens the dialogs from anywhere: menus, the palette, a file that is dropped. One that is hidden comes first. */
export const transferDialogs = Object.freeze({
  import: (options: { readonly table?: string; readonly file?: File } = {}) =>
    set(hiddenIn !== null ? shown : { kind: 'import', table: options.table ?? null, file: options.file ?? null }),
  export: (scope: ExportChoice) => set(hiddenIn !== null ? shown : { kind: 'export', scope }),
  /** What runs goes on; the status bar tells of it. */
  hide: (databaseId: string) => set(shown, databaseId),
  show: () => set(shown),
  isHidden: () => hiddenIn !== null,
  close: () => set(null),
})

export function useHiddenTransfer(): string | null {
  return useSyncExternalStore(listen, () => hiddenIn)
}

function listen(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useShownTransfer(): ShownTransfer | null {
  return useSyncExternalStore(listen, () => shown)
}
