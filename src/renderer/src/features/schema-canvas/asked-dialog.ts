import { useSyncExternalStore } from 'react'

/** The dialogs of the schema page, of which at most one is open. */
export type AskedDialog = 'review' | 'import' | 'templates'

let asked: AskedDialog | null = null
const listeners = new Set<() => void>()

/** Opens it on the schema page: now, or as soon as somebody is there. */
export function askFor(dialog: AskedDialog | null): void {
  asked = dialog
  for (const listener of listeners) listener()
}

export function useAskedDialog(): AskedDialog | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => asked,
  )
}
