import type { Pool } from 'pg'
import { isConnectionLoss } from '../pg-error'
import type { Server } from '../run-transaction'
import type { SqlLogins } from '../sql-login'
import { createSqlLogins } from '../sql-logins'
import type { TenantScope } from '../tenant-scope'
import { longestSilence } from '../watch-silence'
import { endOfLog } from './end-of-log'
import { openReplica, type Replica } from './replica'
import { createWriteMarks, type LogPosition } from './write-marks'

/**
 * The read replicas of the primary, and which of them may answer what. A replica answers only
 * - within `longestLag` behind the primary, and
 * - when it shows everything that this process has written for the account, or was told of about the project.
 * So one who writes and reads through the same copy of the API server sees their own writes at once, and a window that
 * is told of a change sees it when it asks, whichever copy made it. Other reads through other copies may show what was
 * before a write, so calls of one session that must see each other go to one copy.
 */
export interface Replicas {
  /** Null when the primary has to answer. */
  pick(scope: TenantScope): Server | null
  /** The same for SQL that people write. */
  pickSessions(scope: TenantScope): SqlSessions | null
  /** It failed; what fails on a replica is asked of the primary. */
  drop(server: Server, error: unknown): void
  /** The scope has committed something before or at `position` of the log; null when that is not known. */
  wrote(scope: TenantScope, position: LogPosition | null): void
  /** Something of the project was committed, by now, by others. */
  changed(projectId: string): void
  /** A database and its project, as a look at it has found them. */
  learn(databaseId: string, projectId: string): void
  close(): Promise<void>
}

export type SqlSessions = Pick<SqlLogins, 'withSession'>

export interface ReplicasOptions {
  readonly urls: readonly string[]
  /** As the login itself, on the primary. */
  readonly primary: Pool
  readonly maxConnections: number
  readonly onError: (error: unknown) => void
  /** Milliseconds that an answer may be old. */
  readonly longestLag?: number | undefined
}

/** Milliseconds between two looks at all servers, and at a replica that somebody waits for. */
const pulse = 1_000
const hurry = 20
const usualLag = 5_000
/** Databases whose project is remembered; of others the primary tells it again. */
const mostDatabases = 10_000

export function openReplicas(options: ReplicasOptions): Replicas {
  const { urls, primary, maxConnections, onError, longestLag = usualLag } = options
  let identifier: string | null = null
  const replicas = urls.map((url) => openReplica({ url, identifier: () => identifier, maxConnections, onError }))
  const servers = new Map(replicas.map((replica) => [serverOf(replica), replica]))
  const marks = createWriteMarks(() => endOfLog(primary))
  const projects = new Map<string, string>()
  /** Where the log of the primary ended, and when; oldest first. */
  let samples: readonly Sample[] = []
  let turn = 0
  let closed = false

  async function lookAround(): Promise<void> {
    const at = performance.now()
    try {
      const answer = await primary.query<PrimaryState>(stateText)
      const [state] = answer.rows
      if (state === undefined) return
      identifier = state.identifier
      samples = [...samples.filter((sample) => at - sample.at <= longestLag), { at, flushed: BigInt(state.flushed) }]
    } catch (error) {
      // Without it the samples grow old and the replicas fall out of use by themselves.
      onError(error)
    }
    marks.settle()
    await Promise.all(replicas.map((replica) => replica.look()))
  }

  /** What was flushed at a moment and is replayed: then it shows everything up to that moment. */
  function isFresh(replayed: LogPosition): boolean {
    const now = performance.now()
    return samples.some(({ at, flushed }) => now - at <= longestLag && flushed <= replayed)
  }

  function keysOf(scope: TenantScope): readonly string[] | null {
    if (scope.kind === 'none') return null
    if (scope.kind === 'account') return [scope.accountId]
    if (scope.kind === 'project') return [scope.accountId, scope.projectId]
    const projectId = projects.get(scope.databaseId)
    return projectId === undefined ? null : [scope.accountId, projectId]
  }

  let timer: NodeJS.Timeout | undefined
  let looked = beat()
  async function beat(): Promise<void> {
    await lookAround()
    if (closed) return
    timer = setTimeout(() => {
      looked = beat()
    }, pulse)
    timer.unref()
  }
  const hurried = new Map<Replica, number>()

  function lookSoon(replica: Replica): void {
    const now = performance.now()
    if (now - (hurried.get(replica) ?? 0) < hurry) return
    hurried.set(replica, now)
    void replica.look()
  }

  const sessions = new Map(
    [...servers].map(([server, replica]) => {
      const logins = createSqlLogins(replica.url, replica.control, () => undefined)
      return [server, { logins, withSession: sessionsOf(logins, replica) }] as const
    }),
  )

  function pick(scope: TenantScope): Server | null {
    const keys = keysOf(scope)
    if (keys === null || closed) return null
    const needed = marks.needed(keys)
    if (needed === null) return null
    const fit = [...servers].filter(([, replica]) => {
      const { replayed } = replica
      if (replayed === null || !isFresh(replayed)) return false
      if (replayed < needed) lookSoon(replica)
      return replayed >= needed
    })
    turn += 1
    return fit[turn % fit.length]?.[0] ?? null
  }

  return {
    pick,
    pickSessions(scope) {
      const server = pick(scope)
      return server === null ? null : (sessions.get(server) ?? null)
    },
    drop: (server, error) => servers.get(server)?.drop(error),
    wrote(scope, position) {
      if (scope.kind === 'none') return
      marks.mark(keysOf(scope) ?? [scope.accountId], position)
    },
    changed: (projectId) => marks.mark([projectId], null),
    learn(databaseId, projectId) {
      if (projects.size >= mostDatabases) projects.clear()
      projects.set(databaseId, projectId)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await looked
      await Promise.all([...sessions.values()].map(({ logins }) => logins.close()))
      await Promise.all(replicas.map((replica) => replica.close()))
    },
  }
}

interface Sample {
  readonly at: number
  readonly flushed: LogPosition
}

interface PrimaryState {
  readonly flushed: string
  readonly identifier: string
}

/**
 * What is flushed is what a standby is sent; the end of the log itself may be a page's header, that is never sent while
 * nothing follows.
 */
const stateText = `select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::text as flushed,
  (select system_identifier::text from pg_control_system()) as identifier`

function sessionsOf(logins: SqlLogins, replica: Replica): SqlLogins['withSession'] {
  return async (login, signal, work) => {
    try {
      return await logins.withSession(login, signal, work)
    } catch (error) {
      if (isConnectionLoss(error)) replica.drop(error)
      throw error
    }
  }
}

function serverOf({ work, control }: Replica): Server {
  return { work, control, isReplica: true, silence: longestSilence }
}
