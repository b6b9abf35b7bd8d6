import { useRef } from 'react'

/** The value, and while it is null the one before: what a dialog says does not change while it fades away. */
export function useLast<Value>(value: Value | null): Value | null {
  const last = useRef(value)
  if (value !== null) last.current = value
  return last.current
}
