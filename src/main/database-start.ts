import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@shared/app-error'
import type { ServerState } from '@shared/contract/host.contract'
import type { Logger } from 'pino'
import type { StudioDatabase } from './db/database'
import type { OpenedStudioDatabase, OpenStudioDatabaseOptions } from './db/open-studio-database'
import type { Watchable } from './features/host/server-status'

export type OpenDatabase = (
  told: Required<Pick<OpenStudioDatabaseOptions, 'onStep' | 'onError' | 'onLost'>>,
) => Promise<OpenedStudioDatabase>

export interface DatabaseStart {
  readonly state: Watchable<ServerState>
  /**
   * Waits while Postgres starts; UNAVAILABLE when it died and is not back soon. After a failure the next call is the
   * next try, and each rejects with its reason.
   */
  db(): Promise<StudioDatabase>
  readonly opened: () => OpenedStudioDatabase | null
  close(): Promise<void>
}

export interface DatabaseStartOptions {
  readonly now?: () => number
  /** Resolves after so many milliseconds, or when `signal` aborts. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Milliseconds: a page that asks several things at once must not start Postgres once for each. */
const shortestBetweenTries = 1_000
/** Milliseconds that a call waits for a server that is being started again; recovery after a crash mostly takes 0.5 s. */
const longestWait = 5_000
/** Milliseconds: deaths that lie further apart have nothing to do with each other. */
const memoryOfDeaths = 5 * 60_000

export function startDatabase(
  open: OpenDatabase,
  logger: Logger,
  { now = Date.now, pause = pauseUntil }: DatabaseStartOptions = {},
): DatabaseStart {
  const listeners = new Set<(state: ServerState) => void>()
  const closing = new AbortController()
  let state: ServerState = { phase: 'starting', step: 'Starting' }
  let opened: OpenedStudioDatabase | null = null
  let failedAt: number | null = null
  let deaths: readonly number[] = []
  let closed: Promise<void> | undefined
  let attempt = tryTo(openFirst)

  function change(next: ServerState): void {
    state = next
    for (const receive of listeners) receive(next)
  }

  function openFirst(): Promise<OpenedStudioDatabase> {
    return open({
      onStep: (step) => change({ phase: 'starting', step }),
      // A server that stops ends the connections that are left; that is no news when it was asked to.
      onError: (error) => logger[closing.signal.aborted ? 'debug' : 'error']({ err: error }, 'database connection'),
      // Lost before it was open, the opening fails by itself.
      onLost: () => void attempt.then(bringBack, () => undefined),
    })
  }

  function bringBack(lost: OpenedStudioDatabase): void {
    if (closing.signal.aborted) return
    deaths = [...deaths.filter((at) => now() - at < memoryOfDeaths), now()]
    const wait = backOff(deaths.length)
    logger.warn({ deaths: deaths.length, wait }, 'the database stopped by itself and is started again')
    change({ phase: 'starting', step: 'The database stopped. Starting it again' })
    attempt = tryTo(async () => {
      if (wait > 0) await pause(wait, closing.signal)
      return revived(lost)
    })
  }

  async function revived(lost: OpenedStudioDatabase): Promise<OpenedStudioDatabase> {
    if (closing.signal.aborted) throw isClosing()
    await lost.revive()
    return lost
  }

  function tryTo(work: () => Promise<OpenedStudioDatabase>): Promise<OpenedStudioDatabase> {
    failedAt = null
    const result = (async () => work())().then(
      (database) => {
        opened = database
        change({ phase: 'ready' })
        return database
      },
      (error: unknown) => {
        failedAt = now()
        if (closing.signal.aborted) throw isClosing()
        logger.error({ err: error }, 'the database did not start')
        const failure =
          error instanceof AppError
            ? error
            : new AppError('UNAVAILABLE', 'The database could not be started. The log of the studio says why.')
        change({ phase: 'failed', message: failure.message, details: points(failure.details) })
        throw failure
      },
    )
    // Whoever needs the database hears of it; the state tells the rest.
    result.catch(() => undefined)
    return result
  }

  function tryAgain(): void {
    const known = opened
    change({ phase: 'starting', step: 'Trying again' })
    attempt = tryTo(known === null ? openFirst : () => revived(known))
  }

  async function end(): Promise<void> {
    closing.abort()
    await attempt.catch(() => undefined)
    await opened?.close()
  }

  return {
    state: {
      get current() {
        return state
      },
      subscribe(receive) {
        listeners.add(receive)
        return () => listeners.delete(receive)
      },
    },
    async db() {
      if (closing.signal.aborted) throw isClosing()
      if (failedAt !== null && now() - failedAt >= shortestBetweenTries) tryAgain()
      const isBeingRevived = opened !== null && state.phase === 'starting'
      return (await (isBeingRevived ? soon(attempt) : attempt)).db
    },
    opened: () => opened,
    close() {
      closed ??= end()
      return closed
    },
  }
}

/** None for the first death, then 1 s, 2 s, 4 s and at most 30 s: a server that dies of what it is asked is not flogged. */
function backOff(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(30_000, 1_000 * 2 ** (deaths - 2))
}

async function pauseUntil(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

async function soon<T>(attempt: Promise<T>): Promise<T> {
  const done = new AbortController()
  const late = sleep(longestWait, undefined, { signal: done.signal, ref: false }).then(() => {
    throw new AppError('UNAVAILABLE', 'The database stopped and is being started again. Try again in a moment.')
  })
  late.catch(() => undefined)
  try {
    return await Promise.race([attempt, late])
  } finally {
    done.abort()
  }
}

function isClosing(): AppError {
  return new AppError('UNAVAILABLE', 'The studio is closing.')
}

/** `{ missing: [...] }` or a list, as lines. */
function points(details: unknown): string[] {
  const list =
    typeof details === 'object' && details !== null && 'missing' in details ? details.missing : (details ?? [])
  return Array.isArray(list) ? list.map(String) : []
}
