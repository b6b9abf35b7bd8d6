/** Whether calls reach the host. The desktop's port is always connected; a WebSocket comes and goes. */
export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'refused'

/** The state now, and its changes; shaped for `useSyncExternalStore`. */
export interface Connection {
  readonly current: () => ConnectionState
  readonly subscribe: (listener: () => void) => () => void
}

export interface ConnectionSource extends Connection {
  readonly set: (state: ConnectionState) => void
}

export function connectionSource(initial: ConnectionState): ConnectionSource {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    current: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(next) {
      if (next === state) return
      state = next
      for (const listener of listeners) listener()
    },
  }
}
