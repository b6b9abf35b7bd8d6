import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createTestDatabase, type TestDatabase } from '../helpers/database'
import { type RunningProgram, serverProgram, startProgram } from '../helpers/server-program'

/** Several processes on one port and one Postgres, as `WORKERS` starts them. */

let database: TestDatabase
let dataDir: string
let server: RunningProgram
let bearer: Readonly<Record<string, string>>
let place: string
let items: string

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'tessera-cluster-'))
  server = await startProgram(await serverProgram(), {
    WORKERS: '3',
    DATABASE_URL: database.adminUrl,
    TESSERA_DATA_DIR: dataDir,
    JWT_SECRET: 'a secret that is long enough for the tests',
  })
  const account = { email: 'ada@example.org', password: 'correct horse' }
  bearer = { authorization: `Bearer ${(await ask('POST', '/api/auth/signup', {}, account)).access_token}` }
  const { project } = await ask('POST', '/api/projects', bearer, { name: 'Cluster' })
  const made = await ask('POST', '/api/database/create', bearer, { projectId: project.id })
  place = `/api/database/${made.database.id}`
  const schemaJson = { name: 'items', columns: [{ name: 'title', type: 'text' }] }
  await ask('POST', `${place}/tables/create`, bearer, { schemaJson })
  items = `/p/${made.database.ref}/rest/v1/items`
})
afterAll(async () => {
  await server?.stop()
  await database?.close()
  await rm(dataDir, { recursive: true, force: true })
})

test('answers whether it lives, is ready, and how it does', async () => {
  expect(await ask('GET', '/healthz', {})).toEqual({ status: 'ok' })
  expect(await ask('GET', '/readyz', {})).toEqual({ status: 'ready' })
  const metrics = await fetch(`${server.url}/metrics`)
  expect(metrics.headers.get('content-type')).toContain('text/plain')
  expect(await metrics.text()).toMatch(/^# TYPE tessera_http_requests_total counter$/m)
})

test('whichever worker is asked, it tells what all of them have answered', async () => {
  const { secret } = await createKey('counted')
  const counted = async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    return Number(/^tessera_http_requests_total\{api="data",method="GET",status="2xx"\} (\d+)$/m.exec(text)?.[1] ?? 0)
  }
  const before = await counted()
  expect(new Set(await statuses(30, () => once('GET', secret)))).toEqual(new Set([200]))
  for (let time = 0; time < 6; time++) expect(await counted()).toBe(before + 30)
})

test('a key that was revoked on one is refused by all of them at once', async () => {
  const made = await createKey('revoked')
  expect(new Set(await statuses(30, () => once('GET', made.secret)))).toEqual(new Set([200]))
  await ask('DELETE', `${place}/keys/${made.key.id}`, bearer)
  expect(new Set(await statuses(30, () => once('GET', made.secret)))).toEqual(new Set([401]))
})

test('a worker that is killed takes only its own calls with it, and another one takes its place', async () => {
  const { secret } = await createKey('killed')
  const before = workers()
  expect(before).toHaveLength(3)
  let isOver = false
  const seen: (number | string)[] = []
  const load = Promise.all(
    Array.from({ length: 6 }, async () => {
      while (!isOver) seen.push(await once('POST', secret))
    }),
  )
  process.kill(before[0] ?? 0, 'SIGKILL')
  await vi.waitFor(() => expect(workers().filter((pid) => !before.includes(pid))).toHaveLength(1), { timeout: 60_000 })
  isOver = true
  await load
  const lost = seen.filter((status) => status !== 201)
  expect(seen).toContain(201)
  expect(lost.length).toBeLessThanOrEqual(6)
  expect(new Set(await statuses(20, () => once('GET', secret)))).toEqual(new Set([200]))
})

test('tries to sign in are counted by all of them together', async () => {
  const body = JSON.stringify({ email: 'ada@example.org', password: 'not the password' })
  const seen = await statuses(24, () => once('POST', '', '/api/auth/login', body))
  expect(seen.filter((status) => status === 401)).toHaveLength(10)
  expect(seen.filter((status) => status === 429)).toHaveLength(14)
})

test('told to stop, it answers what it has begun, and everything ends', async () => {
  const { secret } = await createKey('stopped')
  const live = items.replace('/rest/v1/items', '/realtime/v1')
  const stream = await fetch(`${server.url}${live}/changes?table=items`, { headers: { apikey: secret } })
  const told = stream.text()
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}${live}/websocket?vsn=2.0.0&apikey=${secret}`)
  await new Promise((resolve) => socket.once('open', resolve))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const calls = statuses(12, () => once('POST', secret))
  const ended = server.ended()
  server.process.kill('SIGTERM')
  const seen = await calls
  // What was not taken any more is refused, and nothing is answered with a failure of ours.
  expect(seen.filter((status) => ![201, 'ECONNREFUSED', 'ECONNRESET'].includes(status))).toEqual([])
  expect(await ended).toBe(0)
  // Who listens is told that it is over.
  expect(await told).toMatch(/^: listening/)
  expect(await closed).toBe(1001)
})

// biome-ignore lint/suspicious/noExplicitAny: what each call answers is said where it is used
async function ask(method: string, path: string, headers: object, body?: unknown): Promise<any> {
  const answer = await fetch(server.url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}

function createKey(name: string): Promise<{ readonly key: { readonly id: string }; readonly secret: string }> {
  return ask('POST', `${place}/keys`, bearer, { name, kind: 'secret' })
}

/** On a connection of its own, so that any worker may take it. The status, or the code of the failure. */
function once(method: 'GET' | 'POST', apikey: string, path = items, body = '{"title":"x"}'): Promise<number | string> {
  return new Promise((resolve) => {
    const outgoing = request(
      `${server.url}${path}`,
      { method, agent: false, headers: { apikey, 'content-type': 'application/json' } },
      (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
        answer.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      },
    )
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    outgoing.end(method === 'POST' ? body : undefined)
  })
}

function statuses(count: number, call: () => Promise<number | string>): Promise<(number | string)[]> {
  return Promise.all(Array.from({ length: count }, call))
}

function workers(): readonly number[] {
  const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(server.process.pid)]).toString()
  return list.trim().split(/\s+/).map(Number)
}
