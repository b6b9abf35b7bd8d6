import { AppError } from '@shared/app-error'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Transaction } from '../../src/main/db/database'
import { openStudioDatabase } from '../../src/main/db/open-studio-database'
import { sql } from '../../src/main/db/sql'
import { asAdmin } from '../helpers/database'
import { debianBinaries, hasDebianPostgres } from '../helpers/debian-postgres'
import {
  createReplicatedStudio,
  type ReplicatedStudio,
  reading,
  serverOf,
  titles,
  until,
  whereSql,
} from '../helpers/replicated-studio'

describe.skipIf(!hasDebianPostgres)(
  `read replicas that fail (needs Debian's Postgres in ${debianBinaries})`,
  { timeout: 180_000 },
  () => {
    let place: ReplicatedStudio
    beforeAll(async () => {
      place = await createReplicatedStudio()
    })
    afterEach(() => place.rest())
    afterAll(() => place.close())

    test('a statement on the replica is cancelled there, and not run again', async () => {
      const { replica, ada, connect } = place
      const db = await connect()
      await until(async () => (await serverOf(db, ada)) === replica.port)
      const stop = new AbortController()
      let runs = 0
      const slow = db.withDatabase(
        ada.account,
        ada.database,
        (tx) => {
          runs += 1
          return tx.query(sql`select pg_sleep(600)`)
        },
        { ...reading, signal: stop.signal },
      )
      const sleeping = `select from pg_stat_activity where query like 'select pg_sleep(600)%' and state = 'active'`
      await until(async () => (await asAdmin(replica.superUrl, sleeping)).length === 1)
      stop.abort()
      await expect(slow).rejects.toMatchObject({ code: 'CANCELLED' })
      expect(await asAdmin(replica.superUrl, sleeping)).toHaveLength(0)
      expect(runs).toBe(1)
      const late = { ...reading, statementTimeout: 20 }
      const work = (tx: Transaction) => {
        runs += 1
        return tx.query(sql`select pg_sleep(600)`)
      }
      await expect(db.withDatabase(ada.account, ada.database, work, late)).rejects.toMatchObject({ code: 'TIMEOUT' })
      expect(runs).toBe(2)
    })

    test('a replica that is killed gives no error, and is used again when it is back', async () => {
      const { primary, replica, ada, connect } = place
      const errors: unknown[] = []
      const db = await connect({ onError: (error) => errors.push(error) })
      await until(async () => (await serverOf(db, ada)) === replica.port)
      let reads = 0
      let going = true
      const readers = [1, 2, 3].map(async () => {
        while (going) {
          await titles(db, ada)
          reads += 1
        }
      })
      const inTheMiddle = db.withDatabase(
        ada.account,
        ada.database,
        async (tx) => {
          const [at] = await tx.query<{ port: number }>(whereSql)
          if (at?.port === replica.port) await replica.stop('immediate')
          return tx.query(whereSql)
        },
        reading,
      )
      expect(await inTheMiddle).toMatchObject([{ port: primary.port }])
      const before = reads
      await until(async () => reads > before + 50)
      expect(await serverOf(db, ada)).toBe(primary.port)
      await until(async () => errors.length > 0)
      expect(errors.map((error) => (error instanceof AppError ? error.message : error))).toEqual([
        `The read replica 127.0.0.1:${replica.port}/postgres is not used for now; the primary answers instead.`,
      ])
      await replica.start()
      await until(async () => (await serverOf(db, ada)) === replica.port)
      going = false
      await Promise.all(readers)
    })

    test('a replica that hangs keeps nobody waiting for ever', async () => {
      const { primary, replica, ada, connect } = place
      const db = await connect()
      await until(async () => (await serverOf(db, ada)) === replica.port)
      const ports = await db.withDatabase(
        ada.account,
        ada.database,
        async (tx) => {
          const [at] = await tx.query<{ port: number }>(whereSql)
          if (at?.port === replica.port) await replica.signal('SIGSTOP')
          return [at?.port, (await tx.query(whereSql))[0]?.port]
        },
        reading,
      )
      expect(ports).toEqual([primary.port, primary.port])
      await replica.signal('SIGCONT')
      await until(async () => (await serverOf(db, ada)) === replica.port)
    })

    test('of two replicas the one that is well serves alone', async () => {
      const { primary, replica, ada, connect } = place
      const second = await primary.standby()
      const db = await connect({ replicaUrls: [replica.superUrl, second.superUrl] })
      const seen = new Set<unknown>()
      await until(async () => {
        seen.add(await serverOf(db, ada))
        return seen.has(replica.port) && seen.has(second.port)
      })
      await second.stop('immediate')
      for (let count = 0; count < 10; count++) await serverOf(db, ada)
      await until(async () => (await serverOf(db, ada)) === replica.port)
      for (let count = 0; count < 10; count++) expect(await serverOf(db, ada)).toBe(replica.port)
    })

    test('a server that is no standby of this one is never asked, and told of without its password', async () => {
      const { servers, primary, ada, connect } = place
      const stranger = await servers.create()
      await asAdmin(stranger.superUrl, `create role me login superuser password 'hunter2'`)
      const strangersCopy = await stranger.standby()
      const errors: unknown[] = []
      const replicaUrls = [stranger, strangersCopy, { port: 1 }].map(
        ({ port }) => `postgres://me:hunter2@127.0.0.1:${port}/postgres`,
      )
      const db = await connect({ replicaUrls, onError: (error) => errors.push(error) })
      await until(async () => errors.length === 3)
      for (let count = 0; count < 10; count++) expect(await serverOf(db, ada)).toBe(primary.port)
      const told = errors.map((error) => (error instanceof AppError ? `${error.message} ${String(error.cause)}` : ''))
      expect(told.join()).not.toContain('hunter2')
      expect(told.some((text) => text.includes('It is no standby server'))).toBe(true)
      expect(told.some((text) => text.includes('It is a standby of another server'))).toBe(true)
      await stranger.stop('fast')
      await strangersCopy.stop('fast')
    })

    test('the studio opens with the replicas of its settings', async () => {
      const { primary, replica, ada } = place
      const server = { databaseUrl: primary.superUrl, replicaUrls: [replica.superUrl] }
      const studio = await openStudioDatabase({ server })
      try {
        await until(async () => (await serverOf(studio.db, ada)) === replica.port)
      } finally {
        await studio.close()
      }
    })
  },
)
