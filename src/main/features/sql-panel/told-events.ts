import { AsyncIteratorClass } from '@orpc/client'

/**
 * What `work` tells, as a stream that keeps every event in order. Its end by the reader, or by `signal`, aborts the work;
 * the stream ends when the work does, with what that throws.
 */
export function toldEvents<Event>(
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, emit: (event: Event) => void) => Promise<void>,
): AsyncIteratorClass<Event, void, void> {
  const controller = new AbortController()
  const waiting: Event[] = []
  let ended: { readonly failure: unknown } | 'well' | null = null
  let wake: () => void = () => undefined
  const abort = () => controller.abort()
  if (signal?.aborted === true) abort()
  else signal?.addEventListener('abort', abort, { once: true })

  const working = work(controller.signal, (event) => {
    waiting.push(event)
    wake()
  }).then(
    () => {
      ended = 'well'
      wake()
    },
    (failure: unknown) => {
      ended = { failure }
      wake()
    },
  )

  async function next(): Promise<IteratorResult<Event, void>> {
    for (;;) {
      const event = waiting.shift()
      if (event !== undefined) return { done: false, value: event }
      const end = endOf()
      if (end === 'well') return { done: true, value: undefined }
      if (end !== null) throw end.failure
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  // A call, because the compiler takes what it has looked at for settled.
  const endOf = () => ended

  return new AsyncIteratorClass<Event, void, void>(next, async () => {
    abort()
    signal?.removeEventListener('abort', abort)
    await working
  })
}
