import { createHash } from 'node:crypto'
import { AppError } from '@shared/app-error'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { StudioDatabase } from '../../db/database'
import { createRateLimit, type RateLimit, tooManyTries } from '../accounts/rate-limit'
import { takeRateSql } from './requests.sql'

/** Requests a minute of one key, one address, one person. */
export interface RateSettings {
  readonly key: number
  readonly address: number
  readonly user: number
}

/** More than one server answers; they keep one caller from taking all of it, and are set lower where that is wanted. */
export const usualRates: RateSettings = { key: 600_000, address: 600_000, user: 120_000 }

/** What a caller has left, of the tightest of its limits. */
export interface RateState {
  readonly limit: number
  readonly remaining: number
  /** Seconds until all of it is there again. */
  readonly reset: number
}

export interface Caller {
  readonly kind: 'key' | 'address' | 'user'
  readonly id: string
  readonly limit: number
}

export interface Rates {
  /** Counts one request of each. RATE_LIMITED with `details: {retryAfter, limit, remaining, reset}` when one is too many. */
  take(callers: readonly Caller[]): Promise<RateState>
}

const seconds = 60

/** In the memory of this process, or in Postgres, where several servers count together. */
export function createRates(store: 'memory' | 'postgres', db: () => Promise<StudioDatabase>): Rates {
  const limiters = new Map<number, RateLimiterMemory>()
  const memory = (points: number): RateLimiterMemory => {
    const known = limiters.get(points) ?? new RateLimiterMemory({ points, duration: seconds })
    limiters.set(points, known)
    return known
  }

  async function inMemory({ kind, id, limit }: Caller): Promise<RateState> {
    const taken: unknown = await memory(limit)
      .consume(`${kind} ${id}`)
      .catch((refused: unknown) => refused)
    if (!(taken instanceof RateLimiterRes)) throw taken
    return stateOf(limit, taken.consumedPoints, taken.msBeforeNext)
  }

  async function shared(caller: Caller): Promise<RateState> {
    const { points, expire } = await takeInPostgres(db, `${caller.kind} ${caller.id}`, seconds * 1000)
    return stateOf(caller.limit, points, expire - Date.now())
  }

  return {
    async take(callers) {
      let tightest: RateState | null = null
      for (const caller of callers) {
        const state = await (store === 'memory' ? inMemory(caller) : shared(caller))
        if (state.remaining < 0) throw tooMany(caller, state)
        if (tightest === null || state.remaining / state.limit < tightest.remaining / tightest.limit) tightest = state
      }
      return tightest ?? { limit: 0, remaining: 0, reset: 0 }
    },
  }
}

/** Tries to sign in: in memory they leave a window one by one, in Postgres all at once. */
export function createTries(
  store: 'memory' | 'postgres',
  db: () => Promise<StudioDatabase>,
  options: { readonly tries: number; readonly windowMs: number },
): RateLimit {
  if (store === 'memory') return createRateLimit(options)
  return {
    async take(key) {
      const { points, expire } = await takeInPostgres(db, `try ${key}`, options.windowMs)
      if (points > options.tries) throw tooManyTries(expire - Date.now())
    },
  }
}

async function takeInPostgres(db: () => Promise<StudioDatabase>, name: string, windowMs: number) {
  const key = createHash('sha256').update(name).digest('base64url')
  const studio = await db()
  const [row] = await studio.withoutTenant((tx) =>
    tx.query<{ points: number; expire: number }>(takeRateSql(key, windowMs)),
  )
  return { points: row?.points ?? 1, expire: row?.expire ?? 0 }
}

export function rateHeaders({ limit, remaining, reset }: RateState): Readonly<Record<string, string>> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(Math.max(0, remaining)),
    'ratelimit-reset': String(reset),
  }
}

/** What stands in the details of a refusal, for the headers of its answer. */
export function stateOfRefusal(details: unknown): RateState | null {
  if (typeof details !== 'object' || details === null) return null
  const { limit, reset }: { limit?: unknown; reset?: unknown } = details
  return typeof limit === 'number' && typeof reset === 'number' ? { limit, remaining: 0, reset } : null
}

/** Below zero when one too many was taken. */
function stateOf(limit: number, taken: number, ms: number): RateState {
  return { limit, remaining: limit - taken, reset: Math.max(1, Math.ceil(ms / 1000)) }
}

const words = { key: 'this key', address: 'this address', user: 'this sign-in' } as const

function tooMany({ kind }: Caller, { limit, reset }: RateState): AppError {
  return new AppError(
    'RATE_LIMITED',
    `Too many requests of ${words[kind]}: at most ${limit.toLocaleString('en')} a minute. Wait ${reset} ${reset === 1 ? 'second' : 'seconds'}.`,
    { details: { retryAfter: reset, limit, remaining: 0, reset } },
  )
}
