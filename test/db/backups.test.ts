import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../helpers/app'
import type { Client } from '../helpers/test-studio'
import { createProject, importFile } from '../helpers/transfers'

let studio: TestApp
let client: Client

beforeAll(async () => {
  studio = await createTestApp()
  const session = studio.app.openSession(studio.app.tokenStore('test'))
  client = createRouterClient(studio.app.router, {
    context: { principal: () => session.principal(), session, userAgent: 'tests', address: null },
  })
})
afterAll(() => studio.close())

async function resultOf<R>(events: AsyncIterable<{ kind: 'progress' } | { kind: 'done'; result: R }>): Promise<R> {
  for await (const event of events) if (event.kind === 'done') return event.result
  throw new Error('No result')
}

const csv = `id,name\n${Array.from({ length: 300 }, (_, at) => `${at + 1},record ${at + 1}`).join('\n')}\n`

test('a backup is proven by a test restore, restored into a new project, and deleted', async () => {
  const { databaseId } = await createProject(client, 'Shop')
  await importFile(client, databaseId, 'items.csv', csv, {
    target: {
      kind: 'new',
      schema: {
        name: 'items',
        columns: [
          { name: 'id', type: 'integer', primary_key: true },
          { name: 'name', type: 'text' },
        ],
      },
      columns: [
        { source: 0, column: 'id' },
        { source: 1, column: 'name' },
      ],
    },
  })
  const before = (await client.projects.list()).projects.length
  const made = await resultOf(await client.backups.create({ databaseId }))
  expect(made).toMatchObject({ kind: 'asked', records: 300, tables: 2, problem: null })
  expect(made.proven_at).not.toBeNull()
  // What it was tried in is gone, also from the bin.
  expect((await client.projects.list()).projects.length).toBe(before)
  expect((await client.projects.list({ deleted: true })).projects).toEqual([])

  await client.records.deleteMany({ databaseId, tableName: 'items', filters: {} })
  const { project } = await resultOf(await client.backups.restore({ databaseId, backupId: made.id }))
  expect(project.name).toMatch(/^Shop of /)
  const restored = await client.records.count({ databaseId: project.database_id ?? '', tableName: 'items' })
  expect(restored.count).toBe(300)
  expect((await client.records.count({ databaseId, tableName: 'items' })).count).toBe(0)

  // What the world knows the project by goes over to the restored one, and its backups with it.
  const restoredId = project.database_id ?? ''
  const former = await client.databases.get({ databaseId })
  const { key } = await client.keys.create({
    databaseId,
    name: 'web',
    kind: 'publishable',
    scopes: [{ table: 'items', verbs: ['select'] }],
  })
  expect((await client.backups.list({ databaseId: restoredId })).restoredFrom).toMatchObject({ name: 'Shop' })
  const taken = await client.backups.takePlace({ databaseId: restoredId })
  expect(taken.project).toMatchObject({ id: project.id, name: 'Shop' })
  expect((await client.databases.get({ databaseId: restoredId })).database.ref).toBe(former.database.ref)
  expect((await client.keys.list({ databaseId: restoredId })).keys).toContainEqual(
    expect.objectContaining({ id: key.id, scopes: [{ table: 'items', verbs: ['select'] }] }),
  )
  expect((await client.projects.list({ deleted: true })).projects).toMatchObject([{ name: 'Shop' }])
  await expect(client.backups.takePlace({ databaseId: restoredId })).rejects.toThrow('no place to take')

  expect((await client.backups.list({ databaseId: restoredId })).restoredFrom).toBeNull()
  await client.backups.delete({ databaseId: restoredId, backupId: made.id })
  expect((await client.backups.list({ databaseId: restoredId })).backups).toEqual([])
})

test('a project is duplicated with its records, and without', async () => {
  const { databaseId } = await createProject(client, 'Original')
  await client.records.create({
    databaseId,
    tableName: 'users',
    record: { email: 'a@example.org', password_hash: 'a password' },
  })
  for (const [records, count] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const { project } = await resultOf(await client.backups.duplicate({ databaseId, name: `Copy ${count}`, records }))
    const copy = project.database_id ?? ''
    expect((await client.records.count({ databaseId: copy, tableName: 'users' })).count).toBe(count)
    const columns = async (id: string) =>
      (await client.tables.list({ databaseId: id })).tables.map(({ schema_json }) => schema_json)
    expect(await columns(copy)).toEqual(await columns(databaseId))
  }
})

test('the plan is kept', async () => {
  const { databaseId } = await createProject(client, 'Planned')
  await client.backups.setPlan({ databaseId, plan: { every: 'weekly', keep: 3 } })
  expect(await client.backups.list({ databaseId })).toMatchObject({
    plan: { every: 'weekly', keep: 3 },
    available: true,
  })
})
