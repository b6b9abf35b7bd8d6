import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/main/db/connect-database'
import { actingAs } from '../../src/main/db/connection-url'
import { migrate, migrations } from '../../src/main/db/migrate'
import { type SqlQuery, sql } from '../../src/main/db/sql'
import { asAdmin } from '../helpers/database'
import { type DebianServers, debianBinaries, debianServers, hasDebianPostgres } from '../helpers/debian-postgres'
import { makeDedicated } from '../helpers/dedicated'
import { createTestStudio, failureOf, signUpTenant } from '../helpers/test-studio'

/** The oldest server that DATABASE_URL may name, where createrole alone gives membership of roles. */
describe.skipIf(!hasDebianPostgres)(`on Postgres 15 (needs ${debianBinaries})`, () => {
  let servers: DebianServers
  let port = 0

  beforeAll(async () => {
    servers = await debianServers()
    const { port: its, superUrl } = await servers.create()
    port = its
    await asAdmin(superUrl, 'create role admin login createrole')
    await asAdmin(superUrl, 'create database studio owner admin')
  })

  afterAll(() => servers.close())

  test('an admin with createrole, who is no superuser, sets everything up', async () => {
    const url = `postgres://admin@127.0.0.1:${port}/studio`
    expect(await migrate(url)).toEqual(migrations.map(({ id }) => id))
    const db = await connectDatabase({ appUrl: actingAs(url, 'studio_app'), adminUrl: url })
    try {
      expect(db.version).toMatch(/^15\.\d+$/)
      const who = sql`select current_user::text as acts, session_user::text as login`
      expect(await db.withoutTenant((tx) => tx.query(who))).toEqual([{ acts: 'studio_app', login: 'admin' }])
      await expect(db.withoutTenant((tx) => tx.query(sql`select * from studio.migrations`))).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
      const owner = await db.withoutTenant((tx) => tx.query(sql`select email from studio.local_owner()`))
      expect(owner).toEqual([{ email: 'owner@localhost' }])
      // The store makes schemas, tables, and what the app may reach of them.
      const asStore = (query: SqlQuery) => db.withoutTenant((tx) => tx.query(query), { role: 'store' })
      expect(await asStore(who)).toEqual([{ acts: 'studio_store', login: 'admin' }])
      await asStore(sql`create schema d_1`)
      await asStore(sql`create table studio_data.t_1 (n integer)`)
      await asStore(sql`create view studio_rows.t_1 as select * from studio_data.t_1`)
      expect(await db.withoutTenant((tx) => tx.execute(sql`insert into studio_rows.t_1 values (1)`))).toBe(1)
      await expect(db.withoutTenant((tx) => tx.query(sql`select * from studio_data.t_1`))).rejects.toMatchObject({
        code: 'FORBIDDEN',
      })
      expect(await migrate(url)).toEqual([])
    } finally {
      await db.close()
    }
  })

  test('everything works there, for that admin', async () => {
    const url = `postgres://admin@127.0.0.1:${port}/studio`
    await migrate(url)
    const db = await connectDatabase({ appUrl: actingAs(url, 'studio_app'), adminUrl: url })
    const studio = await createTestStudio({ db: () => async () => db })
    try {
      const { client, userId } = await signUpTenant(studio, 'ada@example.org')
      const { project } = await client.projects.create({ name: 'Shop' })
      const { database } = await client.databases.create({ projectId: project.id })
      const databaseId = database.id
      const run = async (query: string) => (await client.sql.run({ databaseId, query })).results.at(-1)?.rows
      const columns = [
        { name: 'title', type: 'text', required: true, unique: true },
        { name: 'price', type: 'numeric(8,2)' },
      ]
      await client.tables.create({ databaseId, schemaJson: { name: 'plans', columns } })
      const records = [1, 2, 3].map((n) => ({ title: `Plan ${n}`, price: `${n}.50` }))
      await client.records.create({ databaseId, tableName: 'plans', records })
      for (const tier of ['shared', 'dedicated']) {
        if (tier === 'dedicated') await makeDedicated({ db }, userId, databaseId, 'plans')
        await run(
          `insert into plans (title, price) values ('${tier}', 9), ('x', 1); delete from plans where title = 'x'`,
        )
        expect(await run(`update plans set price = price * 2 where title = '${tier}' returning price`)).toEqual([
          ['18.00'],
        ])
        expect((await failureOf(run(`insert into plans (title) values ('Plan 1')`))).code).toBe('CONSTRAINT')
        const page = await client.records.query({ databaseId, tableName: 'plans', filters: { title: tier } })
        expect(page.records).toMatchObject([{ title: tier, price: '18.00' }])
      }
      expect(await run('select count(*)::int, sum(price) from plans')).toEqual([[5, '43.50']])
      const upsert = run(`insert into plans (title) values ('Plan 1') on conflict (title) do nothing`)
      expect((await failureOf(upsert)).message).toContain('older than 17')
      const { login } = await client.connection.create({ databaseId })
      expect(login.user).toMatch(/^tu_/)
      await client.connection.revoke({ databaseId })
    } finally {
      await studio.close()
      await db.close()
    }
  })
})
