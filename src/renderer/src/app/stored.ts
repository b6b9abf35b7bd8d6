import { useSyncExternalStore } from 'react'
import type { z } from 'zod'

/** A value that this machine remembers; what was stored in another shape counts as nothing. */
export interface Stored<Value> {
  readonly read: () => Value
  readonly write: (value: Value) => void
  readonly subscribe: (listener: () => void) => () => void
}

export function stored<Value>(name: string, schema: z.ZodType<Value>, fallback: Value): Stored<Value> {
  const key = `tessera.${name}`
  const listeners = new Set<() => void>()
  let value = parse(localStorage.getItem(key), schema) ?? fallback
  const change = (next: Value) => {
    value = next
    for (const listener of listeners) listener()
  }
  window.addEventListener('storage', (event) => {
    if (event.key === key) change(parse(event.newValue, schema) ?? fallback)
  })
  return {
    read: () => value,
    write(next) {
      change(next)
      try {
        localStorage.setItem(key, JSON.stringify(next))
      } catch {
        // The storage is full or forbidden: the window still goes by the new value, and forgets it with its end.
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function useStored<Value>(source: Stored<Value>): Value {
  return useSyncExternalStore(source.subscribe, source.read)
}

function parse<Value>(text: string | null, schema: z.ZodType<Value>): Value | null {
  if (text === null) return null
  try {
    const result = schema.safeParse(JSON.parse(text))
    return result.success ? result.data : null
  } catch {
    return null
  }
}
