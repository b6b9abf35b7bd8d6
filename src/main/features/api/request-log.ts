import type { Logger } from 'pino'
import type { StudioDatabase } from '../../db/database'
import { forgetRatesSql, forgetRequestsSql, type LoggedRequest, logRequestsSql } from './requests.sql'

export interface RequestLog {
  /** Costs a push into a list; it is written with others a moment later. */
  note(entry: LoggedRequest): void
  flush(): Promise<void>
  /** Deletes what is older than it is kept. */
  forget(): Promise<void>
  close(): Promise<void>
}

/** Milliseconds between two writes. */
const pace = 1_000
/** Entries of one write. */
const most = 2_000
/** Entries that wait while Postgres is slow; more are not written down, for an answer must not wait for its log. */
const mostWaiting = 20_000
/** Days. */
const kept = 7

/** Writes down what apps ask, many at a time and beside the answers. */
export function createRequestLog(db: () => Promise<StudioDatabase>, logger: Logger): RequestLog {
  let waiting: LoggedRequest[] = []
  let writing: Promise<void> | null = null
  const timer = setInterval(() => void flush(), pace)
  timer.unref()

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, most)
      waiting = waiting.slice(most)
      const studio = await db()
      await studio.withoutTenant((tx) => tx.query(logRequestsSql(some)))
    }
  }

  function flush(): Promise<void> {
    writing ??= write()
      .catch((error: unknown) => logger.warn({ err: error }, 'requests were not written down'))
      .finally(() => {
        writing = null
      })
    return writing
  }

  return {
    note(entry) {
      if (waiting.length < mostWaiting) waiting.push(entry)
      if (waiting.length === most) void flush()
    },
    flush,
    async forget() {
      const studio = await db()
      await studio.withoutTenant((tx) => tx.query(forgetRatesSql))
      for (;;) {
        const [row] = await studio.withoutTenant((tx) => tx.query<{ gone: number }>(forgetRequestsSql(kept, 10_000)))
        if ((row?.gone ?? 0) < 10_000) return
      }
    },
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}
