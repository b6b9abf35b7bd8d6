import { createRouterClient } from '@orpc/server'
import type { ImportTargetInput } from '@shared/contract/transfers.contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { largeFile } from '../../src/main/features/transfers/transfers.service'
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

const padding = 'x'.repeat(80)
const columns = ['code', 'parent', 'owner', 'note'].map((column, source) => ({ source, column }))

/** So many rows that the file is loaded and not inserted. */
function csvOf(from: number, count: number, extra: readonly string[] = []): string {
  const rows = Array.from({ length: count }, (_, at) => `${from + at},,,${padding}`)
  const text = `code,parent,owner,note\n${[...rows, ...extra].join('\n')}\n`
  expect(text.length).toBeGreaterThan(largeFile)
  return text
}

async function makeItems(): Promise<{ readonly databaseId: string; readonly owner: string }> {
  const { databaseId } = await createProject(client, 'Items')
  await client.tables.create({
    databaseId,
    schemaJson: { name: 'people', columns: [{ name: 'name', type: 'text' }] },
  })
  await client.tables.create({
    databaseId,
    schemaJson: {
      name: 'items',
      columns: [
        { name: 'code', type: 'integer', primary_key: true },
        { name: 'parent', type: 'integer', references: { table: 'items', column: 'code' } },
        { name: 'owner', type: 'uuid', references: { table: 'people', column: 'id' } },
        { name: 'note', type: 'text' },
      ],
    },
  })
  const { record } = await client.records.create({ databaseId, tableName: 'people', record: { name: 'Ada' } })
  return { databaseId, owner: String(record?.id) }
}

const intoItems: ImportTargetInput = { kind: 'table', table: 'items', mode: 'append', key: [], columns }

test('a large file joins the records of a small table, and of one with a relation of its own', async () => {
  const { databaseId, owner } = await makeItems()
  const count = async () => (await client.records.count({ databaseId, tableName: 'items' })).count
  await client.records.create({ databaseId, tableName: 'items', record: { code: 1, note: 'the first' } })

  // The record that is there keeps its values; who points to it may.
  const small = await importFile(client, databaseId, 'a.csv', csvOf(10, 6000, ['1,,,taken', `9,1,${owner},fine`]), {
    target: intoItems,
  })
  expect(small).toMatchObject({ inserted: 6001, rejectedCount: 1 })
  expect(small.rejected).toEqual([{ line: 6002, column: 'code', reason: 'A record of "items" has the same "code".' }])
  expect(await count()).toBe(6002)
  const [first] = (await client.records.query({ databaseId, tableName: 'items', filters: { code: 1 } })).records
  expect(first).toMatchObject({ note: 'the first', _revision: 1 })

  const bad = [
    '10,,,taken',
    '20001,10,,points to a record that was there',
    '20002,20001,,points to the row above',
    '20003,99999,,points to nothing',
    '20004,20003,,points to a row that is rejected',
    '20005,,00000000-0000-4000-8000-000000000000,nobody owns it',
    '20001,,,there above',
    'many,,,no number',
  ]
  const large = await importFile(client, databaseId, 'b.csv', csvOf(10_000, 6000, bad), { target: intoItems })
  expect(large).toMatchObject({ inserted: 6002, rejectedCount: 6 })
  expect(large.rejected.map(({ line, column }) => [line, column]).sort()).toEqual(
    [
      [6002, 'code'],
      [6005, 'parent'],
      [6006, 'parent'],
      [6007, 'owner'],
      [6008, 'code'],
      [6009, 'code'],
    ].sort(),
  )
  expect(await count()).toBe(12_004)

  // All or nothing: nothing, and the table is as it was.
  const refused = await importFile(client, databaseId, 'c.csv', csvOf(30_000, 6000, ['10,,,taken']), {
    target: intoItems,
    onReject: 'stop',
  })
  expect(refused).toMatchObject({ done: false, inserted: 0, rejectedCount: 1 })
  expect(await count()).toBe(12_004)

  // One step back takes the file's records, and only those.
  const operation = large.tables[0]?.operation ?? ''
  await client.changes.undo({ databaseId, operation })
  expect(await count()).toBe(6002)
  await client.changes.undo({ databaseId, operation: small.tables[0]?.operation ?? '' })
  expect(await count()).toBe(1)
})

test('records that are written while a file is read are neither lost nor doubled', async () => {
  const { databaseId } = await makeItems()
  await importFile(client, databaseId, 'a.csv', csvOf(1, 6000), { target: intoItems })
  const writing = (async () => {
    for (let code = 50_000; code < 50_040; code++)
      await client.records.create({ databaseId, tableName: 'items', record: { code, note: 'meanwhile' } })
  })()
  const [result] = await Promise.all([
    importFile(client, databaseId, 'b.csv', csvOf(10_000, 40_100), { target: intoItems }),
    writing.catch((error: unknown) => expect(error).toMatchObject({ code: 'CONFLICT' })),
  ])
  const all = await client.records.count({ databaseId, tableName: 'items' })
  const meanwhile = await client.records.count({ databaseId, tableName: 'items', filters: { note: 'meanwhile' } })
  expect(all.count).toBe(6000 + result.inserted + meanwhile.count)
  expect(result.inserted + result.rejectedCount).toBe(40_100)
  // Every code is there once, whoever was first.
  expect(meanwhile.count + result.inserted).toBe(40_100 + (meanwhile.count - result.rejectedCount))
})
