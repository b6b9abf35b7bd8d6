import { AppError } from '@shared/app-error'

export interface RateLimit {
  /** Counts one try of `key`; RATE_LIMITED with `details: {retryAfter}` (seconds) when it is one too many. */
  take(key: string): void | Promise<void>
}

export interface RateLimitOptions {
  readonly tries: number
  readonly windowMs: number
  /** Milliseconds; only differences count. */
  readonly now?: () => number
}

/** Keys of one generation, about 20 MB; past it the oldest are forgotten early. Each costs its guesser a bcrypt. */
const mostKeys = 100_000

/** A sliding window: at most `tries` within any `windowMs`. Refused tries do not count, so waiting always helps. */
export function createRateLimit({ tries, windowMs, now = Date.now }: RateLimitOptions): RateLimit {
  // Two generations: what is not used for a whole window goes with the older one, without looking for it.
  let young = new Map<string, readonly number[]>()
  let old = young
  let turned = now()

  return {
    take(key) {
      const time = now()
      if (time - turned >= windowMs || young.size >= mostKeys) {
        old = young
        young = new Map()
        turned = time
      }
      const recent = (young.get(key) ?? old.get(key) ?? []).filter((each) => each > time - windowMs)
      const first = recent[0]
      if (first !== undefined && recent.length >= tries) throw tooManyTries(first + windowMs - time)
      young.set(key, [...recent, time])
    },
  }
}

/** `left` are the milliseconds until another one may be made. */
export function tooManyTries(left: number): AppError {
  const retryAfter = Math.max(1, Math.ceil(left / 1000))
  return new AppError(
    'RATE_LIMITED',
    `Too many tries. Wait ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'} and try again.`,
    { details: { retryAfter } },
  )
}
