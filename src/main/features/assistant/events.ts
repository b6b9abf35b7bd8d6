import { anySignal } from '../../any-signal'

/** The events that `work` emits while it runs, in order; who stops reading stops the work. */
export async function* eventsOf<Event>(
  signal: AbortSignal | undefined,
  work: (emit: (event: Event) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Event, void, void> {
  const stop = new AbortController()
  const stopped = anySignal(stop.signal, signal)
  const waiting: Event[] = []
  let ended = false
  let wake: (() => void) | undefined
  const done = work((event) => {
    waiting.push(event)
    wake?.()
  }, stopped).finally(() => {
    ended = true
    wake?.()
  })
  // Awaited below; until then a failure is nobody's surprise.
  done.catch(() => undefined)
  try {
    for (;;) {
      for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) yield event
      if (ended) break
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    await done
  } finally {
    stop.abort()
  }
}
