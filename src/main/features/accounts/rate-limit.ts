import { AppError } from '@shared/app-error'

export interface RateLimit {
  /** Counts one try of `key`; RATE_LIMITED with `details: {retryAfter}` (seconds) when it is one too many. */
  take(key: string): void
}

export interface RateLimitOptions {
  readonly tries: number
  readonly windowMs: number
  /** Milliseconds; only differences count. */
  readonly now?: () => number
}

/** Keys in memory at most; past it those that are over are dropped, then the oldest. 10,000 keys are about 2 MB. */
const mostKeys = 10_000

/** A sliding window: at most `tries` within any `windowMs`. Refused tries do not count, so waiting always helps. */
export function createRateLimit({ tries, windowMs, now = Date.now }: RateLimitOptions): RateLimit {
  const taken = new Map<string, readonly number[]>()

  function makeRoom(oldest: number): void {
    if (taken.size < mostKeys) return
    for (const [key, times] of taken) if ((times.at(-1) ?? 0) <= oldest) taken.delete(key)
    for (const key of taken.keys()) {
      if (taken.size < mostKeys) break
      taken.delete(key)
    }
  }

  return {
    take(key) {
      const time = now()
      const recent = (taken.get(key) ?? []).filter((each) => each > time - windowMs)
      const first = recent[0]
      if (first !== undefined && recent.length >= tries) {
        const retryAfter = Math.max(1, Math.ceil((first + windowMs - time) / 1000))
        throw new AppError(
          'RATE_LIMITED',
          `Too many tries. Wait ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'} and try again.`,
          { details: { retryAfter } },
        )
      }
      makeRoom(time - windowMs)
      // Taken out and put back, so that the map's order is the order of use.
      taken.delete(key)
      taken.set(key, [...recent, time])
    },
  }
}
