import { rm } from 'node:fs/promises'
import type { Browser } from '@playwright/test'
import { launchBrowser } from '../e2e/browser'
import { openFolder } from '../helpers/folder'
import { startServer } from '../helpers/server'
import { median, ms } from './statistics'

export const name = 'Start to usable: from the start of the process to the first painted table'

/**
 * First run: an empty folder (initdb, migrations) to the painted `users` table of the project that one click made.
 * Warm: the same folder again, to the same table. The plain alternative is the browser opening an empty page.
 */
export async function run(print: (line: string) => void): Promise<void> {
  const browser = await launchBrowser()
  try {
    const blank: number[] = []
    for (let index = 0; index < 5; index += 1) blank.push(await openBlank(browser))
    const first: number[] = []
    const warm: number[] = []
    for (let index = 0; index < 3; index += 1) {
      const folder = await openFolder()
      const made = await firstRun(browser, folder)
      first.push(made.took)
      for (let again = 0; again < 3; again += 1) warm.push(await warmStart(browser, folder, made.address))
      await rm(folder, { recursive: true, force: true })
    }
    print(`first run: median ${ms(median(first))}, worst ${ms(Math.max(...first))} (aim: under 5 s)`)
    print(`warm:      median ${ms(median(warm))}, worst ${ms(Math.max(...warm))} (aim: under 2 s)`)
    print(
      `an empty page in the same browser: ${ms(median(blank))}; warm start is ${(median(warm) / median(blank)).toFixed(1)} of it`,
    )
  } finally {
    await browser.close()
  }
}

async function openBlank(browser: Browser): Promise<number> {
  const start = performance.now()
  const page = await browser.newPage()
  await page.goto('data:text/html,<h1>empty</h1>')
  await page.getByRole('heading').waitFor()
  const took = performance.now() - start
  await page.close()
  return took
}

async function firstRun(browser: Browser, folder: string): Promise<{ took: number; address: string }> {
  const start = performance.now()
  const server = await startServer(folder)
  const page = await browser.newPage()
  await page.goto(server.link)
  await page.getByRole('button', { name: 'New project' }).first().click()
  await page.getByRole('dialog').getByLabel('Name').press('Enter')
  await page.getByRole('grid').waitFor()
  const took = performance.now() - start
  const address = new URL(page.url()).pathname
  await page.close()
  await server.stop()
  return { took, address }
}

async function warmStart(browser: Browser, folder: string, address: string): Promise<number> {
  const start = performance.now()
  const server = await startServer(folder)
  const page = await browser.newPage()
  await page.goto(server.link)
  if (new URL(page.url()).pathname !== address) await page.goto(new URL(address, server.url).href)
  await page.getByRole('grid').waitFor()
  const took = performance.now() - start
  await page.close()
  await server.stop()
  return took
}
