import { AppError } from '@shared/app-error'
import { Client, type Pool } from 'pg'
import { connectionUrl, parseConnectionUrl, withOption } from './connection-url'
import { typeParsers } from './pg-types'
import { reach } from './pool'
import type { SqlLogin } from './sql-login'
import { createSqlSession, type OpenSqlSession } from './sql-session'

/** Sessions of one login at a time, from this process. */
const mostOfOne = 3
/** Sessions of all logins: a database server has 100 to 200 connections, and most belong to others. */
const mostOfAll = 40
/** Milliseconds that an idle session is kept. */
const longestIdle = 30_000
/** Milliseconds that a run waits for its turn. */
const longestWait = 30_000

interface Lent {
  readonly session: OpenSqlSession
  readonly client: Client
  readonly key: string
}

export interface SqlSessions {
  take(login: SqlLogin, signal: AbortSignal | undefined): Promise<Lent>
  giveBack(lent: Lent): Promise<void>
  close(): Promise<void>
}

/** Connections as many different users, so there is no pool: a few for each user, not too many in all. */
export function createSqlSessions(adminUrl: string, control: Pool): SqlSessions {
  const idle: Lent[] = []
  const timers = new Map<Lent, NodeJS.Timeout>()
  const counts = new Map<string, number>()
  const waiting: { readonly key: string; readonly wake: () => void }[] = []
  let total = 0
  let closed = false

  const add = (key: string, by: number) => {
    total += by
    const count = (counts.get(key) ?? 0) + by
    if (count === 0) counts.delete(key)
    else counts.set(key, count)
  }
  const wakeNext = () => {
    const index = waiting.findIndex(({ key }) => mayHave(key))
    if (index >= 0) waiting.splice(index, 1)[0]?.wake()
  }
  const mayHave = (key: string) =>
    idle.some((lent) => lent.key === key) ||
    ((counts.get(key) ?? 0) < mostOfOne && (total < mostOfAll || idle.length > 0))
  const end = async (lent: Lent) => {
    const index = idle.indexOf(lent)
    if (index >= 0) idle.splice(index, 1)
    clearTimeout(timers.get(lent))
    timers.delete(lent)
    await lent.client.end().catch(() => undefined)
    add(lent.key, -1)
    wakeNext()
  }

  async function open(login: SqlLogin, key: string): Promise<Lent> {
    const client = new Client({
      connectionString: sessionUrl(adminUrl, login),
      application_name: 'tessera-sql',
      ...reach,
      types: typeParsers,
    })
    client.on('error', () => undefined)
    try {
      await client.connect()
      const { rows } = await client.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid')
      return { client, key, session: createSqlSession(client, rows[0]?.pid ?? 0, control) }
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
  }

  return {
    async take(login, signal) {
      const key = `${login.role} ${login.password}`
      // The server was started anew, or ended them.
      for (const lost of idle.filter(({ session }) => session.broken)) void end(lost)
      while (!mayHave(key)) await turn(waiting, key, signal)
      if (closed) throw new AppError('UNAVAILABLE', 'The studio is closing.')
      const kept = idle.find((lent) => lent.key === key)
      if (kept !== undefined) {
        idle.splice(idle.indexOf(kept), 1)
        clearTimeout(timers.get(kept))
        timers.delete(kept)
        return kept
      }
      const oldest = idle[0]
      if (total >= mostOfAll && oldest !== undefined) void end(oldest)
      add(key, 1)
      try {
        return await open(login, key)
      } catch (error) {
        add(key, -1)
        wakeNext()
        throw error
      }
    },
    async giveBack(lent) {
      // Settings, prepared statements, cursors and session locks of one run are not the next one's.
      const isClean =
        !lent.session.broken &&
        (await lent.client.query('discard all').then(
          () => true,
          () => false,
        ))
      if (!isClean || closed) return end(lent)
      idle.push(lent)
      const timer = setTimeout(() => void end(lent), longestIdle)
      timer.unref()
      timers.set(lent, timer)
      wakeNext()
    },
    async close() {
      closed = true
      await Promise.all([...idle].map(end))
    },
  }
}

function turn(
  waiting: { readonly key: string; readonly wake: () => void }[],
  key: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (error: AppError) => {
      const index = waiting.indexOf(place)
      if (index >= 0) waiting.splice(index, 1)
      done()
      reject(error)
    }
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const abort = () => leave(new AppError('CANCELLED', 'The statement was cancelled.'))
    const timer = setTimeout(
      () => leave(new AppError('UNAVAILABLE', 'Too much SQL of this database runs already. Try again in a moment.')),
      longestWait,
    )
    const place = {
      key,
      wake() {
        done()
        resolve()
      },
    }
    waiting.push(place)
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}

/** The way to the server is the admin's, who logs in is not; nor what the admin's options say about roles. */
function sessionUrl(adminUrl: string, { role, password }: SqlLogin): string {
  const url = parseConnectionUrl(connectionUrl(adminUrl, { user: role, password }))
  url.searchParams.delete('options')
  return withOption(url.href, sessionOptions)
}

/** What the parser and the readers of values need, and no more: the rest is set for the role. */
const sessionOptions =
  '-c TimeZone=UTC -c DateStyle=ISO,YMD -c IntervalStyle=iso_8601 -c client_encoding=UTF8 -c standard_conforming_strings=on'
