import { request } from 'node:http'
import { AppError, type ErrorCode, errorStatus } from '@shared/app-error'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { StudioDatabase } from '../../src/main/db/database'
import { startHttpServer } from '../../src/main/http/http-server'
import { createTestApp, createTestServer, type TestServer } from '../helpers/app'
import { asAdmin } from '../helpers/database'

/** What the database is made to fail with, for failures that cannot be caused from outside. */
let broken: Error | null = null
let statementTimeout: number | undefined
let server: TestServer
let token: string
let databaseId: string

beforeAll(async () => {
  server = await createTestServer({ embedded: false, db: breakable })
  token = (await call('POST', '/api/auth/signup', { email: 'ada@example.org', password: 'correct horse' }, null)).body
    .access_token
  const { project } = (await call('POST', '/api/projects', { name: 'Todo' })).body
  databaseId = (await call('POST', '/api/database/create', { projectId: project.id })).body.database.id
})
afterAll(() => server.close())

describe('every kind of failure has its status, its code and a sentence', () => {
  const nowhere = '7d444840-9dc0-11d1-b245-5ffdce74fad2'
  const cases: readonly (readonly [ErrorCode, () => Promise<Answer>])[] = [
    ['VALIDATION', () => call('POST', '/api/projects', { name: 7 })],
    ['UNAUTHENTICATED', () => call('GET', '/api/projects', undefined, null)],
    ['FORBIDDEN', () => withHost('rebound.example')],
    ['NOT_FOUND', () => call('GET', `/api/projects/${nowhere}`)],
    ['CONFLICT', () => call('POST', '/api/auth/signup', { email: 'ada@example.org', password: 'correct horse' }, null)],
    ['TOO_LARGE', () => call('POST', '/api/projects', { name: 'x'.repeat(10 * 1024 * 1024) })],
    [
      'CONSTRAINT',
      () => call('POST', `/api/database/${databaseId}/records/create`, { tableName: 'users', record: {} }),
    ],
    ['RATE_LIMITED', () => tooOften()],
    ['INTERNAL', () => whileBroken(new Error('password "hunter2" in select * from secrets'))],
    ['UNAVAILABLE', () => whileBroken(new AppError('UNAVAILABLE', 'The database is stopping. Try again in a moment.'))],
    ['TIMEOUT', () => whileLocked(() => call('GET', '/api/projects'))],
  ]
  test.each(cases)('%s', async (code, cause) => {
    const { status, body, headers } = await cause()
    expect({ status, code: body.code }).toEqual({ status: errorStatus[code], code })
    expect(body.error).toMatch(/^["A-Z].*\.$/)
    expect(Object.keys(body).filter((key) => !['error', 'code', 'details'].includes(key))).toEqual([])
    expect(headers.get('content-type')).toBe('application/json')
    expect(JSON.stringify(body)).not.toMatch(/hunter2|select |\bat \//)
  })

  test('and no other is left out, but that of a caller who is gone', () => {
    const missing = Object.keys(errorStatus).filter((code) => !cases.some(([tried]) => tried === code))
    expect(missing).toEqual(['CANCELLED'])
  })

  test('a constraint names its column', async () => {
    const { body } = await call('POST', `/api/database/${databaseId}/records/create`, {
      tableName: 'users',
      record: {},
    })
    expect(body.details).toMatchObject({ column: expect.any(String), constraint: expect.any(String) })
  })

  test('with what HTTP asks for', async () => {
    expect((await call('GET', '/api/projects', undefined, null)).headers.get('www-authenticate')).toBe('Bearer')
    expect(Number((await tooOften()).headers.get('retry-after'))).toBeGreaterThan(0)
    const wrongMethod = await call('PUT', '/api/projects', {})
    expect(wrongMethod.status).toBe(405)
    expect(wrongMethod.headers.get('allow')).toBe('HEAD, GET, POST')
    expect(wrongMethod.body.code).toBe('METHOD_NOT_ALLOWED')
  })
})

test('a database that cannot be had is UNAVAILABLE, and tried again with later calls', async () => {
  let tries = 0
  const away = await createTestApp({
    db: (db) => {
      tries += 1
      if (tries === 1) throw new AppError('UNAVAILABLE', 'The disk is full. Free some space and try again.')
      return db
    },
  })
  const http = await startHttpServer(away.app, {})
  try {
    const first = await fetch(`${http.url}/api/health`)
    expect(first.status).toBe(503)
    expect(first.headers.get('retry-after')).not.toBeNull()
    expect(await first.json()).toEqual({
      error: 'The disk is full. Free some space and try again.',
      code: 'UNAVAILABLE',
    })
    await vi.waitFor(async () => expect((await fetch(`${http.url}/api/health`)).status).toBe(200), {
      timeout: 20_000,
      interval: 200,
    })
    expect(tries).toBe(2)
  } finally {
    await http.close()
    await away.close()
  }
})

test('the health is told without a login', async () => {
  const { body } = await call('GET', '/api/health', undefined, null)
  expect(body).toEqual({
    status: 'ok',
    version: server.app.version,
    database: { version: server.database.db.version, embedded: false },
  })
})

test('HEAD is GET without its body, 204 has none', async () => {
  const head = await fetch(`${server.http.url}/api/health`, { method: 'HEAD' })
  expect(head.status).toBe(200)
  expect(await head.text()).toBe('')
  const other = (await call('POST', '/api/auth/login', { email: 'ada@example.org', password: 'correct horse' }, null))
    .body
  const logout = await fetch(`${server.http.url}/api/auth/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${other.access_token}` },
  })
  expect(logout.status).toBe(204)
  expect(await logout.text()).toBe('')
})

test('OpenAPI describes every route with the one form of errors', async () => {
  const { body, headers } = await call('GET', '/api/openapi.json', undefined, null)
  expect(headers.get('content-type')).toContain('application/json')
  expect(body.openapi).toMatch(/^3\.1/)
  const { post } = body.paths['/api/database/{databaseId}/records/query']
  expect(post.responses['200'].content['application/json'].schema.properties).toHaveProperty('nextCursor')
  expect(post.responses['422'].content['application/json'].schema.required).toEqual(['error', 'code'])
  expect(JSON.stringify(body.paths)).not.toContain('watchState')
  const { get: exported } = body.paths['/api/database/{databaseId}/export']
  expect(exported.parameters).toContainEqual(expect.objectContaining({ name: 'format', in: 'query', required: true }))
  const { post: imported } = body.paths['/api/database/{databaseId}/import']
  expect(Object.keys(imported.requestBody.content)).toContain('text/csv')
  expect(imported.responses['200'].content['application/json'].schema.required).toContain('rejected')
  for (const path of Object.keys(body.paths)) expect(path).toMatch(/^\/api\//)
})

test('closing lets a call in flight finish', async () => {
  const own = await createTestServer({ embedded: false })
  const { adminUrl } = own.database
  const { Client } = await import('pg')
  const holder = new Client({ connectionString: adminUrl })
  await holder.connect()
  await holder.query('begin; lock table studio.users in access exclusive mode')
  const answer = fetch(`${own.http.url}/api/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'late@example.org', password: 'correct horse' }),
  })
  await vi.waitFor(async () => expect(await waiting(adminUrl)).toBe(1), { timeout: 20_000 })
  const closed = own.http.close()
  await expect(fetch(`${own.http.url}/api/health`)).rejects.toThrow()
  await holder.end()
  expect((await answer).status).toBe(201)
  await closed
  await own.close()
})

interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects in the body
  readonly body: any
}

async function call(method: string, path: string, body?: unknown, bearer: string | null = token): Promise<Answer> {
  const response = await fetch(server.http.url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** fetch writes the Host header itself. */
function withHost(host: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.http.url}/api/health`, { headers: { host } }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({
        status: response.statusCode ?? 0,
        headers: new Headers({ 'content-type': response.headers['content-type'] ?? '' }),
        body: JSON.parse(Buffer.concat(chunks).toString()),
      })
    })
    asked.on('error', reject).end()
  })
}

async function tooOften(): Promise<Answer> {
  const login = () => call('POST', '/api/auth/login', { email: 'eve@example.org', password: 'guess' }, null)
  for (let tries = 0; tries < 10; tries++) await login()
  return login()
}

async function whileBroken(error: Error): Promise<Answer> {
  broken = error
  try {
    return await call('POST', '/api/auth/login', { email: 'ada@example.org', password: 'correct horse' }, null)
  } finally {
    broken = null
  }
}

async function whileLocked(work: () => Promise<Answer>): Promise<Answer> {
  const { Client } = await import('pg')
  const holder = new Client({ connectionString: server.database.adminUrl })
  await holder.connect()
  await holder.query('begin; lock table studio.projects in access exclusive mode')
  statementTimeout = 100
  try {
    return await work()
  } finally {
    statementTimeout = undefined
    await holder.end()
  }
}

async function waiting(adminUrl: string): Promise<number> {
  const [row] = await asAdmin(
    adminUrl,
    `select count(*)::int as waiting from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`,
  )
  return Number(row?.waiting)
}

function breakable(db: StudioDatabase): StudioDatabase {
  return {
    ...db,
    version: db.version,
    listen: db.listen.bind(db),
    close: () => db.close(),
    async withoutTenant(work, options) {
      if (broken) throw broken
      return db.withoutTenant(work, options)
    },
    withAccount: (account, work, options) =>
      db.withAccount(account, work, { ...options, ...(statementTimeout === undefined ? {} : { statementTimeout }) }),
    withProject: db.withProject.bind(db),
    withDatabase: db.withDatabase.bind(db),
  }
}
