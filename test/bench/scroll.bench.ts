import { rm } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { launchBrowser } from '../e2e/browser'
import { openClient } from '../e2e/page-client'
import { makeProject, openTable } from '../e2e/sample'
import { openFolder } from '../helpers/folder'
import { startServer } from '../helpers/server'
import { dragScrollbar, frames, heap, openByClick, wheel } from './grid-page'
import { median, ms, percentile } from './statistics'

export const name = 'Scrolling a table of 100,000 records'

const records = 100_000
const perCall = 10_000
const opens = 7
/** Each row of both pages shows this many cells. */
const columns = ['name', 'email', 'age', 'city', 'balance', 'active', 'born'] as const
const plainRows = 5_000
/** Pixels at each turn of the wheel, of which a frame has about one: 6,000 px a second, and three times that. */
const notch = 100
const fling = 300

/**
 * Intervals between animation frames while a wheel turns, quickly and very quickly, and while the scrollbar is dragged through the whole table.
 * The plain alternative is a page in the same browser that scrolls 5,000 rows that were all written beforehand: it
 * asks for nothing, renders nothing anew, and shows what this browser on this machine can do at best.
 */
export async function run(print: (line: string) => void): Promise<void> {
  const folder = await openFolder()
  const server = await startServer(folder)
  // Playwright hides scrollbars; this one is to be dragged.
  const browser = await launchBrowser({ ignoreDefaultArgs: ['--hide-scrollbars'] })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const plain = await context.newPage()
    await plain.setContent(plainPage())
    const plainScroller = plain.locator('#scroller')
    const plainWheel = await frames(plain, () => wheel(plain, plainScroller, notch))
    const plainFling = await frames(plain, () => wheel(plain, plainScroller, fling))
    const plainDrag = await frames(plain, () => dragScrollbar(plain, plainScroller))
    await plain.close()

    const page = await context.newPage()
    await page.goto(server.link)
    await fill(page)
    await openTable(page, await projectOf(page), 'users')

    const shown: number[] = []
    for (let index = 0; index < opens; index += 1) shown.push(await openByClick(page))
    await page.getByRole('complementary').getByRole('link', { name: 'customers' }).click()
    const grid = page.getByRole('grid', { name: 'Records of customers' })
    await grid.getByText('Customer 0', { exact: true }).waitFor()
    const heapBefore = await heap(page)
    const gridWheel = await frames(page, () => wheel(page, grid, notch))
    const gridFling = await frames(page, () => wheel(page, grid, fling))
    const gridDrag = await frames(page, () => dragScrollbar(page, grid))
    const heapAfter = await heap(page)

    print(
      `click on the table to its first painted rows: median ${ms(median(shown))}, worst of ${opens} ${ms(Math.max(...shown))}`,
    )
    report(print, 'wheel', gridWheel, plainWheel)
    report(print, 'fling', gridFling, plainFling)
    report(print, 'scrollbar', gridDrag, plainDrag)
    print(`heap of the page: ${megabytes(heapBefore)} with the table open, ${megabytes(heapAfter)} after the scrolling`)
  } finally {
    await browser.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function report(print: (line: string) => void, how: string, grid: readonly number[], plain: readonly number[]): void {
  const line = (what: string, intervals: readonly number[]) =>
    print(
      `${how}, ${what}: ${intervals.length} frames, p50 ${ms(median(intervals))}, p99 ${ms(percentile(intervals, 0.99))}, ` +
        `worst ${ms(Math.max(...intervals))}, over 17 ms ${share(intervals, 17)}, over 25 ms ${share(intervals, 25)}`,
    )
  line(`${records.toLocaleString('en')} records in the grid`, grid)
  line(`${plainRows.toLocaleString('en')} plain rows`, plain)
  print(
    `${how}, grid to plain: p50 ${ratio(median(grid), median(plain))}, p99 ${ratio(percentile(grid, 0.99), percentile(plain, 0.99))}`,
  )
}

/** Over the page's own connection, as the grid writes: the embedded server's owner has no password for the API. */
async function fill(page: Page): Promise<void> {
  const { client, close } = await openClient(page)
  const { databaseId } = await makeProject(client)
  await client.tables.create({
    databaseId,
    schemaJson: {
      name: 'customers',
      columns: [
        { name: 'name', type: 'text', required: true },
        { name: 'email', type: 'text' },
        { name: 'age', type: 'integer' },
        { name: 'city', type: 'text' },
        { name: 'balance', type: 'numeric' },
        { name: 'active', type: 'boolean' },
        { name: 'born', type: 'date' },
      ],
      timestamps: false,
    },
  })
  for (let first = 0; first < records; first += perCall)
    await client.records.create({
      databaseId,
      tableName: 'customers',
      records: Array.from({ length: perCall }, (_, index) => customer(first + index)),
    })
  close()
}

function customer(index: number) {
  return {
    name: `Customer ${index}`,
    email: `customer.${index}@example.org`,
    age: 18 + (index % 70),
    city: ['Lyon', 'Turin', 'Bergen', 'Porto', 'Graz'][index % 5] ?? null,
    balance: `${(index * 37) % 100_000}.25`,
    active: index % 3 === 0,
    born: `19${String(50 + (index % 50))}-0${1 + (index % 9)}-1${index % 10}`,
  }
}

async function projectOf(page: Page): Promise<string> {
  const { client, close } = await openClient(page)
  const { projects } = await client.projects.list()
  close()
  return projects[0]?.id ?? ''
}

function plainPage(): string {
  const row = (index: number) => {
    const values = customer(index)
    return `<div class="row">${columns.map((column) => `<span>${values[column]}</span>`).join('')}</div>`
  }
  return `<!doctype html><style>
    body { margin: 0 }
    #scroller { height: 100vh; overflow-y: scroll; font: 12px monospace }
    ::-webkit-scrollbar { width: 10px }
    ::-webkit-scrollbar-thumb { background: #888 }
    .row { display: flex; height: 32px; border-bottom: 1px solid #ddd }
    .row span { flex: 1; padding: 8px; border-right: 1px solid #ddd }
  </style><div id="scroller">${Array.from({ length: plainRows }, (_, index) => row(index)).join('')}</div>`
}

function share(intervals: readonly number[], limit: number): string {
  return `${((100 * intervals.filter((interval) => interval > limit).length) / intervals.length).toFixed(1)} %`
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
