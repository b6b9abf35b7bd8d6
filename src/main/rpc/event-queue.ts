import { AsyncIteratorClass } from '@orpc/client'

export interface EventQueueOptions<Event> {
  /** Begins to receive, before the first event is asked for; answers how to stop. */
  readonly start: (push: (event: Event) => void) => () => void
  /** Events with one key are one event while nobody has read it: a slow reader gets the last of them. */
  readonly keyOf: (event: Event) => string
  /** Asked before an event is given away; what it throws ends the stream. */
  readonly admit?: ((event: Event) => Promise<void>) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A stream of events that ends with its signal, with its reader, or with what `admit` throws, and then stops. */
export function eventQueue<Event>({ start, keyOf, admit, signal }: EventQueueOptions<Event>) {
  const waiting = new Map<string, Event>()
  let ended = signal?.aborted === true
  let wake: (() => void) | undefined

  const stop = start((event) => {
    const key = keyOf(event)
    // Taken out and put back, so that the order is that of the latest of each.
    waiting.delete(key)
    waiting.set(key, event)
    wake?.()
  })
  const end = () => {
    ended = true
    wake?.()
  }
  signal?.addEventListener('abort', end, { once: true })

  async function next(): Promise<IteratorResult<Event, void>> {
    while (!ended) {
      for (const [key, event] of waiting) {
        waiting.delete(key)
        await admit?.(event)
        return ended ? { done: true, value: undefined } : { done: false, value: event }
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      wake = undefined
    }
    return { done: true, value: undefined }
  }

  return new AsyncIteratorClass<Event, void, void>(next, async () => {
    signal?.removeEventListener('abort', end)
    stop()
    end()
  })
}
