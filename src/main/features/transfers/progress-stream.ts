import { AsyncIteratorClass } from '@orpc/client'
import type { TransferProgress } from '@shared/contract/transfers.contract'

type Told = Omit<TransferProgress, 'kind' | 'rate'>
type Event<R> = TransferProgress | { readonly kind: 'done'; readonly result: R }

/** Milliseconds between two events: as often as a person can read a figure. */
const pause = 150
/** Milliseconds that the rate is told of. */
const rateSpan = 2_000

/**
 * Long work as a stream: the latest of its progress, then what came of it. Whoever leaves the stream, or whose call is
 * given up, cancels the work.
 */
export function progressStream<R>(
  work: (report: (progress: Told) => void, signal: AbortSignal) => Promise<R>,
  outer: AbortSignal | undefined,
): AsyncIteratorClass<Event<R>, void, void> {
  const stop = new AbortController()
  const cancel = () => stop.abort()
  if (outer?.aborted === true) cancel()
  outer?.addEventListener('abort', cancel, { once: true })
  const rate = rateMeter()
  let latest: Told | null = null
  let outcome: { readonly result: R } | { readonly error: unknown } | null = null
  let wake: (() => void) | undefined
  let told = 0
  const running = work((progress) => {
    latest = progress
    wake?.()
  }, stop.signal).then(
    (result) => {
      outcome = { result }
      wake?.()
    },
    (error: unknown) => {
      outcome = { error }
      wake?.()
    },
  )
  let isOver = false

  async function next(): Promise<IteratorResult<Event<R>, void>> {
    for (;;) {
      if (isOver) return { done: true, value: undefined }
      const ended = outcomeOf()
      if (ended !== null) {
        isOver = true
        if ('error' in ended) throw ended.error
        return { done: false, value: { kind: 'done', result: ended.result } }
      }
      const wait = told + pause - Date.now()
      const progress = latestOf()
      if (progress !== null && wait <= 0) {
        latest = null
        told = Date.now()
        return { done: false, value: { kind: 'progress', ...progress, rate: rate(progress.rows) } }
      }
      await new Promise<void>((resolve) => {
        wake = resolve
        if (progress !== null) setTimeout(resolve, wait)
      })
      wake = undefined
    }
  }
  // Calls, because the compiler takes a variable that it has looked at for settled.
  const outcomeOf = () => outcome
  const latestOf = () => latest

  return new AsyncIteratorClass<Event<R>, void, void>(next, async () => {
    outer?.removeEventListener('abort', cancel)
    isOver = true
    cancel()
    wake?.()
    await running
  })
}

/** Records a second over the last moments. */
function rateMeter(): (rows: number) => number {
  const seen: { readonly at: number; readonly rows: number }[] = [{ at: Date.now(), rows: 0 }]
  return (rows) => {
    const now = Date.now()
    seen.push({ at: now, rows })
    while (seen.length > 2 && (seen[0]?.at ?? now) < now - rateSpan) seen.shift()
    const [first] = seen
    return first === undefined || now === first.at
      ? 0
      : Math.max(0, Math.round(((rows - first.rows) * 1000) / (now - first.at)))
  }
}
