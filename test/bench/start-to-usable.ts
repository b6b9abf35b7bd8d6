import { rm } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { openFolder } from '../helpers/folder'
import { median, ms } from './statistics'

export const emptyPage = 'data:text/html,<h1>empty</h1>'

/** Warm starts measured on one folder, after the first that made its project. */
const again = 5

/** What starts the studio, on one data folder. */
export interface Host {
  /** Starts the studio, waits until `see` has seen what it wants in its page, and ends it: milliseconds. */
  start(see: (page: Page) => Promise<unknown>): Promise<number>
  blank(): Promise<number>
  close(): Promise<void>
}

/**
 * First run: an empty folder (initdb, migrations) to the painted `users` table of the project that one click made.
 * Warm: the same folder again, by the same person, to the same table without a click. The plain alternative is the same
 * browser, or Electron, opening an empty page.
 */
export async function measureStarts(
  print: (line: string) => void,
  open: (dataDir: string) => Promise<Host>,
): Promise<void> {
  const first: number[] = []
  const warm: number[] = []
  const blank: number[] = []
  for (let index = 0; index < 3; index += 1) {
    const folder = await openFolder()
    const { start, close, ...plain } = await open(folder)
    first.push(await start(makeProject))
    for (let turn = 0; turn < again; turn += 1) {
      blank.push(await plain.blank())
      warm.push(await start((page) => page.getByRole('grid').waitFor()))
    }
    await close()
    await rm(folder, { recursive: true, force: true })
  }
  print(`first run median ${ms(median(first))}, worst ${ms(Math.max(...first))} (aim: under 5 s)`)
  print(`warm      median ${ms(median(warm))}, worst ${ms(Math.max(...warm))} (aim: under 2 s)`)
  print(`an empty page ${ms(median(blank))}; a warm start is ${(median(warm) / median(blank)).toFixed(1)} of it`)
}

async function makeProject(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New project' }).first().click()
  await page.getByRole('dialog').getByLabel('Name').press('Enter')
  await page.getByRole('grid').waitFor()
}
