import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpStudio, type HttpAnswer, type HttpStudio } from '../helpers/http-studio'
import { moveToTier } from '../helpers/storage-tier'
import { type Client, signUpTenant } from '../helpers/test-studio'

/** Calls that meet go to Postgres together: each has its own answer, its own fate, and its own place in the history. */

let studio: HttpStudio
let client: Client
let databaseId: string
let ref: string
let key: string
const tableIds: Record<string, string> = {}

const columns = [
  { name: 'title', type: 'text', required: true },
  { name: 'code', type: 'text', unique: true },
  { name: 'n', type: 'integer' },
  { name: 'big', type: 'bigint' },
  { name: 'amount', type: 'numeric(12,3)' },
  { name: 'ratio', type: 'double' },
  { name: 'small', type: 'real' },
  { name: 'done', type: 'boolean' },
  { name: 'day', type: 'date' },
  { name: 'hour', type: 'time' },
  { name: 'at', type: 'timestamptz' },
  { name: 'local', type: 'timestamp' },
  { name: 'span', type: 'interval' },
  { name: 'other', type: 'uuid' },
  { name: 'meta', type: 'jsonb' },
  { name: 'bytes', type: 'bytea' },
  { name: 'tags', type: 'text[]' },
]

beforeAll(async () => {
  studio = await createHttpStudio()
  const tenant = await signUpTenant(studio, 'ada@example.org')
  client = tenant.client
  const { project } = await client.projects.create({ name: 'Together' })
  const { database } = await client.databases.create({ projectId: project.id })
  ref = database.ref
  databaseId = database.id
  key = (await client.keys.create({ databaseId, name: 'server', kind: 'secret' })).secret
  for (const name of ['shared', 'dedicated']) {
    const { table } = await client.tables.create({ databaseId, schemaJson: { name, columns } })
    tableIds[name] = table.id
  }
  await moveToTier(client, databaseId, [tableIds.dedicated ?? ''], 'dedicated')
})
afterAll(() => studio.close())

function send(method: string, path: string, body?: unknown, prefer?: string): Promise<HttpAnswer> {
  return studio.send({
    method,
    path: `/p/${ref}/rest/v1/${path}`,
    headers: { apikey: key, 'content-type': 'application/json', ...(prefer === undefined ? {} : { prefer }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function read(path: string, prefer?: string): Promise<readonly Record<string, unknown>[]> {
  const { status, text } = await send('GET', path, undefined, prefer)
  expect([200, 206]).toContain(status)
  return JSON.parse(text)
}

const all = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

const text = 'Quote " slash \\ line \n tab \t \u0001 \u{1F600} ü'
const values: readonly Record<string, unknown>[] = [
  { title: text, n: -5, big: '9007199254740993', amount: '-0.500', ratio: 1e21, small: 0.1, done: true },
  {
    title: 'times',
    day: '0099-01-02',
    hour: '23:59:59.5',
    at: '2026-01-02T03:04:05+02:00',
    local: '1999-12-31T23:59:59',
  },
  {
    title: 'rest',
    span: 'P1DT2H',
    other: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
    meta: { a: [1, null, '"'] },
    tags: ['a', null],
  },
  { title: 'empty', meta: [], tags: [], ratio: -0, amount: 0, big: 0, done: false },
  { title: 'none' },
]

describe.each(['shared', 'dedicated'])('the %s tier', (table) => {
  test('a page is the same however its JSON is made', async () => {
    expect((await send('POST', table, values, 'missing=default')).status).toBe(201)
    // Asked often enough to be prepared, and with other values each time.
    for (let time = 0; time < 5; time++)
      for (const { title } of values) {
        const filter = `${table}?title=eq.${encodeURIComponent(String(title))}`
        expect(await read(filter)).toEqual(await read(filter, 'count=exact'))
      }
    const page = `${table}?order=title&limit=3&n=lt.100&select=id,text:title,n,meta->a,local`
    expect(await read(page)).toEqual(await read(page, 'count=exact'))
    expect(await read(page)).toHaveLength(1)
    const first = await read(`${table}?title=eq.none`)
    expect(first).toMatchObject([{ title: 'none', meta: null, at: null }])
    const { status, text: refused } = await send('GET', `${table}?n=eq.many`)
    expect({ status, code: JSON.parse(refused).code }).toEqual({ status: 400, code: '22P02' })
  })

  test('each of many has its own answer', async () => {
    const inserted = await all(40, (n) =>
      send('POST', table, { title: `item ${n}`, code: `c${n}`, n }, 'return=representation'),
    )
    expect(inserted.map(({ status }) => status)).toEqual(inserted.map(() => 201))
    const ids = inserted.map(({ text: body }) => JSON.parse(body)[0].id)
    expect(new Set(ids).size).toBe(40)
    const seen = await all(40, (n) => read(`${table}?id=eq.${ids[n]}`))
    expect(seen.map(([record]) => record?.title)).toEqual(ids.map((_, n) => `item ${n}`))
    // The same records by several at once, in different orders.
    await all(40, (n) => send('PATCH', `${table}?id=eq.${ids[(n * 7) % 10]}`, { title: `changed ${n}` }))
    const [record] = await read(`${table}?id=eq.${ids[0]}&select=title,_revision`)
    expect(record?._revision).toBe(5)
    const { changes } = await client.changes.history({
      params: { databaseId, recordId: ids[0] },
      query: { table },
    })
    expect(new Set(changes.map(({ operation }) => operation)).size).toBe(5)
  })

  test('each of many that are written by one statement is a change of its own', async () => {
    const ids = Array.from({ length: 30 }, () => randomUUID())
    const answers = await all(30, (n) => send('POST', table, { id: ids[n], title: `one ${n}`, meta: { n } }))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
    const changed = await all(30, (n) => send('PATCH', `${table}?id=eq.${ids[n % 15]}`, { n, done: n % 2 === 0 }))
    expect(changed.map(({ status }) => status)).toEqual(changed.map(() => 204))
    const counted = await all(10, (n) =>
      send('PATCH', `${table}?id=eq.${n < 5 ? ids[n] : randomUUID()}`, { n: n + 100, done: null }, 'count=exact'),
    )
    expect(counted.map(({ headers }) => headers['content-range'])).toEqual(
      counted.map((_, n) => (n < 5 ? '0-0/1' : '*/0')),
    )
    const operations = new Set<string>()
    for (const [at, recordId] of ids.entries()) {
      const { changes } = await client.changes.history({ params: { databaseId, recordId }, query: { table } })
      expect(changes).toHaveLength(at < 5 ? 4 : at < 15 ? 3 : 1)
      for (const { operation } of changes) operations.add(operation)
    }
    expect(operations.size).toBe(30 + 30 + 5)
    const [last] = (await client.changes.history({ params: { databaseId, recordId: ids[0] ?? '' }, query: { table } }))
      .changes
    await client.changes.undo({ databaseId, operation: last?.operation ?? '' })
    const seen = await read(`${table}?id=in.(${ids[0]},${ids[1]})&select=title,n,meta&order=title`)
    expect(seen).toMatchObject([
      { title: 'one 0', meta: { n: 0 } },
      { title: 'one 1', n: 101, meta: { n: 1 } },
    ])
    expect([0, 15]).toContain(seen[0]?.n)
  })

  test('one that fails takes nobody with it', async () => {
    const before = (await read(`${table}?select=id`)).length
    const answers = await all(40, (n) =>
      send('POST', table, n % 4 === 0 ? { title: 'twice', code: 'c1' } : { title: `more ${n}`, code: `m${n}` }),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, n) => (n % 4 === 0 ? 409 : 201)))
    expect(await read(`${table}?select=id`)).toHaveLength(before + 30)
  })
})

test('a key that was revoked reads nothing, also among calls that meet', async () => {
  const other = await client.keys.create({ databaseId, name: 'short', kind: 'secret' })
  const ask = (apikey: string) =>
    studio.send({ method: 'GET', path: `/p/${ref}/rest/v1/shared?limit=1`, headers: { apikey } })
  expect((await ask(other.secret)).status).toBe(200)
  await client.keys.revoke({ databaseId, keyId: other.key.id })
  const answers = await all(20, (n) => ask(n % 2 === 0 ? key : other.secret))
  expect(answers.map(({ status }) => status)).toEqual(answers.map((_, n) => (n % 2 === 0 ? 200 : 401)))
})
