import { afterAll, beforeAll, expect, test } from 'vitest'
import { readMaterial } from '../corpora/material'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant } from '../helpers/test-studio'

/** Requests of the official client as they were recorded, sent again word for word. */

interface Recorded {
  readonly call: string
  readonly method: string
  readonly raw_url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

const recorded: readonly Recorded[] = JSON.parse(readMaterial('rest/supabase-js-wire.json'))

/** What is answered, where it is not a plain success: functions are none, and mailed codes are not guessed. */
const expected: Readonly<Record<string, readonly [number, string | null]>> = {
  'rpc post': [404, 'PGRST202'],
  'rpc get': [404, 'PGRST202'],
  "schema('other')": [406, 'PGRST106'],
  'insert one': [201, null],
  'insert many .select()': [201, null],
  'insert defaultToNull:false .select().single()': [201, null],
  'upsert onConflict .select()': [201, null],
  // It goes by the primary key, which is another column here; the value is unique all the same.
  'upsert ignoreDuplicates': [409, '23505'],
  'update count': [204, null],
  'delete .eq': [204, null],
  'auth.verifyOtp': [403, 'otp_expired'],
  'auth.signInAnonymously': [422, 'anonymous_provider_disabled'],
  'auth.signOut': [204, null],
  'auth.admin.createUser': [422, 'weak_password'],
}

let studio: HttpStudio
let ref: string
let anon: string
let secret: string
let session = { access_token: '', refresh_token: '' }

beforeAll(async () => {
  studio = await createHttpStudio()
  const { client } = await signUpTenant(studio, 'ada@example.org')
  const { project } = await client.projects.create({ name: 'Recorded' })
  const { database } = await client.databases.create({ projectId: project.id })
  const databaseId = database.id
  ref = database.ref
  await client.schema.apply({
    databaseId,
    edits: [{ type: 'addColumn', table: 'users', column: { name: 'name', type: 'text' } }],
  })
  const texts = ['name', 'n', 'a', 'x', 's', 'q', 'body']
  const numbers = ['b', 'c', 'd', 'e', 'p', 'z', 'amount']
  const columns = [
    { name: 'key', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
    { name: 'id', type: 'text', unique: true },
    ...texts.map((name) => ({ name, type: 'text' })),
    ...numbers.map((name) => ({ name, type: 'numeric' })),
    { name: 'tags', type: 'text[]' },
    { name: 'data', type: 'jsonb' },
    { name: 'author_id', type: 'uuid', references: { table: 'users', column: 'id' } },
  ]
  const { table } = await client.tables.create({ databaseId, schemaJson: { name: 'todo_items', columns } })
  const comments = [
    { name: 'body', type: 'text' },
    { name: 'item', type: 'uuid', references: { table: 'todo_items', column: 'key' } },
  ]
  const other = await client.tables.create({ databaseId, schemaJson: { name: 'comments', columns: comments } })
  const open = { select: 'public', insert: 'public', update: 'public', delete: 'public' } as const
  for (const tableId of [table.id, other.table.id]) await client.rules.set({ databaseId, tableId, ...open })
  const { tables } = await client.tables.list({ databaseId })
  const users = tables.find(({ table_name }) => table_name === 'users')
  await client.rules.set({ databaseId, tableId: users?.id ?? '', ...open, insert: 'none', update: 'none' })
  anon = (await client.keys.create({ databaseId, name: 'web', kind: 'publishable' })).secret
  secret = (await client.keys.create({ databaseId, name: 'server', kind: 'secret' })).secret
  for (const name of ['one', 'two'])
    await studio.send({
      method: 'POST',
      path: `/p/${ref}/rest/v1/todo_items`,
      headers: { apikey: secret, 'content-type': 'application/json' },
      body: JSON.stringify({ name, id: name === 'one' ? '1' : '2' }),
    })
})
afterAll(() => studio.close())

test.each(recorded.map((one, at) => [`${at + 1} ${one.call}`, one] as const))('%s', async (_, one) => {
  const isAdmin = one.call.startsWith('auth.admin')
  const filled = (text: string) =>
    text
      .replaceAll('<anon-key>', isAdmin ? secret : anon)
      .replaceAll('<user-jwt>', session.access_token)
      .replaceAll('<secret>', secret)
  const path = one.raw_url
    .replace('/p/proj42/', `/p/${ref}/`)
    .replace('todo%20items', 'todo_items')
    // The record has none that is the second; one that has gone would be another failure.
    .replace('offset=10&limit=10', 'offset=1&limit=10')
  const body = one.call === 'auth.refreshSession' ? JSON.stringify({ refresh_token: session.refresh_token }) : one.body
  const answer = await studio.send({
    method: one.method,
    path,
    headers: Object.fromEntries(Object.entries(one.headers).map(([name, value]) => [name, filled(value)])),
    ...(body === undefined ? {} : { body }),
  })
  const [status, code] = expected[one.call] ?? [200, null]
  const isPart = answer.status === 206 && answer.headers['content-range'] !== undefined
  expect({ status: isPart ? 200 : answer.status, text: answer.text }).toMatchObject({ status })
  if (code !== null) expect(JSON.parse(answer.text).code).toBe(code)
  if (one.call === 'auth.signUp' || one.call === 'auth.refreshSession') session = JSON.parse(answer.text)
  if (/^auth\.(signUp|signInWithPassword|refreshSession)$/.test(one.call))
    expect(JSON.parse(answer.text)).toMatchObject({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'bearer',
      expires_in: expect.any(Number),
      expires_at: expect.any(Number),
      refresh_token: expect.any(String),
      user: { id: expect.any(String), aud: 'authenticated', role: 'authenticated', email: 'a@b.co' },
    })
})
