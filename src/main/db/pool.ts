import { Pool, type PoolConfig } from 'pg'
import { withOption } from './connection-url'
import { typeParsers } from './pg-types'

/** How long a server may take to be reached, and how a network that has died under an idle connection is noticed. */
export const reach = { connectionTimeoutMillis: 10_000, keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const

export function openPool(url: string, config: PoolConfig, onError: (error: unknown) => void): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'tessera-studio',
    idleTimeoutMillis: 60_000,
    ...reach,
    types: typeParsers,
    ...config,
  })
  // Without listeners Node ends the process when a connection breaks: the pool reports those that wait in it, the
  // client itself the one that is lent out. What it was lent for fails by its own next statement.
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** For connections that run the statements of transactions. */
export function withSessionOptions(url: string): string {
  return withOption(url, sessionOptions)
}

/**
 * The parsers of `typeParsers` need the first three. Every name in our SQL says its schema. JIT (the embedded server
 * has none) is chosen by estimates, which are coarse on jsonb. A transaction that is left open blocks vacuum, and one whose studio is
 * out of reach holds its locks until Postgres notices: after 90 s, not two hours. A page that
 * is read out of order costs little on today's disks; with Postgres' 4 the check of a foreign key was planned, while the
 * store was tiny, to read all of it for each new row: 5,000 records took 2.7 s in place of 0.34.
 */
const sessionOptions = [
  '-c TimeZone=UTC',
  '-c DateStyle=ISO,YMD',
  '-c IntervalStyle=iso_8601',
  '-c search_path=pg_catalog',
  '-c jit=off',
  '-c random_page_cost=1.1',
  '-c statement_timeout=30000',
  '-c idle_in_transaction_session_timeout=60000',
  '-c tcp_keepalives_idle=60',
  '-c tcp_keepalives_interval=10',
  '-c tcp_keepalives_count=3',
].join(' ')
