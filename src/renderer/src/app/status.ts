import { useEffect, useRef, useSyncExternalStore } from 'react'

/** What the page in front says in the status bar. */
export interface Status {
  /** "1–100 of ~12,000 records" */
  readonly rows?: string | undefined
  /** "12 ms": of the last query. */
  readonly time?: string | undefined
  /** What a click on the rows does: "Count exactly". */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

const nothing: Status = Object.freeze({})
let current = nothing
const listeners = new Set<() => void>()

function set(status: Status) {
  if (status.rows === current.rows && status.time === current.time && status.action?.label === current.action?.label)
    return
  current = status
  for (const listener of listeners) listener()
}

/** A page calls this with what it wants said while it is mounted. */
export function useStatus({ rows, time, action }: Status): void {
  const run = useRef(action?.run)
  run.current = action?.run
  const label = action?.label
  useEffect(
    () => set({ rows, time, action: label === undefined ? undefined : { label, run: () => run.current?.() } }),
    [rows, time, label],
  )
  useEffect(() => () => set(nothing), [])
}

export function useCurrentStatus(): Status {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
}
