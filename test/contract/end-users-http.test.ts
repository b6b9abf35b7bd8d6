import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant, type Tenant } from '../helpers/test-studio'

let studio: HttpStudio
let owner: Tenant
let databaseId: string
let other: string

beforeAll(async () => {
  studio = await createHttpStudio()
  owner = await signUpTenant(studio, 'owner@example.org')
  databaseId = await newDatabase('Shop')
  other = await newDatabase('Other')
})

afterAll(() => studio.close())

async function newDatabase(name: string): Promise<string> {
  const { project } = await owner.client.projects.create({ name })
  return (await owner.client.databases.create({ projectId: project.id })).database.id
}

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

async function auth(call: string, body: object, token?: string, database = databaseId): Promise<Answer> {
  const path = `/api/database/${database}/auth/${call}`
  const { status, text } = await studio.call({ method: 'POST', path, body }, token)
  return { status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
}

const password = 'correct horse'

test('somebody signs up, in and out, as a record of the table users', async () => {
  const up = await auth('signup', { email: ' Ada@Example.org ', password, full_name: 'Ada Lovelace' })
  expect(up).toMatchObject({
    status: 201,
    body: { user: { email: 'ada@example.org', full_name: 'Ada Lovelace' }, expires_in: 3600 },
  })
  const { records } = await owner.client.records.query({ databaseId, tableName: 'users' })
  expect(records).toMatchObject([{ email: 'ada@example.org', full_name: 'Ada Lovelace' }])
  expect(JSON.stringify([up, records])).not.toContain('password_hash')

  const again = await auth('signup', { email: 'ada@example.org', password })
  expect(again).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  const inside = await auth('login', { email: 'ADA@example.org', password })
  expect(inside).toMatchObject({ status: 200, body: { user: { email: 'ada@example.org' } } })
  expect((await auth('logout', {}, String(inside.body.access_token))).status).toBe(204)
  const ended = await auth('logout', {}, String(inside.body.access_token))
  expect(ended).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
  const refreshed = await auth('refresh', { refresh_token: inside.body.refresh_token })
  expect(refreshed).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
})

test('a wrong password and an unknown address get one answer', async () => {
  const wrong = await auth('login', { email: 'ada@example.org', password: 'wrong horse' })
  const unknown = await auth('login', { email: 'nobody@example.org', password })
  expect(wrong).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
  expect(unknown).toEqual(wrong)
})

test('the second use of a refresh token ends the whole sign-in', async () => {
  const { body: first } = await auth('login', { email: 'ada@example.org', password })
  const { body: second, status } = await auth('refresh', { refresh_token: first.refresh_token })
  expect(status).toBe(200)
  expect((await auth('refresh', { refresh_token: first.refresh_token })).status).toBe(401)
  expect((await auth('refresh', { refresh_token: second.refresh_token })).status).toBe(401)
  expect((await auth('logout', {}, String(second.access_token))).status).toBe(401)
})

test('logging out everywhere ends the other sign-ins too', async () => {
  const one = await auth('login', { email: 'ada@example.org', password })
  const two = await auth('login', { email: 'ada@example.org', password })
  expect((await auth('logout', { everywhere: true }, String(one.body.access_token))).status).toBe(204)
  expect((await auth('refresh', { refresh_token: two.body.refresh_token })).status).toBe(401)
})

test('a token of one database opens nothing of another, nor of the platform', async () => {
  const { body } = await auth('login', { email: 'ada@example.org', password })
  expect((await auth('logout', {}, String(body.access_token), other)).status).toBe(401)
  expect((await auth('refresh', { refresh_token: body.refresh_token }, undefined, other)).status).toBe(401)
  const projects = await studio.call({ method: 'GET', path: '/api/projects' }, String(body.access_token))
  expect(projects.status).toBe(401)
  expect((await auth('logout', {}, owner.accessToken)).status).toBe(401)
  expect((await auth('login', { email: 'ada@example.org', password }, undefined, other)).status).toBe(401)
})

test('what cannot be is said with its code', async () => {
  expect(await auth('signup', { email: 'no address', password })).toMatchObject({
    status: 400,
    body: { code: 'VALIDATION' },
  })
  expect(await auth('signup', { email: 'b@example.org', password: 'short' })).toMatchObject({ status: 400 })
  expect(await auth('signup', { email: 'b@example.org' })).toMatchObject({ status: 400 })
  const nowhere = '7d444840-9dc0-41d1-b245-5ffdce74fad2'
  expect(await auth('login', { email: 'b@example.org', password }, undefined, nowhere)).toMatchObject({
    status: 404,
    body: { code: 'NOT_FOUND' },
  })
})

test('a ban, a new password and a deletion end sign-ins at once', async () => {
  const { client } = owner
  await auth('signup', { email: 'eve@example.org', password })
  const { users } = await client.endUsers.list({ databaseId, search: 'EVE' })
  expect(users).toMatchObject([{ email: 'eve@example.org', sessions: 1 }])
  const userId = users[0]?.id ?? ''
  const signedIn = async () => String((await auth('login', { email: 'eve@example.org', password })).body.access_token)

  const banned = await signedIn()
  await client.endUsers.setBan({ databaseId, userId, banned: true })
  expect((await auth('logout', {}, banned)).status).toBe(401)
  expect((await auth('login', { email: 'eve@example.org', password })).status).toBe(403)
  await client.endUsers.setBan({ databaseId, userId, banned: false })

  const changed = await signedIn()
  await client.endUsers.setPassword({ databaseId, userId, password: 'battery staple' })
  expect((await auth('logout', {}, changed)).status).toBe(401)
  expect((await auth('login', { email: 'eve@example.org', password: 'battery staple' })).status).toBe(200)

  await client.endUsers.delete({ databaseId, userId })
  expect((await auth('login', { email: 'eve@example.org', password: 'battery staple' })).status).toBe(401)
})
