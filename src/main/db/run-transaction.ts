import { AppError } from '@shared/app-error'
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg'
import type { DatabaseRow, Transaction, TransactionOptions } from './database'
import { isConnectionLoss, isRetryable, notFound, toAppError } from './pg-error'
import type { SqlQuery } from './sql'
import { cancelStatement, type ServerTransaction } from './statement-cancel'
import { openingText, type TenantScope } from './tenant-scope'

export interface Pools {
  /** As studio_app. */
  readonly work: Pool
  /** As studio_store. */
  readonly store: Pool
  /** As the login itself, which may cancel what it runs. */
  readonly control: Pool
}

/** Runs `work` in one transaction; again, from the start, when another transaction was in its way. */
export async function runTransaction<T>(
  pools: Pools,
  scope: TenantScope,
  work: (tx: Transaction, found: DatabaseRow | undefined) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(pools, scope, work, options)
    } catch (error) {
      if (attempt === attempts || !isRetryable(error)) throw error
    }
    // Two that met must not meet again in step.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt))
  }
}

async function runOnce<T>(
  pools: Pools,
  scope: TenantScope,
  work: (tx: Transaction, found: DatabaseRow | undefined) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const { signal } = options
  const opened = await open(options.role === 'store' ? pools.store : pools.work, scope, options)
  const { client } = opened
  const state = { running: 0, ended: false }
  let cancelling: Promise<void> | undefined
  const cancel = () => {
    cancelling = cancelStatement(pools.control, opened.transaction, () => state.running > 0 && !state.ended)
  }

  const run = async (query: SqlQuery): Promise<QueryResult> => {
    if (state.ended) throw new AppError('INTERNAL', 'A statement was sent after its transaction had ended.')
    if (isAborted(signal)) throw cancelled()
    state.running += 1
    try {
      return await client.query({ text: query.text, values: [...query.values] })
    } catch (error) {
      throw isAborted(signal) ? cancelled(error) : toAppError(error)
    } finally {
      state.running -= 1
    }
  }
  const tx: Transaction = {
    query: async <Row extends QueryResultRow>(query: SqlQuery): Promise<readonly Row[]> => (await run(query)).rows,
    execute: async (query) => (await run(query)).rowCount ?? 0,
  }

  signal?.addEventListener('abort', cancel, { once: true })
  let failure: unknown
  try {
    if (opened.found === null) throw notFound()
    const result = await work(tx, opened.found)
    if (isAborted(signal)) throw cancelled()
    signal?.removeEventListener('abort', cancel)
    state.ended = true
    await commit(client)
    return result
  } catch (error) {
    failure = error
    throw error
  } finally {
    signal?.removeEventListener('abort', cancel)
    state.ended = true
    await cancelling
    await giveBack(client, failure)
  }
}

interface Opened {
  readonly client: PoolClient
  readonly transaction: ServerTransaction
  /** Null when what the scope names is not there; undefined when it names nothing to look up. */
  readonly found: DatabaseRow | null | undefined
}

/**
 * A connection can be dead without knowing (the server was started anew, the machine slept). Nothing has run on it, so
 * the next one is tried; the last of them is new, and its failure is the answer.
 */
async function open(pool: Pool, scope: TenantScope, options: TransactionOptions): Promise<Opened> {
  for (;;) {
    const client = await takeClient(pool, options.signal).catch((error: unknown) => {
      throw toAppError(error)
    })
    const isNew = !used.has(client)
    used.add(client)
    try {
      return { client, ...(await begin(client, scope, options)) }
    } catch (error) {
      const lost = isConnectionLoss(error)
      await giveBack(client, error)
      if (!lost || isNew) throw toAppError(error)
    }
  }
}

async function begin(
  client: PoolClient,
  scope: TenantScope,
  options: TransactionOptions,
): Promise<Omit<Opened, 'client'>> {
  const answer: QueryResult | readonly QueryResult[] = await client.query(openingText(scope, options))
  const results: readonly QueryResult[] = Array.isArray(answer) ? answer : [answer]
  const isLookup = scope.kind === 'project' || scope.kind === 'database'
  const opening = results.at(isLookup ? -2 : -1)?.rows[0]
  const found = isLookup ? (results.at(-1)?.rows[0] ?? null) : undefined
  return { transaction: { pid: opening.pid, started: opening.started }, found }
}

async function takeClient(pool: Pool, signal: AbortSignal | undefined): Promise<PoolClient> {
  if (signal === undefined) return pool.connect()
  if (isAborted(signal)) throw cancelled()
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled())
    signal.addEventListener('abort', abort, { once: true })
    pool.connect().then(
      (client) => {
        signal.removeEventListener('abort', abort)
        if (isAborted(signal)) client.release()
        else resolve(client)
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort)
        reject(error)
      },
    )
  })
}

async function commit(client: PoolClient): Promise<void> {
  let command: string
  try {
    command = (await client.query('commit')).command
  } catch (error) {
    if (!isConnectionLoss(error)) throw toAppError(error)
    throw new AppError(
      'UNAVAILABLE',
      'The connection to the database was lost while saving. See whether the change is there before you repeat it.',
      { cause: error },
    )
  }
  // Postgres answers the commit of a failed transaction with a rollback, and no error.
  if (command === 'ROLLBACK') {
    throw new AppError('INTERNAL', 'The change was undone: a statement of it had failed.')
  }
}

/** Back to the pool with no transaction open, or not at all. */
async function giveBack(client: PoolClient, failure: unknown): Promise<void> {
  if (failure === undefined) {
    client.release()
    return
  }
  if (isConnectionLoss(failure)) {
    client.release(true)
    return
  }
  try {
    await client.query('rollback')
    client.release()
  } catch {
    client.release(true)
  }
}

/** A call, because the compiler takes a property that it has looked at for settled. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function cancelled(cause?: unknown): AppError {
  return new AppError('CANCELLED', 'The statement was cancelled.', cause === undefined ? {} : { cause })
}

const used = new WeakSet<PoolClient>()
const attempts = 5
