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

const tableName = 'items'

async function makeItems(count: number): Promise<string> {
  const { databaseId } = await createProject(client, 'Moments')
  await client.tables.create({
    databaseId,
    schemaJson: {
      name: tableName,
      columns: [
        { name: 'code', type: 'text', primary_key: true },
        { name: 'amount', type: 'integer' },
      ],
    },
  })
  const records = Array.from({ length: count }, (_, at) => ({ code: `c${at}`, amount: at }))
  if (count > 0) await client.records.create({ databaseId, tableName, records })
  return databaseId
}

async function all(databaseId: string) {
  const { records } = await client.records.query({
    databaseId,
    tableName,
    sort: [{ column: 'code', direction: 'asc' }],
    limit: 1000,
  })
  return records.map(({ code, amount }) => ({ code, amount }))
}

/** By the clock of the database, between what was written and what comes. */
async function momentOf(databaseId: string): Promise<string> {
  const { results } = await client.sql.run({
    databaseId,
    query: `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
  })
  return String(results[0]?.rows[0]?.[0])
}

async function idOf(databaseId: string, code: string): Promise<string> {
  const { records } = await client.records.query({ databaseId, tableName, filters: { code } })
  return String(records[0]?._id)
}

test('a table goes back to a moment: what was deleted, changed and made since; and forward again', async () => {
  const databaseId = await makeItems(6)
  const before = await all(databaseId)
  const moment = await momentOf(databaseId)
  const params = async (code: string) => ({ databaseId, recordId: await idOf(databaseId, code) })
  const query = { table: tableName }
  await client.records.delete({ params: await params('c0'), query })
  // Deleted and made again under the same key, changed twice, made and deleted.
  await client.records.create({ databaseId, tableName, record: { code: 'c0', amount: 77 } })
  await client.records.update({ params: await params('c1'), query, body: { record: { amount: 10 } } })
  await client.records.update({ params: await params('c1'), query, body: { record: { amount: 11 } } })
  await client.records.create({ databaseId, tableName, record: { code: 'new', amount: 1 } })
  await client.records.create({ databaseId, tableName, record: { code: 'gone', amount: 1 } })
  await client.records.delete({ params: await params('gone'), query })
  await client.records.delete({ params: await params('c5'), query })
  const after = await all(databaseId)

  expect(await client.changes.previewMoment({ databaseId, tableName, moment })).toEqual({
    added: 2,
    changed: 1,
    removed: 2,
  })
  const { operation, written } = await client.changes.restoreMoment({ databaseId, tableName, moment })
  expect(written).toBe(5)
  expect(await all(databaseId)).toEqual(before)
  await client.changes.undo({ databaseId, operation })
  expect(await all(databaseId)).toEqual(after)
})

test('records that came in a file since go, whatever became of them', async () => {
  const databaseId = await makeItems(3)
  const before = await all(databaseId)
  const moment = await momentOf(databaseId)
  await client.records.deleteMany({ databaseId, tableName, filters: { code: 'c1' } })
  const rows = Array.from({ length: 6000 }, (_, at) => `f${at},${at}${' '.repeat(90)}`)
  const { inserted } = await importFile(client, databaseId, 'a.csv', `code,amount\nc1,5\n${rows.join('\n')}\n`, {
    target: {
      kind: 'table',
      table: tableName,
      mode: 'append',
      key: [],
      columns: [
        { source: 0, column: 'code' },
        { source: 1, column: 'amount' },
      ],
    },
  })
  expect(inserted).toBe(6001)
  await client.records.updateMany({ databaseId, tableName, filters: { code: 'f1' }, record: { amount: 9 } })
  await client.records.deleteMany({ databaseId, tableName, filters: { code: 'f2' } })
  expect(await client.changes.previewMoment({ databaseId, tableName, moment })).toEqual({
    added: 1,
    changed: 0,
    removed: 6000,
  })
  const { operation } = await client.changes.restoreMoment({ databaseId, tableName, moment })
  expect(await all(databaseId)).toEqual(before)
  await client.changes.undo({ databaseId, operation })
  expect((await client.records.count({ databaseId, tableName })).count).toBe(6002)
})

test('a moment that is yet to come, before the table, or before what is kept is refused in words', async () => {
  const databaseId = await makeItems(1)
  for (const [moment, words] of [
    ['2999-01-01T00:00:00Z', 'yet to come'],
    ['2000-01-01T00:00:00Z', 'not kept so long'],
    [new Date(Date.now() - 86_400_000).toISOString(), 'was made after that'],
  ] as const)
    await expect(client.changes.restoreMoment({ databaseId, tableName, moment })).rejects.toThrow(words)
  await expect(
    client.changes.restoreMoment({ databaseId, tableName, moment: await momentOf(databaseId) }),
  ).rejects.toThrow('as they were then')
})
