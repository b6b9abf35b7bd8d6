import type { Pool, PoolClient } from 'pg'
import { type BatchQuery, type BatchRows, sendBatch } from './batch'
import { cancelled, giveBack, isAborted, lostWhileSaving, takeClient } from './lend-client'
import type { Merge } from './merged-calls'
import { isConnectionLoss, sqlState, toAppError } from './pg-error'
import { statementName } from './prepared-statements'
import { type SqlQuery, sql } from './sql'
import { cancelStatement } from './statement-cancel'
import { isUuid } from './tenant-scope'

/** A call of one database whose statements are all known beforehand. */
export interface OneTrip {
  readonly accountId: string
  readonly databaseId: string
  /** Of the schema that the statements were made for. */
  readonly version: string
  readonly readOnly: boolean
  /** None where there is `merge`. */
  readonly queries: readonly BatchQuery[]
  /** Run after all others, and once where several calls that go together ask for the same. */
  readonly last?: readonly SqlQuery[]
  /** The one record that it changes and did not make; calls that go together change them in this order. */
  readonly locks?: string | undefined
  /** It may lock many records, so it does not go with others. */
  readonly isAlone?: boolean
  /** Where one statement can do it for several calls. */
  readonly merge?: Merge | undefined
  readonly asker?: Asker | undefined
}

/** Who waits for the answer. */
export interface Asker {
  isGone(): boolean
  /** Aborted when they go. Dear to make, so it is made when it is asked for. */
  readonly signal: AbortSignal
}

export type OneTripAnswer =
  /** Of `queries`. */
  | { readonly kind: 'done'; readonly answers: readonly BatchRows[] }
  /** The schema is another one, or the database is not there: nothing was done. */
  | { readonly kind: 'outdated' }

/** A statement that undoes the call, unless `good` holds. */
export function onlyIf(good: SqlQuery): SqlQuery {
  return sql`select studio.only_if(${good})`
}

/** Runs them in one transaction and one round trip, held to the tenant like every other. */
export async function runOneTrip(
  { work, control }: { readonly work: Pool; readonly control: Pool },
  { accountId, databaseId, version, readOnly, queries, last = [], asker }: OneTrip,
): Promise<OneTripAnswer> {
  if (![accountId, databaseId, version].every(isUuid)) return { kind: 'outdated' }
  const signal = asker?.signal
  const opening = { ...openCall, values: [accountId, databaseId, version, readOnly] }
  for (;;) {
    const client = await takeClient(work, signal).catch((error: unknown) => {
      throw toAppError(error)
    })
    const isNew = !lastUsed.has(client)
    if (!readOnly && !isNew && !(await isAlive(client))) continue
    try {
      const all = [opening, ...queries, ...last]
      const [, ...answers] = await cancellable(control, client, signal, () => sendBatch(client, all))
      lastUsed.set(client, Date.now())
      await giveBack(client, undefined)
      return { kind: 'done', answers: answers.slice(0, queries.length) }
    } catch (error) {
      // The Sync has ended the transaction: what is left to undo is nothing.
      const isLost = isConnectionLoss(error)
      client.release(isLost)
      if (isLost && readOnly && !isNew) continue
      if (isAborted(signal)) throw cancelled(error)
      if (sqlState(error) === 'TS001') return { kind: 'outdated' }
      throw isLost && !readOnly ? lostWhileSaving(error) : toAppError(error)
    }
  }
}

/** Held until no cancel is on its way, so that it cannot hit somebody else's statement. */
async function cancellable<T>(
  control: Pool,
  client: PoolClient,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return work()
  let isRunning = true
  let cancelling: Promise<void> | undefined
  const cancel = () => {
    const pid = 'processID' in client ? Number(client.processID) : Number.NaN
    if (Number.isInteger(pid)) cancelling = cancelStatement(control, { pid, started: null }, () => isRunning)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await work()
  } finally {
    isRunning = false
    signal.removeEventListener('abort', cancel)
    await cancelling
  }
}

/** Milliseconds after which a connection may be dead without knowing: a write must not be the first to find out. */
const trusted = 5_000

async function isAlive(client: PoolClient): Promise<boolean> {
  if (Date.now() - (lastUsed.get(client) ?? 0) < trusted) return true
  try {
    await client.query('')
    return true
  } catch {
    client.release(true)
    return false
  }
}

const lastUsed = new WeakMap<PoolClient, number>()

const { text } = sql`select studio.open_call(${''}::uuid, ${''}::uuid, ${''}::uuid, ${false}::boolean)`
const openCall = { text, name: statementName(text, '') }
