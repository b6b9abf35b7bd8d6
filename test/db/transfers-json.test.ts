import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createTestStudio, type TestStudio } from '../helpers/test-studio'
import { createProject, exportFile, importFile, sendFile } from '../helpers/transfers'

let studio: TestStudio
let client: Client

beforeAll(async () => {
  studio = await createTestStudio({ embedded: true })
  client = studio.client(await ownerContext())
})
afterAll(() => studio.close())

async function ownerContext() {
  const { localOwner } = await import('../../src/main/features/accounts/accounts.service')
  const principal = await studio.db.withoutTenant((tx) => localOwner(tx))
  return { principal: async () => principal }
}

const text = async (databaseId: string) => (await exportFile(client, databaseId, 'json')).toString('utf8')

/** Tables whose values say their types, few records and many. */
async function shop(): Promise<string> {
  const { databaseId } = await createProject(client, 'Shop')
  const create = (name: string, columns: readonly object[]) =>
    client.tables.create({ databaseId, schemaJson: { name, columns } as never })
  await create('makers', [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'name', type: 'text' },
    { name: 'founded', type: 'date' },
    { name: 'facts', type: 'jsonb' },
  ])
  await create('items', [
    { name: 'id', type: 'uuid', primary_key: true },
    { name: 'maker', type: 'integer', references: { table: 'makers', column: 'id' } },
    { name: 'code', type: 'bigint' },
    { name: 'price', type: 'numeric' },
    { name: 'sold', type: 'boolean' },
    { name: 'at', type: 'timestamptz' },
  ])
  const insert = (tableName: string, record: object) =>
    client.records.create({ databaseId, tableName, record: record as never })
  await insert('makers', {
    id: 1,
    name: 'Ada "the\nfirst" \\ ]}',
    founded: '1815-12-10',
    facts: { a: [1, { b: null }] },
  })
  await insert('makers', { id: 2, name: null, founded: null, facts: ['x'] })
  const lines = Array.from(
    { length: 9_000 },
    (_, at) =>
      `${1 + (at % 2)},${9_007_199_254_740_993n + BigInt(at)},${at}.50,${at % 3 === 0},2026-01-01T00:00:00.${String(at).padStart(6, '0')}Z`,
  )
  await importFile(client, databaseId, 'items.csv', `maker,code,price,sold,at\n${lines.join('\n')}\n`, {
    target: {
      kind: 'table',
      table: 'items',
      mode: 'append',
      key: [],
      columns: ['maker', 'code', 'price', 'sold', 'at'].map((column, source) => ({ source, column })),
    },
  })
  return databaseId
}

test('a database that was exported as JSON comes back as its tables, with the same records', async () => {
  const databaseId = await shop()
  const before = await text(databaseId)
  const { databaseId: copy } = await createProject(client, 'Copy')
  const file = await sendFile(client, copy, 'shop.json', before)
  const seen = await client.transfers.inspect({ databaseId: copy, file, options: {} })
  expect(seen).toMatchObject({
    format: 'json',
    records: { count: 9_002, estimated: false },
    tables: [
      { source: 'users', records: 0 },
      { source: 'makers', name: 'makers', columns: 4, records: 2 },
      { source: 'items', name: 'items', columns: 6, records: 9_000 },
    ],
  })
  const result = await importFile(client, copy, 'shop.json', before, { target: { kind: 'database' }, onReject: 'stop' })
  expect(result).toMatchObject({ done: true, inserted: 9_002, rejectedCount: 0, notes: [] })
  expect(await text(copy)).toBe(before)
  const { tables } = await client.tables.list({ databaseId: copy })
  const typesOf = (name: string) =>
    tables
      .find(({ table_name }) => table_name === name)
      ?.schema_json.columns.map((column) => `${column.name} ${column.type}${column.primary_key ? ' key' : ''}`)
  expect(typesOf('makers')).toEqual(['id integer key', 'name text', 'founded date', 'facts jsonb'])
  expect(typesOf('items')).toEqual([
    'id uuid key',
    'maker integer',
    'code bigint',
    'price numeric',
    'sold boolean',
    'at timestamptz',
  ])
  // The people's table stayed what it is: somebody can sign up.
  await client.endUsers.signup({
    databaseId: copy,
    email: 'eve@example.org',
    password: 'correct horse',
    full_name: 'Eve',
  })

  // A second time there are records in its way.
  await expect(
    importFile(client, copy, 'shop.json', before, { target: { kind: 'database', mode: 'new' } }),
  ).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('into the tables that are there: by their keys, as new records, or in place of them', async () => {
  const databaseId = await shop()
  const before = await text(databaseId)
  const bring = (mode: 'append' | 'upsert' | 'replace', content = before) =>
    importFile(client, databaseId, 'shop.json', content, { target: { kind: 'database', mode }, onReject: 'skip' })

  await client.records.update({
    params: { databaseId, recordId: await idOf(databaseId) },
    query: { table: 'makers' },
    body: { record: { name: 'Changed' } },
  })
  const upserted = await bring('upsert')
  expect(upserted).toMatchObject({ done: true, inserted: 0, updated: 9_002, rejectedCount: 0 })
  expect(await text(databaseId)).toBe(before)

  // Children first in the file, parents first in the database; and a table that is not there yet.
  const more = JSON.stringify({
    items: [{ id: '0190a000-0000-7000-8000-000000000001', maker: 3, price: '1.5' }],
    makers: [{ id: 3, name: 'New', motto: 'lost' }],
    notes: [{ text: 'first' }, { text: 'second', stars: 5 }],
    blank: [],
  })
  const added = await bring('append', more)
  expect(added).toMatchObject({ done: true, inserted: 4, rejectedCount: 0 })
  expect(added.notes).toEqual([
    expect.stringContaining('“blank” has no records in the file'),
    '“motto” of makers is left out: table “makers” has no such column.',
  ])
  expect(added.tables.map(({ table, created }) => [table, created])).toEqual([
    ['makers', false],
    ['items', false],
    ['notes', true],
    ['blank', true],
  ])
  // Each is undone.
  for (const one of [...added.tables].reverse())
    if (one.created) await client.tables.delete({ databaseId, tableId: one.tableId })
    else await client.changes.undo({ databaseId, operation: one.operation ?? '' })
  expect(await text(databaseId)).toBe(before)

  await bring('append', more.replace('"maker":3', '"maker":2').replace('"id":3', '"id":4'))
  const replaced = await bring('replace')
  expect(replaced).toMatchObject({ done: true, rejectedCount: 0 })
  const { notes, blank, ...left } = JSON.parse(await text(databaseId))
  expect([notes, blank]).toMatchObject([{ length: 2 }, { length: 0 }])
  expect(left).toEqual(JSON.parse(before))
})

async function idOf(databaseId: string): Promise<string> {
  const { records } = await client.records.query({ databaseId, tableName: 'makers', limit: 1 })
  return String(records[0]?._id)
}

test('JSON that only looks like tables is read as records, and a broken file says its line', async () => {
  const { databaseId } = await createProject(client, 'Other')
  const inspect = async (name: string, content: string) =>
    client.transfers.inspect({ databaseId, file: await sendFile(client, databaseId, name, content), options: {} })
  expect(await inspect('page.json', '{"data": [{"a": 1}], "total": 5}')).toMatchObject({
    tables: [],
    records: { count: 1 },
    columns: [{ source: 'data' }, { source: 'total' }],
  })
  expect(await inspect('lines.ndjson', '{"tags": [{"a": 1}]}\n{"tags": []}\n')).toMatchObject({
    tables: [],
    records: { count: 2 },
  })
  const cut = '{"a": [\n{"n": 1},\n{"n": 2},\n{"n": '
  expect(await inspect('cut.json', cut)).toMatchObject({
    tables: [{ name: 'a', records: 2 }],
    problems: [{ line: 4 }, { line: 4 }],
  })
  const refused = await importFile(client, databaseId, 'cut.json', cut, {
    target: { kind: 'database' },
    onReject: 'stop',
  })
  expect(refused).toMatchObject({ done: false, inserted: 0 })
  expect(refused.rejected[0]).toMatchObject({ line: 4 })
  const wrong = await importFile(client, databaseId, 'wrong.json', '{"b": [\n{"n": 1},\n7,\n{"n": 3}\n]}', {
    target: { kind: 'database' },
  })
  expect(wrong).toMatchObject({ done: true, inserted: 2, rejected: [{ line: 3 }] })
})
