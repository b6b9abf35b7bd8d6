import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestServer, type TestServer } from '../helpers/app'
import { type MistralServer, startMistralServer } from '../helpers/mistral-server'

const key = 'sk-of-the-operator-1618'
let mistral: MistralServer
let server: TestServer
let token = ''
let databaseId = ''

beforeAll(async () => {
  mistral = await startMistralServer()
  server = await createTestServer({ embedded: false, mistral: { apiKey: key, serverUrl: mistral.url } })
  const signed = await call('POST', '/api/auth/signup', { email: 'ada@example.org', password: 'correct horse' })
  token = signed.body.access_token
  const { project } = (await call('POST', '/api/projects', { name: 'Shop' })).body
  databaseId = (await call('POST', '/api/database/create', { projectId: project.id })).body.database.id
})
beforeEach(() => {
  mistral.reset()
  mistral.accept(key)
})
afterAll(async () => {
  await server?.close()
  await mistral?.close()
})

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.http.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text, body: text === '' ? null : JSON.parse(text) }
}
const at = (path: string) => `/api/database/${databaseId}${path}`
const tables = async (): Promise<string[]> =>
  (await call('GET', at('/tables'))).body.tables.map((table: { table_name: string }) => table.table_name).sort()

test('description, draft, refinement, apply, question, run', async () => {
  mistral.next({
    say: `\`\`\`json\n${JSON.stringify({
      tables: [
        {
          name: 'orders',
          columns: [
            { name: 'customer_id', type: 'uuid', references: { table: 'customers', column: 'id' } },
            { name: 'total', type: 'decimal(10,2)' },
          ],
        },
        { name: 'customers', columns: [{ name: 'fullName', type: 'varchar(80)', required: true }] },
      ],
    })}\n\`\`\``,
  })
  const first = await call('POST', at('/schema/generate'), { description: 'A shop' })
  expect(first.status).toBe(200)
  expect(Object.keys(first.body)).toEqual(expect.arrayContaining(['edits', 'draft', 'notes', 'usage']))
  expect(await tables()).toEqual(['users'])

  mistral.next({
    say: { edits: [{ type: 'addColumn', table: 'orders', column: { name: 'status', type: 'text', default: 'open' } }] },
  })
  const second = await call('POST', at('/schema/generate'), {
    description: 'Orders have a status',
    draft: first.body.draft,
    messages: [
      { role: 'user', content: 'A shop' },
      { role: 'assistant', content: first.body.reply },
    ],
  })
  const byHand = { type: 'renameColumn', table: 'customers', column: 'full_name', name: 'name' }
  const edits = [...first.body.edits, ...second.body.edits, byHand]
  expect((await call('POST', at('/schema/apply'), { edits, dryRun: true })).status).toBe(200)
  expect(await tables()).toEqual(['users'])
  expect((await call('POST', at('/schema/apply'), { edits })).status).toBe(200)
  expect(await tables()).toEqual(['customers', 'orders', 'users'])

  const { record } = (await call('POST', at('/records/create'), { tableName: 'customers', record: { name: 'Ada' } }))
    .body
  await call('POST', at('/records/create'), { tableName: 'orders', record: { customer_id: record.id, total: '12.50' } })
  mistral.next(
    { say: { sql: 'select fullname from customers', explanation: '' } },
    {
      say: {
        sql: 'select c.name, sum(o.total) as spent from customers c join orders o on o.customer_id = c.id group by c.name',
        explanation: 'What each spent.',
      },
    },
  )
  const asked = await call('POST', at('/sql/generate'), { question: 'What did each customer spend?' })
  expect(asked.body).toMatchObject({ valid: true, tables: ['customers', 'orders'], explanation: 'What each spent.' })
  const ran = await call('POST', at('/sql'), { query: asked.body.sql, readOnly: true })
  expect(ran.body.results[0].rows).toEqual([['Ada', '12.50']])

  mistral.next({
    say: {
      name: 'reviews',
      columns: [
        { name: 'stars', type: 'int4' },
        { name: 'customerId', type: 'uuid', references: { table: 'customers', column: 'id' } },
      ],
    },
  })
  const made = await call('POST', at('/tables/create'), { description: 'A review with stars' })
  expect(made.status).toBe(201)
  expect(made.body.table.table_name).toBe('reviews')
})

test.each([
  ['no JSON', { say: 'No.' }, 503],
  ['a rate limit', { status: 429, body: { message: 'Rate limit exceeded' }, headers: { 'retry-after': '1' } }, 429],
  ['a wrong key', { status: 401, body: { detail: 'Unauthorized' } }, 503],
] as const)(
  '%s is an error with a sentence, and changes nothing',
  async (_, reply, status) => {
    mistral.otherwise(reply)
    const before = await tables()
    for (const [path, body] of [
      ['/schema/generate', { description: 'A blog' }],
      ['/tables/create', { description: 'A blog post' }],
    ] as const) {
      const answer = await call('POST', at(path), body)
      expect(answer.status).toBe(status)
      expect(answer.body.error).toMatch(/^[A-Z0-9].*\.$/)
      expect(answer.text).not.toContain(key)
    }
    expect(await tables()).toEqual(before)
  },
  180_000,
)

test('the key is in no answer, no log and no file of the studio', async () => {
  mistral.otherwise({ status: 500, body: { message: `failed for ${key}` } })
  const answer = await call('POST', at('/sql/generate'), { question: 'All customers' })
  expect(answer.text).not.toContain(key)
  expect(server.log.join('\n')).not.toContain(key)
  for (const file of await readdir(server.dataDir, { recursive: true, withFileTypes: true }))
    if (file.isFile()) expect((await readFile(join(file.parentPath, file.name))).includes(key)).toBe(false)
}, 120_000)
