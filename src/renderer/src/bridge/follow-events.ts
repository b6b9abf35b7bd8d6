import { pause } from './pause'

export interface FollowOptions<Event> {
  /** Opens the stream: `(signal) => client.databases.watch({ databaseId }, { signal })`. */
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>
  readonly onEvent: (event: Event) => void
  /** The stream is open again after a break: what happened in between was missed, so ask for everything anew. */
  readonly onReopen?: () => void
}

/** Follows an event stream until `signal` aborts, and opens it again whenever it ends or breaks. */
export async function followEvents<Event>(options: () => FollowOptions<Event>, signal: AbortSignal): Promise<void> {
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
      // A break is no failure of the page: it shows what it has, and the connection's state says the rest.
    }
    if (!signal.aborted) await pause(Math.min(firstDelay * 2 ** failures++, longestDelay), signal)
  }
}

/** Milliseconds; the connection's own back-off is waited for inside `open`. */
const firstDelay = 250
const longestDelay = 10_000
