import { Client } from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { connectDatabase } from '../../src/main/db/connect-database'
import { actingAs, connectionUrl } from '../../src/main/db/connection-url'
import { migrate } from '../../src/main/db/migrate'
import { asAdmin } from '../helpers/database'
import { debianBinaries, debianServers, hasDebianPostgres } from '../helpers/debian-postgres'
import { createTestStudio, failureOf, signUpTenant } from '../helpers/test-studio'

/** SQL with an admin who may make roles and databases, and is no superuser. */
async function tryAll(superUrl: string): Promise<void> {
  const name = `plain_admin_${process.pid}`
  await asAdmin(superUrl, `create role ${name} login createrole password 'secret'`)
  await asAdmin(superUrl, `create database ${name} owner ${name}`)
  // Where the studio has been before, its roles are there, and are another's to give.
  const roles = await asAdmin(superUrl, `select rolname from pg_roles where rolname ~ '^studio_(owner|app|store)$'`)
  for (const { rolname } of roles) await asAdmin(superUrl, `grant ${String(rolname)} to ${name}`)
  const url = connectionUrl(superUrl, { user: name, password: 'secret', database: name })
  await migrate(url)
  const db = await connectDatabase({ appUrl: actingAs(url, 'studio_app'), adminUrl: url })
  const studio = await createTestStudio({ db: () => async () => db })
  try {
    const { client } = await signUpTenant(studio, 'ada@example.org')
    const { project } = await client.projects.create({ name: 'Shop' })
    const { database } = await client.databases.create({ projectId: project.id })
    const databaseId = database.id
    const run = (query: string, more: object = {}) => client.sql.run({ databaseId, query, ...more })
    expect((await run('select count(*)::int from users')).results[0]?.rows).toEqual([[0]])

    const slow = run(`set statement_timeout = 0; select pg_sleep(60)`, { timeoutMs: 200 })
    expect(await failureOf(slow)).toMatchObject({ code: 'TIMEOUT' })
    const busy = await asAdmin(
      superUrl,
      `select from pg_stat_activity where query like '%pg_sleep(60)' and state = 'active'`,
    )
    expect(busy).toEqual([])

    const { login } = await client.connection.create({ databaseId })
    const holder = new Client({ connectionString: login.url })
    const ended = new Promise<void>((resolve) => holder.once('end', () => resolve()))
    holder.on('error', () => undefined)
    await holder.connect()
    await holder.query('begin; select * from users')
    expect((await db.logins.endHogs()).busy).toBe(1)
    const rotated = await client.connection.rotate({ databaseId })
    await ended
    expect(await asAdmin(rotated.login.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await expect(asAdmin(rotated.login.url, 'create temp table t (a int)')).rejects.toThrow(/permission denied/)
    await expect(asAdmin(rotated.login.url, 'select * from studio.project_data')).rejects.toThrow(/permission denied/)
    await client.projects.delete({ projectId: project.id })
    await db.logins.tidy()
    await expect(asAdmin(rotated.login.url, 'select 1')).rejects.toThrow(/not permitted to log in/)
    await client.connection.revoke({ databaseId }).catch(() => undefined)
    await asAdmin(url, `set role studio_owner; select studio.empty_bin('0 seconds')`)
    await db.logins.tidy()
    expect(await asAdmin(superUrl, `select from pg_roles where rolname = $1`, [login.user])).toEqual([])
  } finally {
    await studio.close()
    await db.close()
    await asAdmin(superUrl, `drop database ${name} with (force)`)
  }
}

test('on the built-in server', async () => {
  await tryAll(inject('postgres').adminUrl)
})

describe.skipIf(!hasDebianPostgres)(`on Postgres 15 (needs ${debianBinaries})`, () => {
  test('as well', async () => {
    const servers = await debianServers()
    try {
      const { superUrl } = await servers.create()
      await tryAll(superUrl)
    } finally {
      await servers.close()
    }
  })
})
