import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { makeProject } from './sample'
import { desktopLaunch, electronExecutable, expect, test } from './studio'

// What the page is told when it tries: that is the point of these lines.
test.use({ expectedNoise: /Content Security Policy|Not allowed to (load local|navigate)/ })

test('the window shows the studio and can do nothing beyond it', async ({ studio }) => {
  const { page, app } = studio
  if (!app) throw new Error('This is a test of the desktop')
  await expect(page.getByRole('heading', { name: 'Welcome to Tessera Studio' })).toBeVisible()
  const place = page.url()

  expect(
    await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in window),
    ),
  ).toEqual([])
  expect(await page.evaluate(() => Object.keys(Reflect.get(window, 'tessera')))).toEqual(['requestPort'])

  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull()
  expect(await page.evaluate(() => window.open('/projects'))).toBeNull()
  expect(await countWindows(app)).toBe(1)

  // Playwright's own evaluation stands outside the policy; what the page itself starts does not.
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script')
    script.textContent = 'window.inlineRan = true'
    document.body.append(script)
    const image = document.createElement('img')
    image.setAttribute('onerror', 'window.handlerRan = true')
    image.src = 'data:image/png;base64,AA=='
    const failed = new Promise((done) => image.addEventListener('error', done))
    document.body.append(image)
    await failed
    // A string for a timer is evaluated by the page's own rules.
    setTimeout('window.evalRan = true')
    await new Promise((done) => setTimeout(done, 50))
    return ['inlineRan', 'handlerRan', 'evalRan'].filter((name) => name in window)
  })
  expect(ran).toEqual([])
  expect(
    await page.evaluate(() =>
      fetch('https://example.org/').then(
        () => 'answered',
        () => 'refused',
      ),
    ),
  ).toBe('refused')

  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied')
  expect(
    await page.evaluate(
      () =>
        new Promise((done) =>
          navigator.geolocation.getCurrentPosition(
            () => done('given'),
            ({ code }) => done(code),
          ),
        ),
    ),
  ).toBe(1)
  expect(
    await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'given',
        (error: Error) => error.name,
      ),
    ),
  ).toMatch(/^(NotAllowedError|NotFoundError)$/)

  // Playwright waits for a navigation that never comes, so the window itself is asked where it is.
  await app.evaluate(({ BrowserWindow }) => {
    const tried: boolean[] = []
    Reflect.set(globalThis, 'tried', tried)
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-navigate', (event) => tried.push(event.defaultPrevented))
  })
  for (const address of ['https://example.org/', 'file:///etc/passwd', 'data:text/html,<h1>elsewhere</h1>'])
    await page.evaluate((to) => {
      window.location.href = to
    }, address)
  await expect.poll(() => app.evaluate(() => Reflect.get(globalThis, 'tried'))).toEqual([true])
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL())).toBe(place)
  expect(await page.evaluate(() => document.querySelector('h1')?.textContent)).toBe('Welcome to Tessera Studio')
})

test('a second start comes to the first window; its size is kept', async ({ studio }) => {
  const executable = electronExecutable()
  if (!studio.app || !executable) throw new Error('This is a test of the desktop')
  await expect(studio.page.getByRole('heading', { name: 'Welcome to Tessera Studio' })).toBeVisible()
  await studio.app.evaluate(({ app }) => {
    app.once('second-instance', () => Reflect.set(globalThis, 'askedAgain', true))
  })
  const { args, env } = desktopLaunch(studio.dataDir)
  const [code] = await once(spawn(executable, args, { env, stdio: 'ignore' }), 'exit')
  expect(code).toBe(0)
  await expect.poll(() => studio.app?.evaluate(() => Reflect.get(globalThis, 'askedAgain'))).toBe(true)
  expect(await countWindows(studio.app)).toBe(1)

  await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1111, 701))
  await studio.restart()
  await expect(studio.page.getByRole('heading', { name: 'Welcome to Tessera Studio' })).toBeVisible()
  expect(await studio.app?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize())).toEqual([
    1111, 701,
  ])
})

test('a studio whose server is not there says so, and ends when it is closed', async ({ studio }) => {
  await expect(studio.page.getByRole('heading', { name: 'Welcome to Tessera Studio' })).toBeVisible()
  const id = '8a6e0c6a-0000-4000-8000-000000000001'
  const gone = { id, name: 'Gone', address: '127.0.0.1:1/studio', user: 'me', tls: 'off', certificate: false }
  const list = join(studio.dataDir, 'servers.json')
  await writeFile(list, JSON.stringify({ current: id, servers: [gone] }))
  await studio.restart()
  await expect(studio.page.getByRole('heading', { name: 'The database could not be started' })).toBeVisible()
  await expect(studio.page.getByRole('button', { name: 'Use the built-in server' })).toBeVisible()
  await rm(list)
  // Closes it, which ends it, before it is started again.
  await studio.restart()
  await expect(studio.page.getByRole('heading', { name: 'Welcome to Tessera Studio' })).toBeVisible()
})

function countWindows(app: ElectronApplication): Promise<number> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
}

test('people sign up to an app of this studio, and in again', async ({ client }) => {
  const { databaseId } = await makeProject(client)
  const { database, connection } = await client.databases.get({ databaseId })
  const { secret } = await client.keys.snippet({ databaseId })
  const ask = async (path: string, password: string) => {
    const answer = await fetch(`${connection.api_url}/p/${database.ref}/auth/v1/${path}`, {
      method: 'POST',
      headers: { apikey: secret, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.org', password }),
    })
    return { status: answer.status, body: await answer.json() }
  }
  const signedUp = await ask('signup', 'correct horse')
  expect(signedUp).toMatchObject({ status: 200, body: { token_type: 'bearer', user: { email: 'ada@example.org' } } })
  expect(await ask('token?grant_type=password', 'correct horse')).toMatchObject({ status: 200 })
  const wrong = await ask('token?grant_type=password', 'wrong horse')
  expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_credentials' } })
})
