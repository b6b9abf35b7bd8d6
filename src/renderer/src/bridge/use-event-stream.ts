import { useEffect, useRef } from 'react'
import { pause } from './pause'

export interface EventStreamOptions<Event> {
  /** What is followed. The stream is opened again when it changes; null follows nothing. */
  readonly key: string | null
  /** Opens it: `(signal) => client.databases.watch({ databaseId }, { signal })`. */
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>
  readonly onEvent: (event: Event) => void
  /** The stream is open again after a break: what happened in between was missed, so ask for everything anew. */
  readonly onReopen?: () => void
}

/** Follows an event stream while the component is mounted, and opens it again whenever it breaks. */
export function useEventStream<Event>(options: EventStreamOptions<Event>): void {
  const latest = useRef(options)
  latest.current = options
  const { key } = options
  useEffect(() => {
    if (key === null) return
    const controller = new AbortController()
    void follow(() => latest.current, controller.signal)
    return () => controller.abort()
  }, [key])
}

async function follow<Event>(options: () => EventStreamOptions<Event>, signal: AbortSignal): Promise<void> {
  let failures = 0
  for (let opened = 0; !signal.aborted; ) {
    try {
      const events = await options().open(signal)
      if (opened++ > 0) options().onReopen?.()
      for await (const event of events) {
        if (signal.aborted) return
        failures = 0
        options().onEvent(event)
      }
    } catch {
      // A break is no failure of the page: it shows what it has, and the connection state says the rest.
    }
    if (!signal.aborted) await pause(Math.min(250 * 2 ** failures++, 10_000), signal)
  }
}
