import { useEffect, useRef } from 'react'

/** Runs `action` at once, and what is asked for within the next `paceMs` together, at their end. */
export function usePaced(action: () => void, paceMs: number): () => void {
  const latest = useRef({ action, paceMs })
  latest.current = { action, paceMs }
  const state = useRef<{ timer: ReturnType<typeof setTimeout> | undefined; asked: boolean }>({
    timer: undefined,
    asked: false,
  })
  useEffect(() => {
    const { current } = state
    return () => {
      clearTimeout(current.timer)
      current.timer = undefined
    }
  }, [])
  const run = useRef(() => {
    const { current } = state
    if (current.timer !== undefined) {
      current.asked = true
      return
    }
    const rest = () => {
      current.timer = undefined
      if (!current.asked) return
      current.asked = false
      run.current()
    }
    current.timer = setTimeout(rest, latest.current.paceMs)
    latest.current.action()
  })
  return run.current
}
