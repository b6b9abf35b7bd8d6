import { randomInt } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { openFolder } from '../helpers/folder'
import { type RunningServer, startServer } from '../helpers/server'
import { launchProfile } from './browser'
import { type OpenClient, openClient } from './page-client'
import { makeProject, makeTable, openTable } from './sample'
import { cell, changesBar, saveChanges } from './table-editor.page'

/** Times that server and browser are killed in the middle of an edit script. A hundred is a matter of an hour. */
const rounds = Number(process.env.KILL_ROUNDS ?? 2)
const rows = 6

/** What the screen has shown, which no kill may take away. */
interface Seen {
  /** Of each cell every value that was typed, in their order; the one at `shown` was seen in the grid. */
  readonly typed: string[][]
  readonly shown: number[]
  /** Up to this one, the bar said that all is saved. */
  readonly saved: number[]
  /** Texts of new records: true when they were seen. */
  readonly created: Map<string, boolean>
}

test.skip(process.platform !== 'linux', 'Processes are found by /proc.')
test.setTimeout(120_000 + rounds * 90_000)

test('killed at random points of an edit script, nothing that was seen is lost, and nothing is written twice', async () => {
  const folder = await openFolder()
  const profile = join(folder, 'browser')
  let server = await startServer(folder)
  let page = await openBrowser(profile, server.link)
  const { projectId, tableId: _, ...at } = await makeLedger(page)
  const seen: Seen = {
    typed: Array.from({ length: rows }, () => ['start']),
    shown: Array.from({ length: rows }, () => 0),
    saved: Array.from({ length: rows }, () => 0),
    created: new Map(),
  }
  try {
    for (let round = 0; round < rounds; round += 1) {
      await openTable(page, projectId, 'ledger')
      await expect(await cell(page, 0, 'text')).toBeVisible()
      const killed = killSoon(server, profile)
      await edit(page, seen, round, killed.state).catch((error: unknown) => {
        if (!killed.state.done) throw error
      })
      await killed.finished
      await page
        .context()
        .close()
        .catch(() => undefined)
      server = await startServer(folder, { PORT: new URL(server.url).port })
      page = await openBrowser(profile, server.link)
      await openTable(page, projectId, 'ledger')
      await expectNothingLost(page, seen)
    }
    if (await changesBar(page).isVisible()) await saveChanges(page)
    const { client, close } = await openClient(page)
    await expectWrittenOnce(client, at, seen)
    close()
  } finally {
    await page
      .context()
      .close()
      .catch(() => undefined)
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

async function makeLedger(page: Page) {
  const { client, close } = await openClient(page)
  const project = await makeProject(client)
  const columns = [
    { name: 'number', type: 'integer' },
    { name: 'text', type: 'text' },
  ]
  const made = await makeTable(
    client,
    project.databaseId,
    { name: 'ledger', timestamps: false, columns },
    Array.from({ length: rows }, (_, number) => ({ number, text: 'start' })),
  )
  close()
  return { ...project, ...made }
}

async function openBrowser(profile: string, link: string): Promise<Page> {
  const context = await launchProfile(profile)
  const page = context.pages()[0] ?? (await context.newPage())
  // So tall that all the records that are added are drawn: some each round.
  await page.setViewportSize({ width: 1440, height: 900 + rounds * 50 })
  await page.goto(link)
  return page
}

/** Types, saves and adds records until the kill. */
async function edit(page: Page, seen: Seen, round: number, killed: { readonly done: boolean }): Promise<void> {
  const keys = page.keyboard
  for (let step = 0; !killed.done; step += 1) {
    const row = step % rows
    const value = `r${round} s${step}`
    await (await cell(page, row, 'text')).click()
    await keys.type(value)
    seen.typed[row]?.push(value)
    await keys.press('Enter')
    await expect(await cell(page, row, 'text')).toHaveText(value)
    seen.shown[row] = (seen.typed[row]?.length ?? 1) - 1
    if (step % 5 === 4) {
      const shown = [...seen.shown]
      await saveChanges(page)
      for (const [index, at] of shown.entries()) seen.saved[index] = at
    }
    if (step % 7 === 3) await addRow(page, seen, `new ${value}`)
  }
}

async function addRow(page: Page, seen: Seen, text: string): Promise<void> {
  const grid = page.getByRole('grid')
  const before = Number(await grid.getAttribute('aria-rowcount'))
  await page.getByRole('button', { name: 'New record' }).first().click()
  await expect(grid).toHaveAttribute('aria-rowcount', String(before + 1))
  await (await cell(page, before - 1, 'text')).click()
  await page.keyboard.type(text)
  seen.created.set(text, false)
  await page.keyboard.press('Tab')
  await expect(await cell(page, before - 1, 'text')).toHaveText(text)
  seen.created.set(text, true)
}

function killSoon(server: RunningServer, profile: string) {
  const state = { done: false }
  const finished = new Promise<void>((resolve) => {
    setTimeout(
      async () => {
        state.done = true
        const ended = new Promise((done) => server.process.once('exit', done))
        server.process.kill('SIGKILL')
        for (const pid of await browsersOf(profile)) kill(pid)
        await ended
        resolve()
      },
      randomInt(1_500, 12_000),
    )
  })
  return { state, finished }
}

/** The main processes of browsers on this profile: ours, because nobody else has the folder. */
async function browsersOf(profile: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return line.includes(`--user-data-dir=${profile}`) && !line.includes('--type=') ? [pid] : []
    }),
  )
  return found.flat()
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself in between.
  }
}

async function expectNothingLost(page: Page, seen: Seen): Promise<void> {
  for (let row = 0; row < rows; row += 1) {
    // What was typed last may have been kept before it was seen, or not at all.
    const possible = seen.typed[row]?.slice(seen.shown[row]) ?? []
    await expect.poll(async () => possible.includes(await (await cell(page, row, 'text')).innerText())).toBe(true)
    const now = await (await cell(page, row, 'text')).innerText()
    seen.shown[row] = seen.typed[row]?.lastIndexOf(now) ?? 0
  }
  for (const [text, isShown] of seen.created) {
    const found = page.getByRole('gridcell', { name: text, exact: true })
    if (isShown) await expect(found).toHaveCount(1)
    else if ((await found.count()) === 0) seen.created.delete(text)
    else seen.created.set(text, true)
  }
}

async function expectWrittenOnce(
  client: OpenClient['client'],
  { databaseId, records }: { readonly databaseId: string; readonly records: readonly { readonly _id: string }[] },
  seen: Seen,
): Promise<void> {
  const all = (await client.records.query({ databaseId, tableName: 'ledger', limit: 1000 })).records
  const texts = all.map(({ text }) => text)
  for (const [row, record] of records.entries()) {
    const params = { databaseId, recordId: record._id }
    const { changes } = await client.changes.history({ params, query: { table: 'ledger' } })
    const written = changes.flatMap(({ op, fields }) => (op === 'update' ? fields.map(({ after }) => after) : []))
    expect(new Set(written).size, 'no value is written twice').toBe(written.length)
    const last = seen.typed[row]?.[seen.shown[row] ?? 0]
    expect(all.find(({ _id }) => _id === record._id)?.text).toBe(last)
    const saved = seen.typed[row]?.[seen.saved[row] ?? 0]
    if (saved !== 'start') expect(written, 'what was seen as saved was saved').toContain(saved)
  }
  for (const [text, isShown] of seen.created)
    expect(texts.filter((other) => other === text).length, text).toBe(isShown ? 1 : 0)
}
