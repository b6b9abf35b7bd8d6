import type { Pool } from 'pg'
import { actingAs } from './connection-url'
import type { StudioDatabase } from './database'
import { openNotifications } from './notifications'
import { runOneTrip } from './one-trip'
import { notFound, toAppError } from './pg-error'
import { openPool, withSessionOptions } from './pool'
import { openReplicas, type Replicas } from './replicas/replicas'
import { transactionRunner } from './replicas/transaction-runner'
import { shareTrips } from './shared-trips'
import type { SqlQuery } from './sql'
import { createSqlLogins } from './sql-logins'
import { isUuid } from './tenant-scope'
import { longestSilence } from './watch-silence'

export interface ConnectDatabaseOptions {
  /** Acts as studio_app, by its own login or by `actingAs`. */
  readonly appUrl: string
  /** May act as studio_store, and cancel what both of them run. */
  readonly adminUrl: string
  /** Standbys of the same server, for the same admin. */
  readonly replicaUrls?: readonly string[]
  /** Milliseconds that the answer of a replica may be old. */
  readonly longestLag?: number
  /** Milliseconds between two looks whether a server with a transaction still answers; tests take less. */
  readonly silence?: number
  /** Of each server. */
  readonly maxConnections?: number
  readonly onError?: (error: unknown) => void
}

/** Connects once to see that it can; UNAVAILABLE when it cannot. Replicas are used once they have been found well. */
export async function connectDatabase(options: ConnectDatabaseOptions): Promise<StudioDatabase> {
  const { appUrl, adminUrl, maxConnections = 10, replicaUrls = [], longestLag, onError = () => undefined } = options
  const { silence = longestSilence } = options
  const work = openPool(withSessionOptions(appUrl), { max: maxConnections }, onError)
  const store = openPool(
    withSessionOptions(actingAs(adminUrl, 'studio_store')),
    { max: 3, idleTimeoutMillis: 10_000 },
    onError,
  )
  // Asked short questions only, and about those who wait for an answer: it must not wait itself.
  const control = openPool(
    adminUrl,
    { max: 2, idleTimeoutMillis: 10_000, connectionTimeoutMillis: silence, query_timeout: silence },
    onError,
  )
  const logins = createSqlLogins(adminUrl, control, onError)
  const notifications = openNotifications(appUrl, onError)
  let replicas: Replicas | null = null
  const close = async () => {
    await replicas?.close()
    await logins.close()
    await Promise.all([notifications.close(), work.end(), store.end(), control.end()])
  }

  let version: string
  try {
    version = await serverVersion(work)
  } catch (error) {
    await close()
    throw toAppError(error)
  }
  if (replicaUrls.length > 0) {
    replicas = openReplicas({ urls: replicaUrls, primary: control, maxConnections, longestLag, onError })
  }
  const runTrip = shareTrips((trip) => runOneTrip({ work, control }, trip))
  const run = transactionRunner({ work, store, control, silence }, replicas)

  return {
    version,
    withoutTenant: (work, transaction = {}) => run({ kind: 'none' }, (tx) => work(tx), transaction),
    withAccount: (accountId, work, transaction = {}) =>
      run({ kind: 'account', accountId }, (tx) => work(tx), transaction),
    async withProject(accountId, projectId, work, transaction = {}) {
      if (!isUuid(projectId)) throw notFound()
      return run({ kind: 'project', accountId, projectId }, (tx) => work(tx), transaction)
    },
    async withDatabase(accountId, databaseId, work, transaction = {}) {
      if (!isUuid(databaseId)) throw notFound()
      const scope = { kind: 'database', accountId, databaseId } as const
      return run(
        scope,
        (tx, found) => {
          if (found === undefined) throw notFound()
          replicas?.learn(databaseId, found.project_id)
          return work(tx, found)
        },
        transaction,
      )
    },
    async oneTrip(trip) {
      const answer = await runTrip(trip)
      if (!trip.readOnly) replicas?.wrote({ kind: 'database', ...trip }, null)
      return answer
    },
    runAlone: (name, query) => runAlone(store, name, query),
    listen: notifications.listen,
    replicaSessions: (accountId, databaseId) =>
      replicas?.pickSessions({ kind: 'database', accountId, databaseId }) ?? null,
    changed: (projectId) => replicas?.changed(projectId),
    logins,
    close,
  }
}

async function runAlone(store: Pool, name: string, { text, values }: SqlQuery): Promise<boolean> {
  const client = await store.connect()
  try {
    await client.query('set statement_timeout = 0')
    // The session's own: it goes with the connection.
    const lock = await client.query<{ held: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as held', [
      `alone:${name}`,
    ])
    if (lock.rows[0]?.held !== true) return false
    await client.query(text, [...values])
    return true
  } catch (error) {
    throw toAppError(error)
  } finally {
    client.release(true)
  }
}

async function serverVersion(pool: Pool): Promise<string> {
  const answer = await pool.query<{ server_version: string }>('show server_version')
  // Debian says "15.18 (Debian 15.18-0+deb12u1)".
  return answer.rows[0]?.server_version.split(' ')[0] ?? ''
}
