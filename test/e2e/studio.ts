import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { _electron, type Browser, test as base, chromium, expect, type Page } from '@playwright/test'

/** A running studio, reached through its window: a browser tab on the web host, or Electron's own. */
export interface Studio {
  readonly page: Page
  /** Where the HTTP API answers. */
  readonly apiUrl: string
  /** Ends the whole studio and starts it again on the same data folder. */
  restart(): Promise<void>
}

interface RunningStudio {
  readonly page: Page
  readonly apiUrl: string
  stop(): Promise<void>
}

const root = resolve(__dirname, '../..')

export const test = base.extend<{ studio: Studio }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know which fixtures are wanted
  studio: async ({}, use, testInfo) => {
    const desktop = testInfo.project.name === 'electron'
    const executable = desktop ? electronExecutable() : null
    test.skip(
      desktop && executable === null,
      'No Electron runtime is installed here, so the desktop tests are skipped.',
    )
    const dataDir = await mkdtemp(join(tmpdir(), 'tessera-e2e-'))
    const noise: string[] = []
    const start = () => (executable ? startDesktop(executable, dataDir, noise) : startWeb(dataDir, noise))
    let running = await start()
    await use({
      get page() {
        return running.page
      },
      get apiUrl() {
        return running.apiUrl
      },
      async restart() {
        await running.stop()
        running = await start()
      },
    })
    await running.stop()
    await rm(dataDir, { recursive: true, force: true })
    expect(noise, 'the console stays empty').toEqual([])
  },
})

export { expect }

/** Axe's findings on the page as it stands, as short lines. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // Electron cannot open the extra page that axe would use to gather frames; there are none.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} (${violation.help})`),
  )
}

/** Presses "New project" and Enter: the table editor is open on `users`. */
export async function newProject(page: Page, name?: string): Promise<void> {
  await page.getByRole('button', { name: 'New project' }).first().click()
  const dialog = page.getByRole('dialog')
  if (name !== undefined) await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Name').press('Enter')
  await expect(page.getByRole('grid')).toBeVisible()
}

async function startWeb(dataDir: string, noise: string[]): Promise<RunningStudio> {
  const server = await startServer(dataDir)
  const browser = await launchBrowser()
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  watchConsole(page, noise)
  await page.goto(server.link)
  return {
    page,
    apiUrl: server.url,
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

export async function launchBrowser(): Promise<Browser> {
  const found = [process.env.TESSERA_CHROMIUM, '/usr/bin/chromium', chromium.executablePath()].find(
    (path) => path !== undefined && existsSync(path),
  )
  return chromium.launch({
    ...(found === undefined ? {} : { executablePath: found }),
    args: ['--no-sandbox', '--disable-background-networking'],
  })
}

export interface RunningServer {
  readonly url: string
  /** Opens a session in a browser, once. */
  readonly link: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** `out/main/server.js` under plain Node, as `npm run serve` runs it. */
export async function startServer(dataDir: string, environment: NodeJS.ProcessEnv = {}): Promise<RunningServer> {
  const server = spawn(process.execPath, [join(root, 'out/main/server.js')], {
    env: { ...process.env, PORT: '0', TESSERA_DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  const url = new Promise<string>((found, failed) => {
    server.once('exit', (code) => failed(new Error(`The server ended with ${code}:\n${errors}`)))
    server.stdout.on('data', (text: Buffer) => {
      const match = /tessera listening on (\S+)/.exec(text.toString())
      if (match?.[1]) found(match[1])
    })
  })
  const link = new Promise<string>((found) => {
    server.stderr.on('data', (text: Buffer) => {
      errors += text.toString()
      const match = /(http:\/\/\S+[?&]key=[\w-]+)/.exec(errors)
      if (match?.[1]) found(match[1])
    })
  })
  return {
    url: await url,
    link: await link,
    process: server,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = new Promise((done) => server.once('exit', done))
      server.kill('SIGTERM')
      await ended
    },
  }
}

async function startDesktop(executablePath: string, dataDir: string, noise: string[]): Promise<RunningStudio> {
  const app = await _electron.launch({
    executablePath,
    args: [root, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...withoutUndefined(process.env), TESSERA_DATA_DIR: dataDir, PORT: '0' },
  })
  const page = await app.firstWindow()
  watchConsole(page, noise)
  return { page, apiUrl: '', stop: () => app.close() }
}

/** The runtime that ELECTRON_OVERRIDE_DIST_PATH names, or the one the electron package has downloaded. */
export function electronExecutable(): string | null {
  const name = process.platform === 'win32' ? 'electron.exe' : 'electron'
  const folders = [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(root, 'node_modules/electron/dist')]
  const found = folders.flatMap((folder) => (folder ? [join(folder, name)] : [])).find((path) => existsSync(path))
  if (found === undefined) return null
  const displayed = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  return displayed ? found : null
}

function watchConsole(page: Page, noise: string[]): void {
  page.on('console', (message) => noise.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => noise.push(`uncaught: ${error.message}`))
}

function withoutUndefined(environment: NodeJS.ProcessEnv): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
