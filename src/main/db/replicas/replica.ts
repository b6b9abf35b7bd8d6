import { AppError } from '@shared/app-error'
import type { Pool, PoolClient } from 'pg'
import { actingAs, addressOf } from '../connection-url'
import { openPool, withSessionOptions } from '../pool'
import type { LogPosition } from './write-marks'

/** A standby that streams from the primary. */
export interface Replica {
  readonly url: string
  readonly work: Pool
  readonly control: Pool
  /** How far it has replayed, as far as we know; null while it cannot be used. It only grows. */
  readonly replayed: LogPosition | null
  /** Asks how far it has come; one question at a time. Never fails. */
  look(): Promise<void>
  /** It failed: not to be used before a look has found it well again. Statements that run on it fail at once. */
  drop(error: unknown): void
  close(): Promise<void>
}

export interface ReplicaOptions {
  /** An admin of the primary; it may act as studio_app. */
  readonly url: string
  /** Of the primary: what says that this is a copy of it. Null where it does not tell. */
  readonly identifier: () => string | null
  readonly maxConnections: number
  readonly onError: (error: unknown) => void
}

/** Milliseconds; who has not answered by then is gone, or too far away to be of use. */
const patience = 2_000

export function openReplica({ url, identifier, maxConnections, onError }: ReplicaOptions): Replica {
  const lent = new Set<PoolClient>()
  let replayed: LogPosition | null = null
  let looking: Promise<void> | null = null
  let told = false
  // Failures of a replica are told once, by the look that finds them: it is down for as long as it likes.
  const silent = () => undefined
  const work = openPool(
    withSessionOptions(actingAs(url, 'studio_app')),
    { max: maxConnections, connectionTimeoutMillis: patience },
    silent,
  )
  const control = openPool(
    url,
    { max: 2, connectionTimeoutMillis: patience, query_timeout: patience, idleTimeoutMillis: 10_000 },
    silent,
  )
  work.on('acquire', (client) => lent.add(client))
  work.on('release', (_, client) => lent.delete(client))

  function drop(error: unknown): void {
    replayed = null
    // A server that has stopped answering would keep them until the network gives up.
    for (const client of lent) void client.end().catch(() => undefined)
    if (told) return
    told = true
    const message = `The read replica ${addressOf(url)} is not used for now; the primary answers instead.`
    onError(new AppError('UNAVAILABLE', message, { cause: error }))
  }

  async function lookOnce(): Promise<void> {
    try {
      const state = await control.query<ReplicaState>(stateText)
      replayed = positionOf(state.rows[0], identifier())
      told = false
    } catch (error) {
      drop(error)
    }
  }

  return {
    url,
    work,
    control,
    get replayed() {
      return replayed
    },
    look() {
      looking ??= lookOnce().finally(() => {
        looking = null
      })
      return looking
    },
    drop,
    async close() {
      told = true
      await Promise.all([work.end(), control.end()])
    },
  }
}

interface ReplicaState {
  readonly standby: boolean
  readonly replayed: string | null
  readonly identifier: string | null
}

const stateText = `select pg_is_in_recovery() as standby,
  pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text as replayed,
  (select system_identifier::text from pg_control_system()) as identifier`

function positionOf(state: ReplicaState | undefined, primary: string | null): LogPosition {
  if (state?.standby !== true || state.replayed === null) throw new Error('It is no standby server')
  // A standby of another server holds other people's data under the same names.
  if (primary === null) throw new Error('The primary has not told yet which server it is')
  if (state.identifier !== primary) throw new Error('It is a standby of another server')
  return BigInt(state.replayed)
}
