import { useSyncExternalStore } from 'react'

/** What can lie over the whole window, one at a time. */
export type Layer = 'palette' | 'shortcuts' | 'newProject'

let shown: Layer | null = null
const listeners = new Set<() => void>()

function set(next: Layer | null) {
  shown = next
  for (const listener of listeners) listener()
}

export const layers = Object.freeze({
  show: (layer: Layer) => set(layer),
  close: () => set(null),
  toggle: (layer: Layer) => set(shown === layer ? null : layer),
})

export function useLayer(): Layer | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => shown,
  )
}
