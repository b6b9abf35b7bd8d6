import { mapEventIterator } from '@orpc/client'
import { implement } from '@orpc/server'
import { AppError } from '@shared/app-error'
import { contract } from '@shared/contract'
import type { Logger } from 'pino'
import type { RequestContext } from '../context'
import type { StudioDatabase } from '../db/database'
import { databaseIn, growingCalls } from '../features/api/growing-calls'
import type { WriteQuota } from '../features/api/quota.service'
import { toAppError, toWireError } from './wire-error'

export interface ProcedureDeps {
  /** The studio's database; waits while it starts, rejects with UNAVAILABLE when it cannot. */
  readonly db: () => Promise<StudioDatabase>
  readonly logger: Logger
  /** Before a call that adds to a database; no limits when left out. */
  readonly quota?: WriteQuota
}

/** The three bases procedures are written on. Each adds to the handler's context what it has made sure of. */
export type Procedures = ReturnType<typeof createProcedures>

/**
 * `anytime`: answers also before Postgres runs. `ready`: adds `context.db`. `signedIn`: adds `context.caller`, or fails
 * with UNAUTHENTICATED. All of them check the caller before the input, and turn every failure into the contract's.
 */
export function createProcedures({ db, logger, quota }: ProcedureDeps) {
  const anytime = implement(contract)
    .$context<RequestContext>()
    .use(async ({ next, path, signal }) => {
      const failure = (error: unknown) => toWireError(toAppError(error, { logger, call: path.join('.'), signal }))
      try {
        const result = await next()
        return isEventIterator(result.output) ? { ...result, output: guarded(result.output, failure) } : result
      } catch (error) {
        throw failure(error)
      }
    })
  const ready = anytime.use(async ({ next }) => next({ context: { db: await db() } }))
  const signedIn = ready.use(async ({ context, next, path }, input: unknown) => {
    const caller = await context.principal()
    if (caller === null) throw new AppError('UNAUTHENTICATED', 'Sign in first: this call needs an account.')
    const databaseId = quota && growingCalls.has(path.join('.')) ? databaseIn(input) : undefined
    if (databaseId !== undefined) await quota?.(caller.account.id, databaseId)
    return next({ context: { caller } })
  })
  return { anytime, ready, signedIn }
}

function guarded(events: AsyncIterator<unknown>, failure: (error: unknown) => Error) {
  return mapEventIterator(events, { value: async (value) => value, error: async (error) => failure(error) })
}

function isEventIterator(output: unknown): output is AsyncIterator<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}
