import { Client } from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { watchLogins } from '../../src/main/features/sql/watch-logins'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

let project: TestProject

beforeAll(async () => {
  project = await createTestProject()
  await project.table('notes', [{ name: 'text', type: 'text' }])
  await project.create('notes', { text: 'one' })
})
afterAll(() => project.close())

async function psql(): Promise<Client> {
  const { login } = await project.tenant.client.connection.create({ databaseId: project.databaseId })
  const client = new Client({ connectionString: login.url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

function run(query: string) {
  return project.tenant.client.sql.run({ databaseId: project.databaseId, query })
}

async function roles(): Promise<readonly Record<string, unknown>[]> {
  return asAdmin(
    project.studio.adminUrl,
    `select l.kind, r.rolcanlogin as open from studio.sql_logins l left join pg_roles r on r.rolname = l.role_name
       order by l.kind`,
  )
}

describe('sessions that hold others up', () => {
  test.each([
    ['an open transaction that has read', 'select * from notes'],
    ['an open transaction that has written', `update notes set text = 'held'`],
    ['an open transaction that has locked', 'select * from notes for update'],
  ])('%s gives way to a schema edit', async (_name, statement) => {
    const watch = watchLogins(() => project.studio.db, pino({ level: 'silent' }))
    const holder = await psql()
    try {
      await holder.query(`begin; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; ${statement}`)
      const { client } = project.tenant
      const { tables } = await client.tables.list({ databaseId: project.databaseId })
      const tableId = tables.find(({ table_name }) => table_name === 'notes')?.id ?? ''
      const name = `c_${Date.now().toString(36)}`
      const edit = () =>
        client.tables.update({
          databaseId: project.databaseId,
          tableId,
          edits: [{ type: 'addColumn', table: 'notes', column: { name, type: 'text' } }],
        })
      await edit()
      expect(JSON.stringify(await client.tables.get({ databaseId: project.databaseId, tableId }))).toContain(name)
    } finally {
      await holder.end().catch(() => undefined)
      await watch.close()
    }
  })
})

describe('a password that is not ours any more', () => {
  test('is set again, and a role that is gone is made again', async () => {
    const other = await createTestProject('bob@example.org')
    try {
      const ask = () => other.tenant.client.sql.run({ databaseId: other.databaseId, query: 'select 1' })
      await ask()
      const [row] = await asAdmin(
        other.studio.adminUrl,
        `select role_name from studio.sql_logins where kind = 'runner'`,
      )
      const role = String(row?.role_name)
      const endAll = () =>
        asAdmin(other.studio.adminUrl, 'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [
          role,
        ])
      await asAdmin(other.studio.adminUrl, `alter role ${role} password 'changed by another studio'`)
      await endAll()
      await expect.poll(async () => (await ask().catch(() => null))?.results[0]?.rows).toEqual([[1]])
      await asAdmin(other.studio.adminUrl, `drop owned by ${role}; drop role ${role}`)
      await endAll()
      await expect.poll(async () => (await ask().catch(() => null))?.results[0]?.rows).toEqual([[1]])
    } finally {
      await other.close()
    }
  })

  test('is shown as it is accepted, also when another password was set', async () => {
    const { studio, tenant, databaseId } = project
    const made = await tenant.client.connection.create({ databaseId })
    await asAdmin(studio.adminUrl, `update studio.sql_logins set password_mark = 'of somebody else'`)
    await asAdmin(studio.adminUrl, `alter role ${made.login.user} password 'of somebody else'`)
    await expect(asAdmin(made.login.url, 'select 1')).rejects.toThrow(/password/)
    const { login } = await tenant.client.connection.get({ databaseId })
    expect(login).toEqual(made.login)
    expect(await asAdmin(made.login.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('and twenty runs at once share three sessions', async () => {
    const other = await createTestProject('cyd@example.org')
    try {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          other.tenant.client.sql.run({ databaseId: other.databaseId, query: 'select pg_backend_pid()' }),
        ),
      )
      expect(new Set(answers.map(({ results }) => results[0]?.rows[0]?.[0])).size).toBeLessThanOrEqual(3)
    } finally {
      await other.close()
    }
  })
})

describe('logins follow their project', () => {
  test('into the bin, out of it, and away with it', async () => {
    const { studio, tenant } = project
    await run('select 1')
    const open = await psql()
    const { projects } = await tenant.client.projects.list({})
    const projectId = projects[0]?.id ?? ''
    expect(await roles()).toEqual([
      { kind: 'person', open: true },
      { kind: 'runner', open: true },
    ])

    const ended = new Promise<void>((resolve) => open.once('end', () => resolve()))
    await tenant.client.projects.delete({ projectId })
    await studio.db.logins.tidy()
    await ended
    expect(await roles()).toEqual([
      { kind: 'person', open: false },
      { kind: 'runner', open: false },
    ])
    expect(await failureOf(run('select 1'))).toMatchObject({ code: 'NOT_FOUND' })

    await tenant.client.projects.restore({ projectId })
    // Before anybody has looked.
    expect((await run('select 1')).results).toHaveLength(1)
    await studio.db.logins.tidy()
    expect(await roles()).toEqual([
      { kind: 'person', open: true },
      { kind: 'runner', open: true },
    ])
    await (await psql()).end()

    const names = await asAdmin(studio.adminUrl, 'select role_name from studio.sql_logins')
    await tenant.client.projects.delete({ projectId })
    await asAdmin(studio.adminUrl, `select studio.empty_bin(interval '0 seconds')`)
    await studio.db.logins.tidy()
    expect(await roles()).toEqual([])
    const left = await asAdmin(studio.adminUrl, 'select rolname from pg_roles where rolname = any($1)', [
      names.map(({ role_name }) => role_name),
    ])
    expect(left).toEqual([])
  })
})
