import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test'
import { openFolder } from '../helpers/folder'
import { startServer } from '../helpers/server'
import { launchProfile } from './browser'
import { openDesktopClient } from './desktop-client'
import { type OpenClient, openClient } from './page-client'

/** A running studio, reached through its window: a browser tab on the web host, or Electron's own. */
export interface Studio {
  readonly page: Page
  /** Where the HTTP API answers. */
  readonly apiUrl: string
  readonly dataDir: string
  /** Null on the web host. */
  readonly app: ElectronApplication | null
  /** A second window of the same person, at the same place. */
  newWindow(): Promise<Page>
  /** Ends the whole studio and starts it again on the same data folder. */
  restart(): Promise<void>
  /** Kills the web host's server as kill -9 does; the browser stays. */
  kill(): Promise<void>
  /** Starts the web host's server again after `kill`, on the same port and folder. */
  revive(): Promise<void>
}

interface RunningStudio extends Omit<Studio, 'restart' | 'dataDir'> {
  stop(): Promise<void>
}

export interface StudioOptions {
  /** Settings beside the data folder and the port. */
  readonly environment: NodeJS.ProcessEnv
  /** Lines on the browser's console that the test brings about; null when there are none. */
  readonly expectedNoise: RegExp | null
}

/** npm runs every script in the repository's root; `import.meta` is not there when Playwright loads this file. */
const root = process.cwd()

export const test = base.extend<StudioOptions & { studio: Studio; client: OpenClient['client'] }>({
  environment: [{}, { option: true }],
  expectedNoise: [null, { option: true }],
  studio: async ({ environment, expectedNoise }, use, testInfo) => {
    const desktop = testInfo.project.name === 'electron'
    const executable = desktop ? electronExecutable() : null
    test.skip(
      desktop && executable === null,
      'No Electron runtime is installed here, so the desktop tests are skipped.',
    )
    const dataDir = await openFolder()
    const noise: string[] = []
    // The same port again: a browser keeps where it was by origin.
    let port = '0'
    const start = () =>
      executable
        ? startDesktop(executable, dataDir, environment, noise)
        : startWeb(dataDir, { ...environment, PORT: port }, noise)
    let running = await start()
    await use({
      get page() {
        return running.page
      },
      get apiUrl() {
        return running.apiUrl
      },
      get app() {
        return running.app
      },
      dataDir,
      newWindow: () => running.newWindow(),
      kill: () => running.kill(),
      revive: () => running.revive(),
      async restart() {
        if (running.apiUrl !== '') port = new URL(running.apiUrl).port
        await running.stop()
        running = await start()
      },
    })
    await running.stop()
    await rm(dataDir, { recursive: true, force: true })
    const unexpected = noise.filter((line) => !expectedNoise?.test(line))
    expect(unexpected, 'the console stays empty').toEqual([])
  },
  client: async ({ studio }, use) => {
    const { client, close } = await (studio.app ? openDesktopClient(studio.app) : openClient(studio.page))
    await use(client)
    close()
  },
})

export { expect }

/** Axe's findings on the page as it stands, as short lines: of all rules, or of these. */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // Electron cannot open the extra page that axe would use to gather frames; there are none.
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze()
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

async function startWeb(dataDir: string, environment: NodeJS.ProcessEnv, noise: string[]): Promise<RunningStudio> {
  let server = await startServer(dataDir, environment)
  const browser = await launchProfile(join(dataDir, 'browser'))
  const page = browser.pages()[0] ?? (await browser.newPage())
  watchConsole(page, noise)
  browser.on('page', (other) => watchConsole(other, noise))
  await page.goto(server.link)
  return {
    page,
    apiUrl: server.url,
    app: null,
    async newWindow() {
      const other = await browser.newPage()
      await other.goto(page.url())
      return other
    },
    async kill() {
      const ended = new Promise((done) => server.process.once('exit', done))
      server.process.kill('SIGKILL')
      await ended
    },
    async revive() {
      server = await startServer(dataDir, { ...environment, PORT: new URL(server.url).port })
    },
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

async function startDesktop(
  executablePath: string,
  dataDir: string,
  environment: NodeJS.ProcessEnv,
  noise: string[],
): Promise<RunningStudio> {
  const app = await _electron.launch({ executablePath, ...desktopLaunch(dataDir, environment) })
  const page = await app.firstWindow()
  watchConsole(page, noise)
  const onlyWeb = () => Promise.reject(new Error('Only the web host does this.'))
  return { page, apiUrl: '', app, newWindow: onlyWeb, kill: onlyWeb, revive: onlyWeb, stop: () => app.close() }
}

/** Command line and environment of a desktop studio on this folder. */
export function desktopLaunch(dataDir: string, environment: NodeJS.ProcessEnv = {}) {
  return {
    args: [root, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: withoutUndefined({ ...process.env, ...environment, TESSERA_DATA_DIR: dataDir, PORT: '0' }),
  }
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
  page.on('console', (message) => noise.push(`${message.type()}: ${message.text()} (${message.location().url})`))
  page.on('pageerror', (error) => noise.push(`uncaught: ${error.message}`))
}

function withoutUndefined(environment: NodeJS.ProcessEnv): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
