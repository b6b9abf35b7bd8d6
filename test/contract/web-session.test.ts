import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createBrowserSessions } from '../../src/main/http/browser-sessions'
import { makeDoor } from '../../src/main/http/door'
import { urlOf } from '../../src/main/http/host-guard'
import { startHttpServer } from '../../src/main/http/http-server'
import { createOneTimeLink } from '../../src/main/http/one-time-link'
import { createTestServer, type TestServer } from '../helpers/app'
import { openLink } from '../helpers/web-client'

let server: TestServer
beforeEach(async () => {
  server = await createTestServer()
})
afterEach(() => server.close())

test('the link opens one session, once', async () => {
  const link = server.links[0] ?? ''
  const first = await fetch(link, { redirect: 'manual' })
  expect(first.status).toBe(303)
  expect(first.headers.get('location')).toBe('/')
  const port = new URL(server.http.url).port
  expect(first.headers.get('set-cookie')).toMatch(
    new RegExp(`^tessera_${port}=[\\w-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict$`),
  )

  const second = await fetch(link, { redirect: 'manual' })
  expect(second.status).toBe(401)
  expect(second.headers.get('set-cookie')).toBeNull()
  expect(await second.text()).toContain('was used already')
})

test('a link from another site sets the cookie and leads on by itself', async () => {
  const response = await fetch(server.links[0] ?? '', { headers: { 'sec-fetch-site': 'cross-site' } })
  expect(response.status).toBe(200)
  expect(response.headers.get('set-cookie')).toContain('SameSite=Strict')
  expect(await response.text()).toContain('http-equiv="refresh" content="0;url=/"')
})

test('a wrong key opens nothing, and leaves the right one good', async () => {
  const wrong = await fetch(`${server.http.url}/?key=${'x'.repeat(43)}`, { redirect: 'manual' })
  expect(wrong.status).toBe(401)
  expect(wrong.headers.get('set-cookie')).toBeNull()
  await expect(openLink(server.links[0] ?? '')).resolves.toContain('tessera_')
})

test('without a session the page says how to get a link, and a link is printed when there is none', async () => {
  await openLink(server.links[0] ?? '')
  expect(server.links).toHaveLength(1)
  const page = await fetch(`${server.http.url}/projects/1/tables/users`)
  expect(page.status).toBe(401)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = await page.text()
  expect(html).toContain('Open the studio with its link')
  expect(html).not.toContain('<script')
  expect(server.links).toHaveLength(2)
  await fetch(server.http.url)
  expect(server.links, 'the same link is still good').toHaveLength(2)
})

test('with a session every place in the studio is the studio, under a strict policy', async () => {
  const cookie = await openLink(server.links[0] ?? '')
  for (const path of ['/', '/projects/1/tables/users']) {
    const page = await fetch(server.http.url + path, { headers: { cookie } })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<title>The studio</title>')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain(`connect-src 'self' ${server.http.url.replace('http', 'ws')};`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(page.headers.get('cache-control')).toBe('no-cache')
  }
})

test('files are kept by the browser when their name holds a hash, and there is no way out of their folder', async () => {
  const script = await fetch(`${server.http.url}/assets/index-1a2b3c4d.js`)
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(script.headers.get('x-content-type-options')).toBe('nosniff')
  for (const path of [
    '/assets/missing.js',
    '/..%2fbrowser-sessions.json',
    '/assets/..%2f..%2f..%2fbrowser-sessions.json',
  ]) {
    const answer = await fetch(server.http.url + path)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' })
  }
})

test('/session tells whether the cookie is good, and not to a foreign page', async () => {
  const address = `${server.http.url}/session`
  const cookie = await openLink(server.links[0] ?? '')
  expect((await fetch(address, { headers: { cookie } })).status).toBe(204)
  const without = await fetch(address)
  expect(without.status).toBe(401)
  expect(await without.json()).toMatchObject({ code: 'UNAUTHENTICATED' })
  expect((await fetch(address, { headers: { cookie: `${cookie}x` } })).status).toBe(401)
  expect((await fetch(address, { headers: { cookie, origin: 'https://example.org' } })).status).toBe(403)
})

test('the API takes no cookie for a login', async () => {
  const cookie = await openLink(server.links[0] ?? '')
  const answer = await fetch(`${server.http.url}/api/projects`, { headers: { cookie } })
  expect(answer.status).toBe(401)
})

test('a session outlives the server, and is kept as a hash', async () => {
  const cookie = await openLink(server.links[0] ?? '')
  const secret = cookie.split('=')[1] ?? ''
  expect(await readFile(join(server.dataDir, 'browser-sessions.json'), 'utf8')).not.toContain(secret)
  await expect(createBrowserSessions(server.dataDir).find(secret)).resolves.toMatch(/^[0-9a-f]{24}$/)
  const inAMonth = Date.now() + 31 * 24 * 60 * 60 * 1000
  await expect(createBrowserSessions(server.dataDir, () => inAMonth).find(secret)).resolves.toBeNull()
})

test('without the studio in it, the server has the API only', async () => {
  const api = await startHttpServer(server.app, {})
  try {
    expect((await fetch(`${api.url}/api/health`)).status).toBe(200)
    expect((await fetch(api.url)).status).toBe(404)
    expect((await fetch(`${api.url}/session`)).status).toBe(404)
  } finally {
    await api.close()
  }
})

test('who comes before the program is read waits, and is answered like all others', async () => {
  const door = await makeDoor({ host: '127.0.0.1', port: 0 })
  const url = urlOf(door.address)
  let answered = 0
  const early = ['/api/health', '/session', '/?key=wrong'].map(async (path) => {
    const { status } = await fetch(url + path)
    answered += 1
    return status
  })
  await new Promise<void>((resolve) => {
    const look = () =>
      door.server.getConnections((_, count) => (count === early.length ? resolve() : setTimeout(look, 5)))
    look()
  })
  expect(answered).toBe(0)
  const api = await startHttpServer(server.app, { door })
  try {
    expect(api.url).toBe(url)
    expect(await Promise.all(early)).toEqual([200, 404, 404])
    expect((await fetch(`${url}/api/health`)).status).toBe(200)
  } finally {
    await api.close()
  }
})

test('a link is good for ten minutes', () => {
  let time = 0
  const link = createOneTimeLink(() => time)
  const { key } = link.current()
  time = 10 * 60 * 1000
  expect(link.spend(key)).toBe(false)
  const next = link.current()
  expect(next).toMatchObject({ isNew: true })
  expect(link.spend(next.key)).toBe(true)
  expect(link.spend(next.key)).toBe(false)
})
