import { usersTable } from '@shared/domain/users-table'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchChanges } from '../../src/main/features/databases/watch-changes'
import { asAdmin } from '../helpers/database'
import { createTestStudio, failureOf, signUpTenant, type Tenant, type TestStudio } from '../helpers/test-studio'

let studio: TestStudio
let ada: Tenant
beforeAll(async () => {
  studio = await createTestStudio()
  ada = await signUpTenant(studio, 'ada@example.org')
})
afterAll(() => studio.close())

async function makeDatabase(tenant: Tenant, name = 'Project') {
  const { project } = await tenant.client.projects.create({ name })
  return tenant.client.databases.create({ projectId: project.id })
}

test('a database begins with the users table, exactly as the document gives it', async () => {
  const { project } = await ada.client.projects.create({ name: 'Shop' })
  const { database, tables } = await ada.client.databases.create({ projectId: project.id })
  expect(database).toMatchObject({ project_id: project.id, name: 'main' })
  expect(database.ref).toMatch(/^[a-km-np-z2-9]{12}$/)
  expect(tables.map(({ schema_json }) => schema_json)).toEqual([usersTable])
  const [row] = await asAdmin(studio.adminUrl, 'select schema_json, layout from studio.project_tables where id = $1', [
    tables[0]?.id,
  ])
  expect(row?.schema_json).toEqual(usersTable)
  expect(row?.layout).toEqual({
    columns: Object.fromEntries(usersTable.columns.map(({ name }) => [name, { key: name }])),
    retired: [],
  })
  expect((await ada.client.projects.get({ projectId: project.id })).project.database_id).toBe(database.id)
})

test('a project has one database, however fast the button is clicked', async () => {
  const { project } = await ada.client.projects.create({ name: 'Clicked' })
  const clicks = await Promise.allSettled(
    Array.from({ length: 8 }, () => ada.client.databases.create({ projectId: project.id })),
  )
  expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await failureOf(ada.client.databases.create({ projectId: project.id }))).toMatchObject({
    code: 'CONFLICT',
    message: 'This project has a database already. Open that one.',
  })
  const rows = await asAdmin(studio.adminUrl, 'select table_name from studio.project_tables where project_id = $1', [
    project.id,
  ])
  expect(rows).toEqual([{ table_name: 'users' }])
})

test('the overview counts records exactly while they are few, and weighs them', async () => {
  const { database, tables } = await makeDatabase(ada)
  const [users] = tables
  const databaseId = database.id
  expect(await ada.client.databases.get({ databaseId })).toMatchObject({
    database,
    tables: [{ id: users?.id, record_estimate: 0 }],
    records: { count: 0, estimated: false },
    bytes: 0,
    connection: { api_url: 'http://127.0.0.1:4000', server: '127.0.0.1:5432/test', embedded: false },
  })
  await fill(database.project_id, users?.id, 120)
  const { records, bytes } = await ada.client.databases.get({ databaseId })
  expect(records).toEqual({ count: 120, estimated: false })
  expect(bytes).toBeGreaterThan(120 * 100)
  expect(bytes).toBeLessThan(120 * 1000)
})

test('records of a table in the bin are not counted', async () => {
  const { database } = await makeDatabase(ada)
  const databaseId = database.id
  const { table } = await ada.client.tables.create({ databaseId, schemaJson: { name: 'notes', columns: [] } })
  await fill(database.project_id, table.id, 10)
  expect((await ada.client.databases.get({ databaseId })).records.count).toBe(10)
  await ada.client.tables.delete({ databaseId, tableId: table.id })
  expect((await ada.client.databases.get({ databaseId })).records.count).toBe(0)
})

test('many records are estimated, and said to be', async () => {
  for (let index = 0; index < 10; index++) {
    const neighbour = await makeDatabase(ada)
    await fill(neighbour.database.project_id, neighbour.tables[0]?.id, 6_000)
  }
  const { database, tables } = await makeDatabase(ada)
  await fill(database.project_id, tables[0]?.id, 60_000)
  await asAdmin(studio.adminUrl, 'analyze studio.project_data')
  const { records, bytes } = await ada.client.databases.get({ databaseId: database.id })
  expect(records.estimated).toBe(true)
  // Half of all records are here: a planner that takes tables and projects for independent says 30,000.
  expect(records.count).toBeGreaterThan(55_000)
  expect(records.count).toBeLessThan(65_000)
  expect(bytes).toBeGreaterThan(60_000 * 100)
})

test('the log is read back page by page, newest first, without gaps', async () => {
  const { database } = await makeDatabase(ada, 'Logged')
  const databaseId = database.id
  for (let index = 0; index < 60; index++)
    await ada.client.projects.update({ projectId: database.project_id, name: `Name ${index}` })
  const first = await ada.client.databases.audit({ databaseId })
  expect(first.entries).toHaveLength(50)
  expect(first.entries[0]).toMatchObject({
    actor: 'ada@example.org',
    action: 'project.update',
    sentence: 'Renamed the project "Name 58" to "Name 59".',
    table_id: null,
  })
  const second = await ada.client.databases.audit({ databaseId, cursor: first.nextCursor ?? '' })
  expect(second.nextCursor).toBeNull()
  const ids = [...first.entries, ...second.entries].map(({ id }) => Number(id))
  expect(ids).toEqual([...ids].sort((a, b) => b - a))
  expect(new Set(ids).size).toBe(63)
  expect(second.entries.slice(-3).map(({ action }) => action)).toEqual([
    'table.create',
    'database.create',
    'project.create',
  ])
  expect((await ada.client.databases.get({ databaseId })).activity).toEqual(first.entries.slice(0, 20))
  for (const cursor of ['x', 'YmVmb3JlOng', Buffer.from("before:1' or true").toString('base64url')])
    expect((await failureOf(ada.client.databases.audit({ databaseId, cursor }))).code).toBe('VALIDATION')
})

test('an entry points to its table while that exists', async () => {
  const { database, tables } = await makeDatabase(ada)
  const databaseId = database.id
  const tableId = tables[0]?.id ?? ''
  const pointers = async () =>
    (await ada.client.databases.audit({ databaseId })).entries.map(({ table_id }) => table_id)
  expect(await pointers()).toContain(tableId)
  await ada.client.tables.delete({ databaseId, tableId })
  expect(await pointers()).not.toContain(tableId)
})

test('a watcher hears of every change in its database, and of no other', async () => {
  const eve = await signUpTenant(studio, 'eve@example.org')
  const { database, tables } = await makeDatabase(ada, 'Watched')
  const foreign = await makeDatabase(eve, 'Foreign')
  const stop = new AbortController()
  const changes = await ada.client.databases.watch({ databaseId: database.id }, { signal: stop.signal })
  const heard: unknown[] = []
  const reading = (async () => {
    for await (const change of changes) heard.push(change)
  })()

  await ada.client.projects.update({ projectId: database.project_id, name: 'Watched closely' })
  await eve.client.projects.update({ projectId: foreign.database.project_id, name: 'Heard?' })
  await eve.client.tables.create({
    databaseId: foreign.database.id,
    schemaJson: { name: 'secret', columns: [] },
  })
  const { table } = await ada.client.tables.create({
    databaseId: database.id,
    schemaJson: { name: 'notes', columns: [] },
  })
  const told = () => new Set(heard.map((change) => JSON.stringify(change)))
  while (!told().has(JSON.stringify({ kind: 'tables', tableId: table.id }))) await nextTurn()
  // Those of the last seconds before it watched are told as well.
  expect(told()).toEqual(
    new Set([
      JSON.stringify({ kind: 'project', tableId: null }),
      JSON.stringify({ kind: 'tables', tableId: tables[0]?.id }),
      JSON.stringify({ kind: 'tables', tableId: table.id }),
    ]),
  )
  stop.abort()
  await reading
})

test('a watcher that gives up before Postgres listens leaves nothing behind', async () => {
  const listeners = new Set<unknown>()
  const deaf = {
    ...studio.db,
    listen: (_: string, receive: unknown) => {
      listeners.add(receive)
      return () => listeners.delete(receive)
    },
  }
  const stop = new AbortController()
  const opening = watchChanges(deaf, {
    projectId: 'any',
    key: 'any',
    recent: async () => [],
    principal: async () => null,
    signal: stop.signal,
  })
  expect(listeners.size).toBe(1)
  stop.abort()
  expect((await (await opening).next()).done).toBe(true)
  expect(listeners.size).toBe(0)
})

test('a reader that leaves while it waits is let go', async () => {
  const { database } = await makeDatabase(ada)
  const changes = await ada.client.databases.watch({ databaseId: database.id })
  const waiting = changes.next()
  await changes.return(undefined)
  expect((await waiting).done).toBe(true)
})

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Records as the store keeps them, by the shortest way. */
async function fill(projectId: string, tableId: string | undefined, count: number): Promise<void> {
  await asAdmin(
    studio.adminUrl,
    `insert into studio.project_data (project_id, table_id, id, data)
     select $1, $2, gen_random_uuid(), jsonb_build_object('email', 'person' || n || '@example.org', 'full_name', 'N')
     from generate_series(1, $3::integer) n`,
    [projectId, tableId, count],
  )
}
