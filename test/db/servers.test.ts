import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { MovedProject } from '@shared/contract/servers.contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectionUrl } from '../../src/main/db/connection-url'
import { openStudioDatabase } from '../../src/main/db/open-studio-database'
import { localOwner } from '../../src/main/features/accounts/accounts.service'
import { moveProject } from '../../src/main/features/servers/move-project.service'
import { createSpool } from '../../src/main/features/transfers/spool'
import { createTestApp, type TestApp } from '../helpers/app'
import { asAdmin, createDatabase, type PlainDatabase } from '../helpers/database'
import { type Client, failureOf, testSecret } from '../helpers/test-studio'
import { createProject, exportFile } from '../helpers/transfers'

let studio: TestApp
let client: Client
/** Another database, which the studio knows as another server. */
let other: PlainDatabase

beforeAll(async () => {
  studio = await createTestApp()
  client = windowOf(studio)
  other = await createDatabase(`servers_${randomBytes(6).toString('hex')}`)
})
afterAll(async () => {
  await studio.close()
  await other.drop()
})

function windowOf({ app }: TestApp): Client {
  const session = app.openSession(app.tokenStore('test'))
  return createRouterClient(app.router, {
    context: { principal: () => session.principal(), session, userAgent: 'tests', address: null },
  })
}

async function resultOf<R>(events: AsyncIterable<{ kind: 'progress' } | { kind: 'done'; result: R }>): Promise<R> {
  for await (const event of events) if (event.kind === 'done') return event.result
  throw new Error('No result')
}

test('a server is kept once it was tried, without its password in any list', async () => {
  const { password } = new URL(other.url)
  const facts = await client.servers.test({ url: other.url, tls: 'off' })
  expect(facts).toMatchObject({ version: expect.stringMatching(/^1\d/), tls: null, studio: 'none' })
  const { server } = await client.servers.save({ name: 'Team', url: `${other.url}?sslmode=require`, tls: 'off' })
  expect(server).toMatchObject({ name: 'Team', tls: 'off', certificate: false, user: 'postgres' })
  const listed = await client.servers.list()
  expect(listed).toEqual({ servers: [server], current: null, fixed: false })
  const file = await readFile(join(studio.dataDir, 'servers.json'), 'utf8')
  expect(password).not.toBe('')
  expect(JSON.stringify(listed) + file).not.toContain(password)

  // What is left out stays: another name, the same string.
  const renamed = await client.servers.save({ serverId: server.id, name: 'The team', tls: 'off' })
  expect(renamed.server).toMatchObject({ id: server.id, name: 'The team', address: server.address })
  expect(await failureOf(client.servers.save({ name: 'The team', url: other.url, tls: 'off' }))).toMatchObject({
    code: 'CONFLICT',
  })
  await client.servers.remove({ serverId: server.id })
  expect((await client.servers.list()).servers).toEqual([])
  expect(await failureOf(client.servers.test({ serverId: server.id, tls: 'off' }))).toMatchObject({ code: 'NOT_FOUND' })
})

test('a server that cannot be used says why, and is not kept', async () => {
  const said = async (url: string, tls: 'off' | 'encrypted' = 'off') => {
    const { code, message } = await failureOf(client.servers.save({ name: 'Nobody', url, tls }))
    return `${code}: ${message}`
  }
  expect(await said(connectionUrl(other.url, { password: 'wrong' }))).toBe(
    'UNAVAILABLE: The database refused the user name or the password. Check the connection string.',
  )
  expect(await said(connectionUrl(other.url, { database: 'nowhere' }))).toContain('does not exist')
  expect(await said('postgres://a:b@127.0.0.1:1/x')).toContain('No database server answers at this address')
  expect(await said('postgres://a:b@nobody.invalid/x')).toContain('host cannot be found')
  expect(await said(other.url, 'encrypted')).toContain('takes no encrypted connections')
  expect(await said('postgres://a:b@127.0.0.1')).toContain('names no database')
  expect(await said('postgres://a:b@host:99999/x')).toContain('VALIDATION: The connection string cannot be read')
  expect(await failureOf(client.servers.test({ url: 'mysql://a', tls: 'off' }))).toMatchObject({ code: 'VALIDATION' })
  expect(await failureOf(client.servers.test({ url: other.url, tls: 'verified', certificate: 'none' }))).toMatchObject({
    code: 'VALIDATION',
    message: expect.stringContaining('no certificate'),
  })

  await asAdmin(other.url, "create role weak_login login password 'weak'")
  try {
    const weak = await failureOf(
      client.servers.test({ url: connectionUrl(other.url, { user: 'weak_login', password: 'weak' }), tls: 'off' }),
    )
    expect(weak).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('may not create schemas') })
  } finally {
    await asAdmin(other.url, 'drop role weak_login')
  }
  expect((await client.servers.list()).servers).toEqual([])
})

test('over HTTP, and where DATABASE_URL names the server, nobody chooses one', async () => {
  const http = createRouterClient(studio.app.router, {
    context: { principal: async () => null, session: null, userAgent: null, address: '192.0.2.1' },
  })
  for (const call of [
    http.servers.list(),
    http.servers.test({ url: other.url, tls: 'off' }),
    http.servers.use({ serverId: null }),
  ])
    expect(await failureOf(call)).toMatchObject({ code: 'FORBIDDEN' })
  const shared = await createTestApp({ embedded: false })
  try {
    const window = windowOf(shared)
    expect(await window.servers.list()).toEqual({ servers: [], current: null, fixed: true })
    expect(await failureOf(window.servers.save({ name: 'x', url: other.url, tls: 'off' }))).toMatchObject({
      code: 'FORBIDDEN',
    })
  } finally {
    await shared.close()
  }
})

const account = { email: 'ada@example.org', password: 'correct horse' }

test('a project moves to another server with all that belongs to it, and back', async () => {
  const { databaseId, ref } = await shop()
  const { server } = await client.servers.save({ name: 'Team', url: other.url, tls: 'off' })
  const before = await plainDump(client, databaseId)

  const refused = async (who: typeof account, isNew: boolean) =>
    failureOf(resultOf(await client.servers.move({ databaseId, to: server.id, account: { ...who, isNew } })))
  expect(await refused(account, false)).toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(await refused({ ...account, password: 'short' }, true)).toMatchObject({ code: 'VALIDATION' })
  expect(await failureOf(client.servers.move({ databaseId, to: null, account: null }))).toMatchObject({
    code: 'VALIDATION',
  })

  const moved: MovedProject = await resultOf(
    await client.servers.move({ databaseId, to: server.id, account: { ...account, isNew: true } }),
  )
  expect(moved).toMatchObject({
    name: 'Shop',
    records: 3,
    ref,
    sameAddress: true,
    notes: [],
    tables: expect.arrayContaining([
      { name: 'users', records: 1 },
      { name: 'items', records: 2 },
    ]),
  })

  // As somebody finds it there.
  const there = await openStudioDatabase({ server: { databaseUrl: other.url } })
  const spool = createSpool(join(studio.dataDir, 'spool-of-the-test'))
  try {
    const shared = await createTestApp({ embedded: false, db: () => there.db })
    try {
      const window = windowOf(shared)
      await window.session.signIn(account)
      const [project] = (await window.projects.list()).projects
      expect(project).toMatchObject({ name: 'Shop', description: 'What we sell', id: moved.projectId })
      const id = project?.database_id ?? ''
      expect(await plainDump(window, id)).toBe(before)
      await expectShop(window, id)
      // Somebody who signed up here before signs in there.
      const person = await window.endUsers.login({
        databaseId: id,
        email: 'eve@example.org',
        password: 'correct horse',
      })
      expect(person).toMatchObject({ user: { email: 'eve@example.org' } })
    } finally {
      await shared.close()
    }

    // The original lets its address go, so that the way back finds it free.
    await client.servers.leave({ databaseId })
    expect((await client.projects.list({ deleted: true })).projects).toMatchObject([{ name: 'Shop' }])
    const principal = await there.db.withoutTenant(async () => ({ account: await ownerOf(other.url), sessionId: null }))
    const source = { db: there.db, principal, spool, secret: testSecret }
    const [row] = await asAdmin(other.url, 'select id::text from studio.project_databases')
    const owner = await studio.database.db.withoutTenant((tx) => localOwner(tx))
    const quiet = { signal: undefined, report: () => undefined }
    const back = await moveProject(
      source,
      String(row?.id),
      { db: studio.database.db, principal: owner, keepsBackups: true },
      quiet,
    )
    expect(back).toMatchObject({ ref, sameAddress: true, records: 3 })
    const { project } = await client.projects.get({ projectId: back.projectId })
    expect(await plainDump(client, project.database_id ?? '')).toBe(before)
    await expectShop(client, project.database_id ?? '')

    // A second copy finds the address taken, and says so; one that is cancelled leaves nothing.
    const again = await moveProject(
      source,
      String(row?.id),
      { db: studio.database.db, principal: owner, keepsBackups: true },
      quiet,
    )
    expect(again.sameAddress).toBe(false)
    expect(again.ref).not.toBe(ref)
    const count = (await client.projects.list()).projects.length
    const stop = new AbortController()
    const cancelled = moveProject(
      source,
      String(row?.id),
      { db: studio.database.db, principal: owner, keepsBackups: true },
      { signal: stop.signal, report: ({ phase }) => phase === 'settings' && stop.abort() },
    )
    expect(
      await failureOf(cancelled.catch((error) => Promise.reject(Object.assign(error, { data: null })))),
    ).toMatchObject({
      code: 'CANCELLED',
    })
    expect((await client.projects.list()).projects).toHaveLength(count)
    expect((await client.projects.list({ deleted: true })).projects).toHaveLength(1)
  } finally {
    await spool.close()
    await there.close()
  }
})

async function ownerOf(url: string) {
  const [row] = await asAdmin(
    url,
    "select id::text, email, created_at::text from studio.users where email = 'ada@example.org'",
  )
  return { id: String(row?.id), email: String(row?.email), created_at: String(row?.created_at) }
}

/** A project with something of everything. */
async function shop(): Promise<{ databaseId: string; ref: string }> {
  const { databaseId, projectId } = await createProject(client, 'Shop')
  await client.projects.update({ projectId, description: 'What we sell' })
  const { table } = await client.tables.create({
    databaseId,
    schemaJson: {
      name: 'items',
      columns: [
        { name: 'id', type: 'bigint', primary_key: true },
        { name: 'price', type: 'numeric(30,10)' },
        { name: 'more', type: 'jsonb' },
        { name: 'made_by', type: 'uuid', references: { table: 'users', column: 'id' } },
      ],
    },
  })
  await client.endUsers.signup({
    databaseId,
    email: 'eve@example.org',
    password: 'correct horse',
    full_name: 'Eve',
  })
  for (const id of ['1', '9223372036854775807'])
    await client.records.create({
      databaseId,
      tableName: 'items',
      record: { id, price: '12345678901234567890.1234567890', more: { a: [1, null] } },
    })
  await client.rules.set({
    databaseId,
    tableId: table.id,
    select: 'public',
  })
  await client.keys.create({
    databaseId,
    name: 'web',
    kind: 'publishable',
    scopes: [{ table: 'items', verbs: ['select'] }],
  })
  await client.views.create({
    databaseId,
    tableId: table.id,
    name: 'Dear',
    filters: { column: 'price', op: 'gt', value: '10' },
    sort: [{ column: 'price', direction: 'desc' }],
  })
  await client.api.setSettings({ databaseId, origins: ['https://shop.example.org'] })
  const layout = { tables: { items: { x: 40, y: 80 } }, areas: {}, notes: {} }
  await client.schema.saveLayout({ databaseId, layout, revision: 0 })
  const { database } = await client.databases.get({ databaseId })
  return { databaseId, ref: database.ref }
}

async function expectShop(window: Client, databaseId: string): Promise<void> {
  const { tables } = await window.tables.list({ databaseId })
  const tableId = tables.find(({ table_name }) => table_name === 'items')?.id ?? ''
  expect((await window.keys.list({ databaseId })).keys).toMatchObject([
    { name: 'web', scopes: [{ table: 'items', verbs: ['select'] }] },
  ])
  expect((await window.views.list({ databaseId, tableId })).views).toMatchObject([
    { name: 'Dear', sort: [{ column: 'price' }] },
  ])
  expect(await window.api.settings({ databaseId })).toMatchObject({
    settings: { origins: ['https://shop.example.org'] },
  })
  expect((await window.schema.layout({ databaseId })).layout.tables).toMatchObject({ items: { x: 40, y: 80 } })
}

/** The whole database as text, without the line that says when it was written. */
async function plainDump(window: Client, databaseId: string): Promise<string> {
  const text = (await exportFile(window, databaseId, 'sql')).toString('utf8')
  return text.slice(text.indexOf('\n'))
}
