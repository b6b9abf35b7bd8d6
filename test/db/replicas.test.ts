import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Transaction, TransactionOptions } from '../../src/main/db/database'
import { sql } from '../../src/main/db/sql'
import { queryRecords } from '../../src/main/features/records/records.service'
import { asAdmin } from '../helpers/database'
import { debianBinaries, hasDebianPostgres } from '../helpers/debian-postgres'
import {
  createReplicatedStudio,
  insertSql,
  newTitle,
  type ReplicatedStudio,
  reading,
  serverOf,
  titles,
  titlesSql,
  until,
  whereSql,
} from '../helpers/replicated-studio'
import { createTestStudio, failureOf, signUpTenant } from '../helpers/test-studio'

describe.skipIf(!hasDebianPostgres)(
  `read replicas (needs Debian's Postgres in ${debianBinaries})`,
  { timeout: 180_000 },
  () => {
    let place: ReplicatedStudio
    beforeAll(async () => {
      place = await createReplicatedStudio()
    })
    afterEach(() => place.rest())
    afterAll(() => place.close())

    test('reads that may be old go to the replica, all others and all writes to the primary', async () => {
      const { primary, replica, ada, connect } = place
      const db = await connect()
      await until(async () => (await serverOf(db, ada)) === replica.port)
      const ask = (options: TransactionOptions) =>
        db.withDatabase(ada.account, ada.database, async (tx) => (await tx.query(whereSql))[0], options)
      expect(await ask(reading)).toEqual({ port: replica.port, standby: true })
      expect(await ask({ readOnly: true })).toEqual({ port: primary.port, standby: false })
      expect(await ask({})).toEqual({ port: primary.port, standby: false })
      // Old is what a write must not be based on.
      expect(await ask({ staleness: 'bounded' })).toEqual({ port: primary.port, standby: false })
      expect(await ask({ ...reading, role: 'store' })).toEqual({ port: primary.port, standby: false })
      // The transaction that was not read-only may have written.
      const [byAccount, byProject] = [
        async () => (await db.withAccount(ada.account, (tx) => tx.query(whereSql), reading))[0]?.port,
        async () => (await db.withProject(ada.account, ada.project, (tx) => tx.query(whereSql), reading))[0]?.port,
      ]
      await until(async () => (await byAccount()) === replica.port && (await byProject()) === replica.port)
    })

    test('own writes are seen at once, though the replica stands still; it serves everybody else', async () => {
      const { primary, replica, ada, bob, connect, pause, resume, write } = place
      const db = await connect()
      await until(async () => (await serverOf(db, ada)) === replica.port && (await serverOf(db, bob)) === replica.port)
      await pause()
      for (const title of [newTitle(), newTitle(), newTitle()]) {
        await write(db, ada, title)
        expect(await titles(db, ada)).toContain(title)
      }
      expect(await serverOf(db, ada)).toBe(primary.port)
      expect(await serverOf(db, bob)).toBe(replica.port)
      // Also entered another way, and when the write was entered another way.
      expect(await db.withProject(ada.account, ada.project, (tx) => tx.query(whereSql), reading)).toMatchObject([
        { port: primary.port },
      ])
      await db.withAccount(bob.account, (tx) => tx.execute(sql`update studio.projects set description = ${newTitle()}`))
      expect(await serverOf(db, bob)).toBe(primary.port)
      await resume()
      await until(async () => (await serverOf(db, ada)) === replica.port && (await serverOf(db, bob)) === replica.port)
    })

    test('a write that fails, and a read, leave the replica in use', async () => {
      const { replica, ada, connect, pause } = place
      const db = await connect()
      await until(async () => (await serverOf(db, ada)) === replica.port)
      await pause()
      const failing = db.withDatabase(ada.account, ada.database, async (tx) => {
        await tx.execute(insertSql(ada, newTitle()))
        throw new Error('thrown by the work')
      })
      await expect(failing).rejects.toThrow('thrown by the work')
      await titles(db, ada, { readOnly: true })
      expect(await serverOf(db, ada)).toBe(replica.port)
    })

    test('what others write appears when the replica has it', async () => {
      const { replica, ada, connect, pause, resume, writeElsewhere } = place
      const db = await connect()
      await until(async () => (await serverOf(db, ada)) === replica.port)
      await pause()
      const title = newTitle()
      await writeElsewhere(ada, title)
      expect(await titles(db, ada)).not.toContain(title)
      expect(await serverOf(db, ada)).toBe(replica.port)
      await resume()
      await until(async () => (await titles(db, ada)).includes(title))
      expect(await serverOf(db, ada)).toBe(replica.port)
    })

    test('who was told of a change sees it', async () => {
      const { primary, replica, ada, bob, connect, pause, resume, writeElsewhere } = place
      const db = await connect()
      await until(async () => (await serverOf(db, ada)) === replica.port && (await serverOf(db, bob)) === replica.port)
      await pause()
      const title = newTitle()
      await writeElsewhere(ada, title)
      db.changed(ada.project)
      expect(await titles(db, ada)).toContain(title)
      expect(await serverOf(db, ada)).toBe(primary.port)
      // The place in the log is known by now.
      await until(async () => (await titles(db, ada)).includes(title) && (await serverOf(db, bob)) === replica.port)
      expect(await serverOf(db, ada)).toBe(primary.port)
      await resume()
      await until(async () => (await serverOf(db, ada)) === replica.port)
      expect(await titles(db, ada)).toContain(title)
    })

    test('a replica that is too far behind is not used, until it has caught up', async () => {
      const { primary, replica, ada, bob, connect, pause, resume, writeElsewhere } = place
      const db = await connect({ longestLag: 1_500 })
      await until(async () => (await serverOf(db, bob)) === replica.port)
      await pause()
      await writeElsewhere(ada, newTitle())
      await until(async () => (await serverOf(db, bob)) === primary.port)
      await resume()
      await until(async () => (await serverOf(db, bob)) === replica.port)
    })

    test('a replica that does nothing for a while is not far behind', async () => {
      const { replica, bob, connect } = place
      const db = await connect({ longestLag: 1_500 })
      await until(async () => (await serverOf(db, bob)) === replica.port)
      await sleep(2_500)
      await until(async () => (await serverOf(db, bob)) === replica.port)
    })

    test('the tenant context and the policies hold on the replica', async () => {
      const { replica, ada, bob, connect, write } = place
      const db = await connect()
      await Promise.all([write(db, ada, 'of ada'), write(db, bob, 'of bob')])
      await until(async () => (await serverOf(db, ada)) === replica.port && (await serverOf(db, bob)) === replica.port)
      const look = async (tx: Transaction) => ({
        server: (await tx.query(whereSql))[0]?.port,
        projects: (await tx.query(sql`select distinct project_id from studio.project_data`)).map(
          (row) => row.project_id,
        ),
        role: (await tx.query(sql`select current_user::text as role`))[0]?.role,
      })
      expect(await db.withDatabase(ada.account, ada.database, look, reading)).toEqual({
        server: replica.port,
        projects: [ada.project],
        role: 'studio_app',
      })
      const missing = { code: 'NOT_FOUND' }
      await expect(db.withDatabase(ada.account, bob.database, look, reading)).rejects.toMatchObject(missing)
      await expect(db.withProject(ada.account, bob.project, look, reading)).rejects.toMatchObject(missing)
      const everything = sql`select * from studio.project_data`
      await expect(db.withAccount(ada.account, (tx) => tx.query(everything), reading)).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
      await expect(db.withoutTenant((tx) => tx.query(everything), reading)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    })

    test('a transaction on the replica sees one moment, in which schema and records fit', async () => {
      const { replica, ada, connect, write, writeElsewhere } = place
      const db = await connect()
      const [before, after] = [newTitle(), newTitle()]
      await write(db, ada, before)
      await until(async () => (await serverOf(db, ada)) === replica.port)
      const seen = await db.withDatabase(
        ada.account,
        ada.database,
        async (tx) => {
          const first = await tx.query(titlesSql)
          await writeElsewhere(ada, after)
          await until(async () =>
            (await asAdmin(replica.superUrl, titlesSql.text)).some(({ title }) => title === after),
          )
          return { first, second: await tx.query(titlesSql), server: (await tx.query(whereSql))[0]?.port }
        },
        reading,
      )
      expect(seen.server).toBe(replica.port)
      expect(seen.second).toEqual(seen.first)
      expect(seen.first.map(({ title }) => title)).toContain(before)
    })

    test('a page of records is read on the replica', async () => {
      const { replica, ada, connect, write } = place
      const db = await connect()
      const title = newTitle()
      await write(db, ada, title)
      await until(async () => (await serverOf(db, ada)) === replica.port)
      const page = await db.withDatabase(
        ada.account,
        ada.database,
        async (tx, database) => ({
          records: (
            await queryRecords(tx, database, { tableName: 'notes', filters: { title }, limit: 5, count: 'exact' })
          ).records,
          server: (await tx.query(whereSql))[0]?.port,
        }),
        { ...reading, holdSchema: true },
      )
      expect(page).toMatchObject({ records: [{ title }], server: replica.port })
    })

    test('through the procedures, everyone sees what they have done, and reads move to the replica', async () => {
      const { connect, pause, resume } = place
      const db = await connect()
      const studio = await createTestStudio({ db: () => async () => db })
      try {
        const { client } = await signUpTenant(studio, `${newTitle()}@example.org`)
        const { project } = await client.projects.create({ name: 'Shop' })
        const { database } = await client.databases.create({ projectId: project.id })
        const databaseId = database.id
        const where = async () => {
          const query = 'select pg_is_in_recovery() as standby'
          const { results } = await client.sql.run({ databaseId, query, readOnly: true })
          return results[0]?.rows[0]?.[0]
        }
        await until(async () => (await where()) === true)
        await pause()
        for (const name of ['plans', 'notes']) {
          const { table } = await client.tables.create({
            databaseId,
            schemaJson: { name, columns: [{ name: 'title', type: 'text' }] },
          })
          expect((await client.tables.list({ databaseId })).tables.map(({ id }) => id)).toContain(table.id)
          const { record } = await client.records.create({ databaseId, tableName: name, record: { title: 'one' } })
          const page = await client.records.query({ databaseId, tableName: name })
          expect(page.records.map(({ _id }) => _id)).toEqual([record?._id])
          await client.sql.run({ databaseId, query: `insert into ${name} (title) values ('two')` })
          const read = await client.sql.run({
            databaseId,
            query: `select title from ${name} order by 1`,
            readOnly: true,
          })
          expect(read.results[0]?.rows).toEqual([['one'], ['two']])
          expect((await client.records.query({ databaseId, tableName: name, count: 'exact' })).count).toBe(2)
          expect(JSON.stringify(await client.databases.get({ databaseId }))).toContain(name)
        }
        expect(await where()).toBe(false)
        await resume()
        await until(async () => (await where()) === true)
        const read = await client.sql.run({ databaseId, query: 'select count(*)::int from plans', readOnly: true })
        expect(read.results[0]?.rows).toEqual([[2]])
        // What is wrong is said by the primary, in the same words.
        const wrong = client.sql.run({ databaseId, query: 'select * from planz', readOnly: true })
        expect((await failureOf(wrong)).message).toContain('"planz"')
      } finally {
        await studio.close()
      }
    })
  },
)
