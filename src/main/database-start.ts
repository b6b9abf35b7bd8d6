import { AppError } from '@shared/app-error'
import type { ServerState } from '@shared/contract/host.contract'
import type { Logger } from 'pino'
import type { StudioDatabase } from './db/database'
import type { OpenedStudioDatabase, OpenStudioDatabaseOptions } from './db/open-studio-database'
import type { Watchable } from './features/host/server-status'

export type OpenDatabase = (
  told: Required<Pick<OpenStudioDatabaseOptions, 'onStep' | 'onError'>>,
) => Promise<OpenedStudioDatabase>

export interface DatabaseStart {
  readonly state: Watchable<ServerState>
  /** Waits while Postgres starts. After a failure the next call is the next try, and each rejects with its reason. */
  db(): Promise<StudioDatabase>
  readonly opened: () => OpenedStudioDatabase | null
  close(): Promise<void>
}

/** Milliseconds: a page that asks several things at once must not start Postgres once for each. */
const shortestBetweenTries = 1_000

export function startDatabase(open: OpenDatabase, logger: Logger, now: () => number = Date.now): DatabaseStart {
  const listeners = new Set<(state: ServerState) => void>()
  let state: ServerState = { phase: 'starting', step: 'Starting' }
  let opened: OpenedStudioDatabase | null = null
  let failedAt: number | null = null
  let closed = false
  let attempt = tryToOpen()

  function change(next: ServerState): void {
    state = next
    for (const receive of listeners) receive(next)
  }

  async function tryToOpen(): Promise<OpenedStudioDatabase> {
    failedAt = null
    try {
      const database = await open({
        onStep: (step) => change({ phase: 'starting', step }),
        onError: (error) => logger.error({ err: error }, 'database connection'),
      })
      opened = database
      change({ phase: 'ready' })
      return database
    } catch (error) {
      failedAt = now()
      logger.error({ err: error }, 'the database did not start')
      const failure =
        error instanceof AppError
          ? error
          : new AppError('UNAVAILABLE', 'The database could not be started. The log of the studio says why.')
      change({ phase: 'failed', message: failure.message, details: points(failure.details) })
      throw failure
    }
  }
  // Whoever needs the database hears of it; the state tells the rest.
  attempt.catch(() => undefined)

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
      if (closed) throw new AppError('UNAVAILABLE', 'The studio is closing.')
      if (failedAt !== null && now() - failedAt >= shortestBetweenTries) {
        change({ phase: 'starting', step: 'Trying again' })
        attempt = tryToOpen()
        attempt.catch(() => undefined)
      }
      return (await attempt).db
    },
    opened: () => opened,
    async close() {
      closed = true
      const database = await attempt.catch(() => null)
      await database?.close()
    },
  }
}

/** `{ missing: [...] }` or a list, as lines. */
function points(details: unknown): string[] {
  const list =
    typeof details === 'object' && details !== null && 'missing' in details ? details.missing : (details ?? [])
  return Array.isArray(list) ? list.map(String) : []
}
