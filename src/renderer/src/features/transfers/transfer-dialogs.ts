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
const listeners = new Set<() => void>()

function set(next: ShownTransfer | null) {
  shown = next
  for (const listener of listeners) listener()
}

/** Opens the dialogs from anywhere: menus, the palette, a file that is dropped. */
export const transferDialogs = Object.freeze({
  import: (options: { readonly table?: string; readonly file?: File } = {}) =>
    set({ kind: 'import', table: options.table ?? null, file: options.file ?? null }),
  export: (scope: ExportChoice) => set({ kind: 'export', scope }),
  close: () => set(null),
})

export function useShownTransfer(): ShownTransfer | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => shown,
  )
}
