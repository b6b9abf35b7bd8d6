import { rm } from 'node:fs/promises'
import type { BrowserContext, Page } from '@playwright/test'
import { launchBrowser } from '../e2e/browser'
import { openClient } from '../e2e/page-client'
import { makeProject, openTable } from '../e2e/sample'
import { openFolder } from '../helpers/folder'
import { startServer } from '../helpers/server'
import { median, ms } from './statistics'

const windows = 3
const again = 5
/** Milliseconds in which a person who looks at a table touches nothing, and the studio makes the editor ready. */
const rest = 6_000

/**
 * Opening the SQL panel: from the click on the rail to the frame after the caret is in the editor and Run can be
 * pressed. The plain alternative is Monaco as its package ships it, alone in an empty page that has it loaded already.
 */
export async function measureOpening(print: (line: string) => void): Promise<void> {
  const folder = await openFolder()
  const server = await startServer(folder)
  const browser = await launchBrowser()
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(server.link)
    const { client, close } = await openClient(page)
    const { projectId } = await makeProject(client)
    close()
    const first: number[] = []
    const later: number[] = []
    for (let index = 0; index < windows; index += 1) {
      const window = await context.newPage()
      await window.goto(page.url())
      await openTable(window, projectId, 'users')
      await window.waitForTimeout(rest)
      first.push(await openByClick(window))
      for (let time = 0; time < again; time += 1) later.push(await openByClick(window))
      await window.close()
    }
    const bare = await openBare(context)
    print(
      `opened for the first time: median ${ms(median(first))}, worst of ${windows} ${ms(Math.max(...first))}; promised 300 ms`,
    )
    print(
      `opened again: median ${ms(median(later))}, worst of ${later.length} ${ms(Math.max(...later))}; promised 300 ms`,
    )
    print(
      `bare Monaco in an empty page: ${ms(bare)}; the panel is ${(median(first) / bare).toFixed(1)} of it at first, ${(median(later) / bare).toFixed(1)} again`,
    )
  } finally {
    await browser.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Milliseconds until the panel is usable; then back to the tables. */
async function openByClick(page: Page): Promise<number> {
  await page.evaluate(() => {
    const isUsable = () => {
      const buttons = [...document.querySelectorAll<HTMLButtonElement>('[role=toolbar] button')]
      const run = buttons.find((button) => button.textContent?.trim() === 'Run')
      const isTaken = document.activeElement?.getAttribute('aria-label') === 'SQL'
      return run?.disabled === false && isTaken && document.querySelector('.monaco-editor .view-line') !== null
    }
    const usable = new Promise<number>((done) => {
      document.addEventListener(
        'click',
        () => {
          const start = performance.now()
          const look = () =>
            isUsable() ? requestAnimationFrame(() => done(performance.now() - start)) : requestAnimationFrame(look)
          look()
        },
        { capture: true, once: true },
      )
    })
    Object.assign(window, { usable })
  })
  await page.getByRole('link', { name: 'SQL', exact: true }).click()
  const took = await page.evaluate<number>(() => Reflect.get(window, 'usable'))
  await page.getByRole('link', { name: 'Tables', exact: true }).click()
  await page.getByRole('grid').waitFor()
  return took
}

const bareAddress = 'http://monaco.test/'

/** Milliseconds from making an editor with one line of SQL to the frame after that line is there; the median of some. */
async function openBare(context: BrowserContext): Promise<number> {
  const page = await context.newPage()
  await page.route(`${bareAddress}**`, (route) => {
    const path = new URL(route.request().url()).pathname
    if (path !== '/') return route.fulfill({ path: `node_modules/monaco-editor/min${path}` })
    const body =
      '<body style="margin:0"><div id="place" style="height:600px"></div><script src="/vs/loader.js"></script>'
    return route.fulfill({ contentType: 'text/html', body })
  })
  await page.goto(bareAddress)
  const times = await page.evaluate(async (rounds) => {
    // Not the loader of Node, which the types mean.
    const load = Reflect.get(window, String('require'))
    load.config({ paths: { vs: '/vs' } })
    const monaco = await new Promise<{ editor: { create(place: Element | null, options: object): Editor } }>((done) =>
      load(['vs/editor/editor.main'], done),
    )
    interface Editor {
      focus(): void
      dispose(): void
    }
    const took: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now()
      const editor = monaco.editor.create(document.querySelector('#place'), { value: 'select 1', language: 'pgsql' })
      editor.focus()
      await new Promise<void>((done) => {
        const look = () =>
          document.querySelector('.view-line') ? requestAnimationFrame(() => done()) : requestAnimationFrame(look)
        look()
      })
      took.push(performance.now() - start)
      editor.dispose()
    }
    return took
  }, again + 1)
  await page.close()
  return median(times.slice(1))
}
