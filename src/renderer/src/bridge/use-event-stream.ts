import { useEffect, useRef } from 'react'
import { type FollowOptions, followEvents } from './follow-events'

export interface EventStreamOptions<Event> extends FollowOptions<Event> {
  /** What is followed. The stream is opened again when it changes; null follows nothing. */
  readonly key: string | null
}

/** Follows an event stream while the component is mounted, and opens it again whenever it breaks. */
export function useEventStream<Event>(options: EventStreamOptions<Event>): void {
  const latest = useRef(options)
  latest.current = options
  const { key } = options
  useEffect(() => {
    if (key === null) return
    const controller = new AbortController()
    void followEvents(() => latest.current, controller.signal)
    return () => controller.abort()
  }, [key])
}
