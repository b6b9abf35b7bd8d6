import { join } from 'node:path'
import type { BrowserContext } from '@playwright/test'
import { launchProfile } from '../e2e/browser'
import { launchServer } from '../helpers/server'
import { emptyPage, type Host, measureStarts } from './start-to-usable'

export const name = 'Start to usable: from the start of the process to the first painted table, in a browser'

export async function run(print: (line: string) => void): Promise<void> {
  await measureStarts(print, openBrowser)
}

/** A browser that is open already and keeps its profile; the server takes the same port each time. */
async function openBrowser(dataDir: string): Promise<Host> {
  const browser = await launchProfile(join(dataDir, 'browser'))
  let port = '0'
  return {
    async start(see) {
      const start = performance.now()
      const server = launchServer(dataDir, { PORT: port })
      const page = await browser.newPage()
      await page.goto(await server.link, { waitUntil: 'commit' })
      await see(page)
      const took = performance.now() - start
      port = new URL(await server.url).port
      await page.close()
      await server.stop()
      return took
    },
    blank: () => openBlank(browser),
    close: () => browser.close(),
  }
}

async function openBlank(browser: BrowserContext): Promise<number> {
  const start = performance.now()
  const page = await browser.newPage()
  await page.goto(emptyPage)
  await page.getByRole('heading').waitFor()
  const took = performance.now() - start
  await page.close()
  return took
}
