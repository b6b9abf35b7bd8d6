import { MessageChannel } from 'node:worker_threads'
import { isDefinedError, ORPCError } from '@orpc/client'
import type { DatabaseChange } from '@shared/contract/databases.contract'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestServer, type TestServer } from '../helpers/app'
import { asAdmin } from '../helpers/database'
import { type OpenCarrier, openMemoryCarrier, openPortCarrier } from '../helpers/memory-carrier'
import { openLink, openWebClient } from '../helpers/web-client'

let server: TestServer

beforeAll(async () => {
  server = await createTestServer()
})
afterAll(() => server.close())

const carriers: Readonly<Record<string, () => Promise<OpenCarrier>>> = {
  'in memory': async () => openMemoryCarrier(server.app, theWindow()),
  'a MessagePort': async () => {
    const { port1, port2 } = new MessageChannel()
    return openPortCarrier(server.app, theWindow(), port1, port2, async () => port1.close())
  },
  'a WebSocket': async () => {
    const { client, carrier } = openWebClient(server.http.url, await theCookie())
    return { client, close: async () => carrier.close() }
  },
}

describe.each(Object.entries(carriers))('over %s', (_name, open) => {
  let carrier: OpenCarrier
  beforeAll(async () => {
    carrier = await open()
  })
  afterAll(() => carrier.close())

  test('a call is answered', async () => {
    const { project } = await carrier.client.projects.create({ name: 'Todo' })
    expect(await carrier.client.projects.get({ projectId: project.id })).toEqual({ project })
  })

  test('a failure keeps its code and its sentence', async () => {
    const error = await failure(carrier.client.projects.get({ projectId: '7d444840-9dc0-11d1-b245-5ffdce74fad2' }))
    expect(isDefinedError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(error.message).toMatch(/^There is no such project/)
  })

  test('rejected input names the field', async () => {
    const error = await failure(carrier.client.projects.create({ name: '  ' }))
    expect(error).toMatchObject({
      code: 'VALIDATION',
      message: '"name": Give the project a name.',
      data: { issues: [{ path: 'name', message: 'Give the project a name.' }] },
    })
  })

  test('an event stream tells what is committed, and ends when it is left', async () => {
    const { client } = carrier
    const { databaseId } = await newDatabase(carrier)
    const events = await client.databases.watch({ databaseId })
    const { table } = await client.tables.create({
      databaseId,
      schemaJson: { name: 'tasks', columns: [{ name: 'title', type: 'text' }] },
    })
    const seen: DatabaseChange[] = []
    for await (const event of events) {
      seen.push(event)
      // Before it come the changes of the last seconds.
      if (event.tableId === table.id) break
    }
    expect(seen.at(-1)).toEqual({ kind: 'tables', tableId: table.id })
  })

  test('a cancelled call is cancelled on the server', async () => {
    const { client } = carrier
    await client.projects.list({})
    const { adminUrl } = server.database
    await whileLocked(adminUrl, 'studio.projects', async () => {
      const controller = new AbortController()
      const call = client.projects.list({}, { signal: controller.signal })
      const failed = call.then(
        () => null,
        (error: unknown) => error,
      )
      await vi.waitFor(async () => expect(await waitingStatements(adminUrl)).toBe(1), { timeout: 20_000 })
      controller.abort()
      expect(await failed).toMatchObject({ name: 'AbortError' })
      // While the lock is still held, so only the cancel can have ended it.
      await vi.waitFor(async () => expect(await waitingStatements(adminUrl)).toBe(0), { timeout: 20_000 })
    })
    await expect(client.projects.list({})).resolves.toHaveProperty('projects')
  })
})

describe('over HTTP', () => {
  test('the same call, failure and rejected input', async () => {
    const signed = await post('/api/auth/signup', { email: 'http@example.org', password: 'correct horse' })
    const { access_token: token } = (await signed.json()) as { access_token: string }
    const created = await post('/api/projects', { name: 'Todo' }, token)
    expect(created.status).toBe(201)
    expect(await created.json()).toMatchObject({ project: { name: 'Todo' } })

    const rejected = await post('/api/projects', { name: '  ' }, token)
    expect(rejected.status).toBe(400)
    expect(await rejected.json()).toEqual({
      error: '"name": Give the project a name.',
      code: 'VALIDATION',
      details: { issues: [{ path: 'name', message: 'Give the project a name.' }] },
    })
  })

  test('a caller that goes away cancels its statement', async () => {
    const { adminUrl } = server.database
    const signed = await post('/api/auth/signup', { email: 'away@example.org', password: 'correct horse' })
    const { access_token: token } = (await signed.json()) as { access_token: string }
    await whileLocked(adminUrl, 'studio.projects', async () => {
      const controller = new AbortController()
      const call = fetch(`${server.http.url}/api/projects`, {
        headers: { authorization: `Bearer ${token}` },
        signal: controller.signal,
      }).catch((error: unknown) => error)
      await vi.waitFor(async () => expect(await waitingStatements(adminUrl)).toBe(1), { timeout: 20_000 })
      controller.abort()
      expect(await call).toMatchObject({ name: 'AbortError' })
      await vi.waitFor(async () => expect(await waitingStatements(adminUrl)).toBe(0), { timeout: 20_000 })
    })
  })
})

function theWindow() {
  return server.app.openSession(server.app.tokenStore('window'))
}

/** A link works once; opening the studio without a session asks for the next. */
async function theCookie(): Promise<string> {
  await fetch(server.http.url)
  return openLink(server.links.at(-1) ?? '')
}

async function newDatabase({ client }: OpenCarrier) {
  const { project } = await client.projects.create({ name: 'Todo' })
  const { database } = await client.databases.create({ projectId: project.id })
  return { databaseId: database.id }
}

async function failure(call: PromiseLike<unknown>): Promise<ORPCError<string, unknown>> {
  const error = await Promise.resolve(call).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ORPCError)) throw new Error(`Not a typed failure: ${String(error)}`)
  return error
}

async function whileLocked(adminUrl: string, table: string, work: () => Promise<void>): Promise<void> {
  const { Client } = await import('pg')
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(`begin; lock table ${table} in access exclusive mode`)
    await work()
  } finally {
    await client.end()
  }
}

async function waitingStatements(adminUrl: string): Promise<number> {
  const [row] = await asAdmin(
    adminUrl,
    `select count(*)::int as waiting from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and state = 'active'`,
  )
  return Number(row?.waiting)
}

function post(path: string, body: unknown, token?: string): Promise<Response> {
  return fetch(server.http.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  })
}
