import { Pool, type PoolConfig } from 'pg'
import { actingAs, withOption } from './connection-url'
import type { StudioDatabase } from './database'
import { openNotifications } from './notifications'
import { notFound, toAppError } from './pg-error'
import { typeParsers } from './pg-types'
import { type Pools, runTransaction } from './run-transaction'
import { isUuid } from './tenant-scope'

export interface ConnectDatabaseOptions {
  /** Acts as studio_app, by its own login or by `actingAs`. */
  readonly appUrl: string
  /** May act as studio_store, and cancel what both of them run. */
  readonly adminUrl: string
  readonly maxConnections?: number
  readonly onError?: (error: unknown) => void
}

/** Connects once to see that it can; UNAVAILABLE when it cannot. */
export async function connectDatabase(options: ConnectDatabaseOptions): Promise<StudioDatabase> {
  const onError = options.onError ?? (() => undefined)
  const pools: Pools = {
    work: openPool(
      { connectionString: withOption(options.appUrl, sessionOptions), max: options.maxConnections ?? 10 },
      onError,
    ),
    store: openPool(
      {
        connectionString: withOption(actingAs(options.adminUrl, 'studio_store'), sessionOptions),
        max: 3,
        idleTimeoutMillis: 10_000,
      },
      onError,
    ),
    control: openPool({ connectionString: options.adminUrl, max: 2, idleTimeoutMillis: 10_000 }, onError),
  }
  const notifications = openNotifications(options.appUrl, onError)
  const close = async () => {
    await Promise.all([notifications.close(), pools.work.end(), pools.store.end(), pools.control.end()])
  }

  let version: string
  try {
    version = await serverVersion(pools.work)
  } catch (error) {
    await close()
    throw toAppError(error)
  }

  return {
    version,
    withoutTenant: (work, transaction = {}) => runTransaction(pools, { kind: 'none' }, (tx) => work(tx), transaction),
    withAccount: (accountId, work, transaction = {}) =>
      runTransaction(pools, { kind: 'account', accountId }, (tx) => work(tx), transaction),
    async withProject(accountId, projectId, work, transaction = {}) {
      if (!isUuid(projectId)) throw notFound()
      return runTransaction(pools, { kind: 'project', accountId, projectId }, (tx) => work(tx), transaction)
    },
    async withDatabase(accountId, databaseId, work, transaction = {}) {
      if (!isUuid(databaseId)) throw notFound()
      const scope = { kind: 'database', accountId, databaseId } as const
      return runTransaction(
        pools,
        scope,
        (tx, found) => {
          if (found === undefined) throw notFound()
          return work(tx, found)
        },
        transaction,
      )
    },
    listen: notifications.listen,
    close,
  }
}

function openPool(config: PoolConfig, onError: (error: unknown) => void): Pool {
  const pool = new Pool({
    application_name: 'tessera-studio',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types: typeParsers,
    ...config,
  })
  // Without listeners Node ends the process when a connection breaks: the pool reports those that wait in it, the
  // client itself the one that is lent out. What it was lent for fails by its own next statement.
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

async function serverVersion(pool: Pool): Promise<string> {
  const answer = await pool.query<{ server_version: string }>('show server_version')
  // Debian says "15.18 (Debian 15.18-0+deb12u1)".
  return answer.rows[0]?.server_version.split(' ')[0] ?? ''
}

/**
 * The parsers of `typeParsers` need the first three. Every name in our SQL says its schema. JIT (the embedded server
 * has none) is chosen by estimates, which are coarse on jsonb. A transaction that is left open blocks vacuum.
 */
const sessionOptions = [
  '-c TimeZone=UTC',
  '-c DateStyle=ISO,YMD',
  '-c IntervalStyle=iso_8601',
  '-c search_path=pg_catalog',
  '-c jit=off',
  '-c statement_timeout=30000',
  '-c idle_in_transaction_session_timeout=60000',
].join(' ')
