import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { _electron, test as base, expect, type Page } from '@playwright/test'
import { openFolder } from '../helpers/folder'
import { startServer } from '../helpers/server'
import { launchProfile } from './browser'

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

/** npm runs every script in the repository's root; `import.meta` is not there when Playwright loads this file. */
const root = process.cwd()

export const test = base.extend<{ studio: Studio }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know which fixtures are wanted
  studio: async ({}, use, testInfo) => {
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
    const start = () => (executable ? startDesktop(executable, dataDir, noise) : startWeb(dataDir, port, noise))
    let running = await start()
    await use({
      get page() {
        return running.page
      },
      get apiUrl() {
        return running.apiUrl
      },
      async restart() {
        if (running.apiUrl !== '') port = new URL(running.apiUrl).port
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

async function startWeb(dataDir: string, port: string, noise: string[]): Promise<RunningStudio> {
  const server = await startServer(dataDir, { PORT: port })
  const browser = await launchProfile(join(dataDir, 'browser'))
  const page = browser.pages()[0] ?? (await browser.newPage())
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
