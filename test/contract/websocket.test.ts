import { createServer } from 'node:http'
import { ORPCError } from '@orpc/client'
import { AppError } from '@shared/app-error'
import type { DatabaseChange } from '@shared/contract/databases.contract'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { followEvents } from '../../src/renderer/src/bridge/follow-events'
import { toAppError } from '../../src/renderer/src/bridge/to-app-error'
import { webSocketCarrier } from '../../src/renderer/src/bridge/websocket-carrier'
import { createTestServer, type TestServer } from '../helpers/app'
import { openLink, openSocket, openWebClient } from '../helpers/web-client'

let server: TestServer
let cookie: string
beforeAll(async () => {
  server = await createTestServer()
  cookie = await openLink(server.links[0] ?? '')
})
afterAll(() => server.close())

describe('a WebSocket is refused', () => {
  test.each([
    ['to a foreign page', 403, () => ({ origin: 'https://example.org', cookie })],
    ['to another server of this machine', 403, () => ({ origin: 'http://127.0.0.1:1', cookie })],
    ['to a page without an origin', 403, () => ({ cookie })],
    ['to a sandboxed page', 403, () => ({ origin: 'null', cookie })],
    ['without a session', 401, () => ({ origin: server.http.url })],
    ['with a wrong cookie', 401, () => ({ origin: server.http.url, cookie: `${cookie}x` })],
    ['under a foreign name', 403, () => ({ origin: 'http://rebound.example', host: 'rebound.example', cookie })],
  ])('%s', async (_case, status, headers) => {
    expect(await upgradeStatus('/rpc', headers())).toBe(status)
  })

  test('at any other address', async () => {
    expect(await upgradeStatus('/other', { origin: server.http.url, cookie })).toBe(404)
  })
})

test('a message above 10 MB ends the connection, not the server', async () => {
  const socket = openSocket(socketUrl(), { origin: server.http.url, cookie })
  await new Promise((resolve) => socket.once('open', resolve))
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  socket.send('x'.repeat(10 * 1024 * 1024 + 1))
  expect(await closed).toBe(1009)
  expect((await fetch(`${server.http.url}/api/health`)).status).toBe(200)
})

test.each(['', 'no json', '{}', '[]', 'null', '{"i":1}', '{"i":"1","p":null}'])(
  'a message that is no call ends the connection: %j',
  async (text) => {
    const socket = openSocket(socketUrl(), { origin: server.http.url, cookie })
    await new Promise((resolve) => socket.once('open', resolve))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.send(text)
    expect(await closed).toBe(1007)
    expect((await fetch(`${server.http.url}/api/health`)).status).toBe(200)
  },
)

test('a lost connection is made again, and what was followed is followed on', async () => {
  const { client, carrier, sockets } = openWebClient(server.http.url, cookie)
  const { project } = await client.projects.create({ name: 'Todo' })
  const { database } = await client.databases.create({ projectId: project.id })
  const stop = new AbortController()
  const seen: DatabaseChange[] = []
  const opened: string[] = []
  const following = followEvents(
    () => ({
      open: async (signal) => {
        const events = await client.databases.watch({ databaseId: database.id }, { signal })
        opened.push('open')
        return events
      },
      onEvent: (event) => void seen.push(event),
      onReopen: () => void opened.push('told'),
    }),
    stop.signal,
  )
  const column = { name: 'title', type: 'text' }
  const created = (name: string) =>
    client.tables.create({ databaseId: database.id, schemaJson: { name, columns: [column] } })

  await vi.waitFor(() => expect(opened).toEqual(['open']))
  await created('before')
  await vi.waitFor(() => expect(seen.map(({ kind }) => kind)).toContain('tables'))

  seen.length = 0
  sockets.at(-1)?.terminate()
  await vi.waitFor(() => expect(opened).toEqual(['open', 'open', 'told']), { timeout: 20_000 })
  expect(carrier.connection.current()).toBe('connected')
  expect(sockets).toHaveLength(2)
  await created('after')
  await vi.waitFor(() => expect(seen.map(({ kind }) => kind)).toContain('tables'))

  stop.abort()
  await following
  carrier.close()
})

test('a call without an answer is not sent again: it fails, and its caller decides', async () => {
  let calls = 0
  const { app } = server
  const pass = app.calls.pass.bind(app.calls)
  const { client, carrier, sockets } = openWebClient(server.http.url, cookie)
  await client.session.get()
  const counting = vi.spyOn(app.calls, 'pass').mockImplementation((work) => {
    calls += 1
    // Dies when the call has arrived, before it is answered.
    sockets.at(-1)?.terminate()
    return pass(work)
  })
  const error = await client.projects.create({ name: 'Once' }).then(
    () => null,
    (reason: unknown) => reason,
  )
  counting.mockRestore()
  expect(error).toBeInstanceOf(AppError)
  expect(toAppError(error)).toMatchObject({ code: 'UNAVAILABLE' })
  const { projects } = await client.projects.list({})
  expect(projects.filter(({ name }) => name === 'Once').length).toBeLessThanOrEqual(1)
  expect(calls).toBe(1)
  carrier.close()
})

test('a call waits for a server that is away, and fails when it stays away', async () => {
  const gone = createServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  const address = gone.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await new Promise((resolve) => gone.close(resolve))
  const { client, carrier } = openWebClient(`http://127.0.0.1:${port}`, cookie, { patience: 50 })
  const error = await client.session.get().then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(toAppError(error)).toMatchObject({ code: 'UNAVAILABLE' })
  carrier.close()
})

test('a browser whose session is over is told so, and stops trying', async () => {
  const carrier = webSocketCarrier(socketUrl(), {
    firstDelay: 1,
    open: (url) => openSocket(url, { origin: server.http.url }) as unknown as globalThis.WebSocket,
    hasSession: async () => (await fetch(`${server.http.url}/session`)).status !== 401,
  })
  const error = await carrier.link
    .call(['session', 'get'], undefined, { context: {} })
    .catch((reason: unknown) => reason)
  expect(error).not.toBeInstanceOf(ORPCError)
  expect(toAppError(error)).toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(carrier.connection.current()).toBe('refused')
})

function socketUrl(path = '/rpc'): string {
  return server.http.url.replace('http', 'ws') + path
}

function upgradeStatus(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = openSocket(socketUrl(path), headers)
    socket.on('open', () => reject(new Error('The WebSocket was opened')))
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      resolve(response.statusCode)
    })
  })
}
