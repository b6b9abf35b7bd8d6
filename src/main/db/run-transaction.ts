import { AppError } from '@shared/app-error'
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg'
import { copyIn, copyOut } from './copy-streams'
import type { DatabaseRow, HeldSchema, Transaction, TransactionOptions } from './database'
import { cancelled, giveBack, isAborted, lostWhileSaving, takeClient } from './lend-client'
import { isConnectionLoss, isRetryable, notFound, toAppError } from './pg-error'
import { configOf } from './prepared-statements'
import { endOfLogText } from './replicas/end-of-log'
import type { LogPosition } from './replicas/write-marks'
import type { SqlQuery } from './sql'
import { cancelStatement, type ServerTransaction } from './statement-cancel'
import { openingText, type TenantScope } from './tenant-scope'
import { watchSilence } from './watch-silence'

/** One server, and what a transaction needs of it. */
export interface Server {
  /** As the role that the transaction has. */
  readonly work: Pool
  /** As the login itself, which may cancel what runs in `work`. */
  readonly control: Pool
  /** A standby: it only reads, and every statement of a transaction sees the same moment. */
  readonly isReplica: boolean
  /** Milliseconds between two looks whether it still answers. */
  readonly silence: number
  /** Told where in the log the commit of a transaction that may have written lies; null when that is not known. */
  readonly committed?: (position: LogPosition | null) => void
}

/** Runs `work` in one transaction; again, from the start, when another transaction was in its way. */
export async function runTransaction<T>(
  server: Server,
  scope: TenantScope,
  work: (tx: Transaction, found: DatabaseRow | undefined) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(server, scope, work, options)
    } catch (error) {
      // What a replica breaks off for its replaying is better asked of the primary.
      if (attempt === attempts || server.isReplica || !isRetryable(error)) throw error
    }
    // Two that met must not meet again in step.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** attempt))
  }
}

async function runOnce<T>(
  server: Server,
  scope: TenantScope,
  work: (tx: Transaction, found: DatabaseRow | undefined) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const { signal } = options
  const opened = await open(server, scope, options)
  const { client } = opened
  const state = { running: 0, ended: false }
  let cancelling: Promise<void> | undefined
  const cancel = () => {
    cancelling = cancelStatement(server.control, opened.transaction, () => state.running > 0 && !state.ended)
  }

  const refuseLate = () => {
    if (state.ended) throw new AppError('INTERNAL', 'A statement was sent after its transaction had ended.')
    if (isAborted(signal)) throw cancelled()
  }
  const whyFailed = (error: unknown) => (isAborted(signal) ? cancelled(error) : toAppError(error))
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    refuseLate()
    state.running += 1
    try {
      return await work()
    } catch (error) {
      throw whyFailed(error)
    } finally {
      state.running -= 1
    }
  }
  const run = (query: SqlQuery): Promise<QueryResult> => during(() => client.query(configOf(client, query)))
  async function* copyTo(query: SqlQuery): AsyncGenerator<Uint8Array> {
    refuseLate()
    state.running += 1
    try {
      yield* copyOut(client, query)
    } catch (error) {
      throw whyFailed(error)
    } finally {
      state.running -= 1
    }
  }
  const tx: Transaction = {
    query: async <Row extends QueryResultRow>(query: SqlQuery): Promise<readonly Row[]> => (await run(query)).rows,
    execute: async (query) => (await run(query)).rowCount ?? 0,
    copyFrom: (query, source) => during(() => copyIn(client, query, source)),
    copyTo,
    held: opened.held,
  }

  signal?.addEventListener('abort', cancel, { once: true })
  let failure: unknown
  try {
    if (opened.found === null) throw notFound()
    const result = await work(tx, opened.found)
    if (isAborted(signal)) throw cancelled()
    signal?.removeEventListener('abort', cancel)
    state.ended = true
    await (options.readOnly === true ? commit(client) : commitWrite(server, client))
    return result
  } catch (error) {
    failure = error
    throw error
  } finally {
    signal?.removeEventListener('abort', cancel)
    state.ended = true
    await cancelling
    await giveBack(client, failure)
    opened.unwatch()
  }
}

interface Opened {
  readonly client: PoolClient
  /** Once the connection has gone back. */
  readonly unwatch: () => void
  readonly transaction: ServerTransaction
  /** Null when what the scope names is not there; undefined when it names nothing to look up. */
  readonly found: DatabaseRow | null | undefined
  readonly held: HeldSchema | undefined
}

/**
 * A connection can be dead without knowing (the server was started anew, the machine slept). Nothing has run on it, so
 * the next one is tried; the last of them is new, and its failure is the answer.
 */
async function open(server: Server, scope: TenantScope, options: TransactionOptions): Promise<Opened> {
  for (;;) {
    const client = await takeClient(server.work, options.signal).catch((error: unknown) => {
      throw toAppError(error)
    })
    const isNew = !used.has(client)
    used.add(client)
    const unwatch = watchSilence(client, server.control, server.silence)
    try {
      return { client, unwatch, ...(await begin(client, scope, options, server)) }
    } catch (error) {
      const lost = isConnectionLoss(error)
      await giveBack(client, error)
      unwatch()
      if (!lost || isNew) throw toAppError(error)
    }
  }
}

async function begin(
  client: PoolClient,
  scope: TenantScope,
  options: TransactionOptions,
  { isReplica }: Server,
): Promise<Omit<Opened, 'client' | 'unwatch'>> {
  const results = await resultsOf(client, openingText(scope, options, isReplica))
  const isLookup = scope.kind === 'project' || scope.kind === 'database'
  const opening = results.at(isLookup ? -2 : -1)?.rows[0]
  const found = isLookup ? (results.at(-1)?.rows[0] ?? null) : undefined
  const held =
    found && options.holdSchema === true
      ? { databaseId: found.id, now: found.held_now, version: found.held_version }
      : undefined
  return { transaction: { pid: opening.pid, started: opening.started }, found, held }
}

async function commitWrite({ committed }: Server, client: PoolClient): Promise<void> {
  if (committed === undefined) {
    await commit(client)
    return
  }
  // Whether it was written when the answer is lost, nobody knows.
  let position: LogPosition | null = null
  try {
    const answer = await commit(client, `; select ${endOfLogText} as position`)
    position = BigInt(answer?.rows[0]?.position)
  } finally {
    committed(position)
  }
}

/** Answers what `more`, sent with it, has given. */
async function commit(client: PoolClient, more = ''): Promise<QueryResult | undefined> {
  let results: readonly QueryResult[]
  try {
    results = await resultsOf(client, `commit${more}`)
  } catch (error) {
    if (!isConnectionLoss(error)) throw toAppError(error)
    throw lostWhileSaving(error)
  }
  // Postgres answers the commit of a failed transaction with a rollback, and no error.
  if (results[0]?.command === 'ROLLBACK') {
    throw new AppError('INTERNAL', 'The change was undone: a statement of it had failed.')
  }
  return results[1]
}

/** Of several statements, sent as one simple query. */
async function resultsOf(client: PoolClient, text: string): Promise<readonly QueryResult[]> {
  const answer: QueryResult | readonly QueryResult[] = await client.query(text)
  return Array.isArray(answer) ? answer : [answer]
}

const used = new WeakSet<PoolClient>()
const attempts = 5
