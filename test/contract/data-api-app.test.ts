import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  languages,
  setUp,
  signInSnippet,
  signUpSnippet,
  tableSnippets,
} from '../../src/renderer/src/features/api/rest-snippets'
import { createNotesApp, type NotesApp, ownNotes } from '../helpers/notes-app'

/** An app as somebody would write it, with nothing but the official client. */

let app: NotesApp
let studio: NotesApp['studio']
let tenant: NotesApp['tenant']
let databaseId: string
let ref: string
let tableId: string
let publishable: string
beforeAll(async () => {
  app = await createNotesApp([], { name: 'body', type: 'text', required: true })
  ;({ studio, tenant, databaseId, ref, tableId, publishable } = app)
})
afterAll(() => app.close())

const clientOf = (key: string, token?: string) => app.clientOf(key, token === undefined ? {} : { token })

test('two people sign up, and each sees, changes and deletes only what is theirs', async () => {
  const her = await app.signUp('grace@example.org')
  const grace = clientOf(publishable, her.token)
  const alan = clientOf(publishable, (await app.signUp('alan@example.org')).token)
  const made = await grace.from('notes').insert({ body: 'of Grace' }).select().single()
  expect(made.data).toMatchObject({ body: 'of Grace', user_id: her.id })
  await alan.from('notes').insert({ body: 'of Alan' })

  expect((await grace.from('notes').select('body')).data).toEqual([{ body: 'of Grace' }])
  expect((await alan.from('notes').select('body', { count: 'exact' })).count).toBe(1)
  expect((await alan.from('notes').update({ body: 'taken' }).eq('id', made.data.id).select()).data).toEqual([])
  expect((await alan.from('notes').delete({ count: 'exact' }).eq('id', made.data.id)).count).toBe(0)
  const forOther = await alan.from('notes').insert({ body: 'x', user_id: her.id })
  expect(forOther).toMatchObject({ status: 403, error: { code: '42501' } })
  const given = await alan.from('notes').update({ user_id: her.id }).eq('body', 'of Alan')
  expect(given).toMatchObject({ status: 403, error: { code: '42501' } })
  expect((await grace.from('notes').select('body').eq('id', made.data.id).single()).data).toEqual({ body: 'of Grace' })
  expect(await clientOf(publishable).from('notes').select()).toMatchObject({ status: 401, error: { code: '42501' } })
})

test('the trial of a rule says who reaches what, and why, and keeps nothing', async () => {
  const { client } = tenant
  const people = await client.records.query({ databaseId, tableName: 'users', limit: 10, count: 'none' })
  const grace = String(people.records.find(({ email }) => email === 'grace@example.org')?._id)
  const read = await client.rules.test({ databaseId, tableId, verb: 'select', as: { user: grace } })
  expect(read).toMatchObject({ allowed: 1, refused: 1 })
  expect(read.records.map(({ label, because }) => ({ label, because }))).toEqual([
    { label: 'of Grace', because: 'Allowed: user_id is their own.' },
    { label: 'of Alan', because: "Refused: user_id is somebody else's." },
  ])
  const nobody = await client.rules.test({ databaseId, tableId, verb: 'select', as: 'anonymous' })
  expect(nobody.records[0]?.because).toBe('Refused: the rule asks for a sign-in.')
  const gone = await client.rules.test({ databaseId, tableId, verb: 'delete', as: { user: grace } })
  expect(gone.outcome).toMatchObject({ ok: true })
  const insert = await client.rules.test({
    databaseId,
    tableId,
    verb: 'insert',
    as: { user: grace },
    record: { body: 'x' },
  })
  expect(insert.outcome).toMatchObject({ ok: true, record: { body: 'x', user_id: grace } })
  const { count } = await client.records.count({ databaseId, tableName: 'notes', mode: 'exact' })
  expect(count).toBe(2)
})

test('a key that is revoked is refused at once, also by a server that has just used it', async () => {
  const { key, secret } = await tenant.client.keys.create({ databaseId, name: 'server', kind: 'secret' })
  const server = clientOf(secret)
  expect((await server.from('notes').select('body')).data).toHaveLength(2)
  await tenant.client.keys.revoke({ databaseId, keyId: key.id })
  expect(await server.from('notes').select('body')).toMatchObject({ status: 401, error: { code: 'PGRST301' } })
})

test('scopes hold a key to its tables and verbs, and rotating keeps the old one for a while', async () => {
  const scopes = [{ table: 'notes', verbs: ['select' as const] }]
  const { key, secret } = await tenant.client.keys.create({ databaseId, name: 'reader', kind: 'secret', scopes })
  const reader = clientOf(secret)
  expect((await reader.from('notes').select('body')).data).toHaveLength(2)
  expect(await reader.from('notes').insert({ body: 'x' })).toMatchObject({ status: 403, error: { code: '42501' } })
  expect(await reader.from('users').select('email')).toMatchObject({ status: 403 })
  const rotated = await tenant.client.keys.rotate({ databaseId, keyId: key.id })
  expect((await clientOf(rotated.secret).from('notes').select('body')).data).toHaveLength(2)
  expect((await reader.from('notes').select('body')).data).toHaveLength(2)
  const listed = await tenant.client.keys.list({ databaseId })
  expect(JSON.stringify(listed)).not.toContain(secret)
})

test('answers tell the rates, browsers are let in, and what was asked is in the log', async () => {
  const headers = { apikey: publishable, origin: 'https://app.example.org' }
  const path = `/p/${ref}/rest/v1/notes?select=body`
  const answer = await studio.send({ method: 'GET', path, headers })
  expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*' })
  expect(Number(answer.headers['ratelimit-remaining'])).toBeGreaterThan(0)
  const asked = await studio.send({
    method: 'OPTIONS',
    path,
    headers: { origin: 'https://app.example.org', 'access-control-request-method': 'PATCH' },
  })
  expect(asked).toMatchObject({ status: 204 })
  expect(asked.headers['access-control-allow-methods']).toContain('PATCH')
  await expect
    .poll(async () => (await tenant.client.api.requests({ databaseId })).requests.length, { timeout: 20_000 })
    .toBeGreaterThan(5)
  const { requests } = await tenant.client.api.requests({ databaseId, status: 'failed' })
  expect(requests.every(({ status }) => status >= 400)).toBe(true)
  expect(JSON.stringify(requests)).not.toContain(publishable)
})

test('what is documented runs as it stands, in every language', async (context) => {
  const place = {
    baseUrl: `${studio.url}/p/${ref}`,
    key: (await tenant.client.keys.create({ databaseId, name: 'docs', kind: 'secret' })).secret,
  }
  const { tables } = await tenant.client.tables.list({ databaseId })
  const table = tables.find(({ table_name }) => table_name === 'notes')
  if (!table) throw new Error('No table')
  const run = promisify(execFile)
  for (const language of languages)
    expect(tableSnippets(language, place, table).every(({ text }) => text.includes('notes'))).toBe(true)
  for (const { text } of tableSnippets('curl', place, table)) {
    const { stdout } = await run('sh', ['-c', `${setUp('curl', place)}\n${text} -w ' %{http_code}'`])
    expect(stdout).toMatch(/ 20\d$/)
  }
  const web = { ...place, key: publishable }
  const signing = [signUpSnippet('curl', web), signInSnippet('curl', web)].join('\n')
  const asThem = `curl -s "${place.baseUrl}/auth/v1/user" -H "apikey: $API_KEY" -H "Authorization: Bearer $ACCESS_TOKEN"`
  const them = await run('sh', ['-c', `${setUp('curl', web)}\n${signing}\n${asThem}`])
  expect(them.stdout).toMatch(/"email":"ada@example\.com","phone"/)
  for (const { text } of tableSnippets('typescript', place, table)) {
    // As an app would have it in a module of its own; only where the client comes from is another place.
    const program = `${setUp('typescript', place)}\n${text}\nif (error) throw error`
      .replace("import { createClient } from '@supabase/supabase-js'", '')
      .replace(/createClient\((.*)\)/, 'createClient($1, options)')
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor
    await new AsyncFunction('createClient', 'options', program)(createClient, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: class {} },
    })
  }
  const hasRequests = await run('python3', ['-c', 'import requests']).then(
    () => true,
    () => false,
  )
  // They use the library that everybody has, which is not everywhere.
  if (!hasRequests) return context.skip()
  for (const { text } of tableSnippets('python', place, table)) {
    // Answers that are no success have no place among the snippets: the last call's status is looked at beside them.
    const seen =
      'import requests\n_send = requests.Session.send\ndef _seen(self, *a, **k):\n  r = _send(self, *a, **k)\n  r.raise_for_status()\n  return r\nrequests.Session.send = _seen'
    await run('python3', ['-c', `${seen}\n${setUp('python', place)}\n${text}`])
  }
  const who = `print(requests.get('${place.baseUrl}/auth/v1/user', headers=headers).json())`
  const { stdout } = await run('python3', ['-c', [setUp('python', web), signInSnippet('python', web), who].join('\n')])
  expect(stdout).toContain('ada@example.com')
})

test('the description of the API has what the key may reach, and nothing else', async () => {
  const read = async (apikey: string, path = `/p/${ref}/rest/v1/`) => {
    const { status, headers, text } = await studio.send({ method: 'GET', path, headers: { apikey } })
    return { status, type: headers['content-type'], document: JSON.parse(text) }
  }
  const open = await read(publishable)
  expect(open).toMatchObject({ status: 200, document: { openapi: '3.1.0' } })
  expect(open.type).toContain('application/openapi+json')
  const { get, post, patch } = open.document.paths['/notes']
  expect(get.parameters.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['body', 'Prefer']))
  expect(post.parameters.map(({ name }: { name: string }) => name)).toContain('on_conflict')
  expect(open.document.components.schemas.notes.required).toEqual(['body'])
  // What is to be changed need not be all of a record.
  expect(patch.requestBody.content['application/json'].schema).not.toHaveProperty('required')
  // A sign-in would open the notes; nothing opens the users.
  expect(Object.keys(open.document.paths)).toEqual(['/notes'])
  expect(Object.keys(open.document.paths['/notes'])).toEqual(['get', 'post', 'patch', 'delete'])
  expect((await read(publishable, `/rest/v1/${ref}/`)).document).toEqual(open.document)
  const { key, secret } = await tenant.client.keys.create({
    databaseId,
    name: 'readers',
    kind: 'secret',
    scopes: [{ table: 'users', verbs: ['select'] }],
  })
  const { document } = await read(secret)
  expect(Object.keys(document.paths)).toEqual(['/users'])
  expect(Object.keys(document.paths['/users'])).toEqual(['get'])
  expect(JSON.stringify(document)).not.toContain('password_hash')
  await tenant.client.rules.set({ databaseId, tableId, select: 'public', hidden: ['user_id'] })
  const hidden = (await read(publishable)).document
  expect(Object.keys(hidden.paths['/notes'])).toEqual(['get'])
  expect(Object.keys(hidden.components.schemas.notes.properties)).not.toContain('user_id')
  await tenant.client.keys.revoke({ databaseId, keyId: key.id })
  expect((await read(secret)).status).toBe(401)
  await tenant.client.rules.set({ databaseId, tableId, ...ownNotes })
})
