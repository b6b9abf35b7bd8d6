import type { Page } from '@playwright/test'
import type { JsonValue } from '@shared/json'
import { makeProject, makeTable, openSample, openTable } from './sample'
import { expect, test } from './studio'
import { cell, saveChanges } from './table-editor.page'

// Long ways, for a machine that does other things as well.
test.setTimeout(240_000)

const things = {
  name: 'things',
  timestamps: false,
  columns: [
    { name: 'title', type: 'text' },
    { name: 'meta', type: 'jsonb' },
    { name: 'made', type: 'date' },
    { name: 'seen', type: 'timestamptz' },
    { name: 'token', type: 'uuid' },
    { name: 'amount', type: 'numeric(30,4)' },
    { name: 'good', type: 'boolean' },
  ],
}

async function edit(page: Page, row: number, column: string): Promise<void> {
  await (await cell(page, row, column)).dblclick()
}

/** The code editor is a chunk of its own, and a large one. */
const patient = { timeout: 60_000 }

test('JSON is edited with its mistakes marked, and comes back whole', async ({ studio, client }) => {
  const { page } = studio
  const long = { list: Array.from({ length: 3000 }, (_, index) => ({ index, text: `value ${index}` })) }
  const { databaseId, records } = await openSample(page, client, things, [{ title: 'a', meta: long }])
  const stored = async () => {
    const at = { params: { databaseId, recordId: records[0]?._id ?? '' }, query: { table: 'things' } }
    return (await client.records.get(at)).record.meta
  }

  await edit(page, 0, 'meta')
  const editor = page.getByRole('dialog', { name: 'Edit meta' })
  await expect(editor.locator('.view-lines')).toContainText('"list"', patient)
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type('"new": 1,')
  await page.keyboard.press('Control+Enter')
  await expect(editor).toBeHidden()
  await saveChanges(page)
  await expect.poll(stored).toEqual({ new: 1, ...long })

  await edit(page, 0, 'meta')
  await expect(editor.locator('.view-lines')).toContainText('"new"')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('{"a": ')
  await expect(editor.getByRole('alert')).toContainText('This is not JSON')
  await page.keyboard.press('Control+Enter')
  await expect(editor).toBeVisible()
  await page.keyboard.press('F2')
  const large = page.getByRole('dialog', { name: 'meta', exact: true })
  await expect(large.getByRole('alert')).toContainText('This is not JSON')
  await expect(large.locator('.view-lines')).toContainText('{"a":')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('[1,2]')
  await large.getByRole('button', { name: 'Format' }).click()
  await expect(large.locator('.view-line')).toHaveCount(4)
  await large.getByRole('button', { name: 'Save' }).click()
  await expect(await cell(page, 0, 'meta')).toHaveText('[1,2]')
  await saveChanges(page)
  await expect.poll(stored).toEqual([1, 2])
})

test('what is typed into a JSON cell before the editor is there is not lost', async ({ studio, client }) => {
  const { page } = studio
  await openSample(page, client, things, [{ title: 'a', meta: null }])
  await (await cell(page, 0, 'meta')).click()
  await page.keyboard.type('12345')
  await expect(page.getByRole('dialog', { name: 'Edit meta' }).locator('.view-lines')).toHaveText('12345', patient)
  await page.keyboard.type('6')
  await page.keyboard.press('Control+Enter')
  await expect(await cell(page, 0, 'meta')).toHaveText('123456')
})

test('long text has a large editor: F2 again, or Shift+Enter', async ({ studio, client }) => {
  const { page } = studio
  await openSample(page, client, things, [{ title: 'first line', meta: null }])
  await edit(page, 0, 'title')
  await page.keyboard.press('End')
  await page.keyboard.type(' and more')
  await page.keyboard.press('F2')
  const large = page.getByRole('dialog', { name: 'title' })
  await expect(large.getByLabel('Edit title')).toHaveValue('first line and more')
  await expect(large).toContainText('19 characters, 1 line')
  await page.keyboard.press('Control+End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('second line')
  await page.keyboard.press('Control+Enter')
  await expect(large).toBeHidden()
  await expect(await cell(page, 0, 'title')).toHaveText('first line and more ↵ second line')
  await expect(page.getByRole('grid')).toBeFocused()

  await page.keyboard.press('Shift+Enter')
  await expect(large.getByLabel('Edit title')).toHaveValue('first line and more\nsecond line')
  await page.keyboard.press('Escape')
  await expect(large).toBeHidden()
})

test('days and times are typed or picked, and the zone is said', async ({ studio, client }) => {
  const { page } = studio
  await openSample(page, client, things, [{ made: '2026-01-31', seen: '2026-03-01T12:30:00.250001Z' }])
  await edit(page, 0, 'made')
  const days = page.getByRole('dialog', { name: 'Pick made' })
  await expect(days.getByRole('button', { name: 'Saturday, January 31, 2026' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Edit made')).toHaveValue('2026-03-01')
  await expect(page.getByLabel('Edit made')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(await cell(page, 0, 'made')).toHaveText('2026-03-01')

  await edit(page, 0, 'seen')
  const moment = page.getByRole('dialog', { name: 'Pick seen' })
  await expect(moment).toContainText('Your zone:')
  await expect(moment).toContainText('2026-03-01T12:30:00.250001Z')
  await moment.getByLabel('Hours').focus()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByLabel('Edit seen')).toHaveValue(/^2026-03-01 \d\d:30:00$/)
  await moment.getByRole('button', { name: 'Monday, March 2, 2026' }).click()
  await page.keyboard.press('Enter')
  await expect(await cell(page, 0, 'seen')).toHaveText(/^2026-03-02 \d\d:30:00$/)

  await edit(page, 0, 'seen')
  await page.keyboard.type('no time')
  await page.keyboard.press('Enter')
  await expect(moment.getByRole('alert')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(await cell(page, 0, 'seen')).toHaveText(/^2026-03-02/)
})

test('numbers are exact, a boolean has three states, a uuid is made', async ({ studio, client }) => {
  const { page } = studio
  const { databaseId, records } = await openSample(page, client, things, [{ title: 'a', good: true }])
  const stored = async (): Promise<{ readonly [column: string]: JsonValue }> => {
    const at = { params: { databaseId, recordId: records[0]?._id ?? '' }, query: { table: 'things' } }
    return (await client.records.get(at)).record
  }
  await (await cell(page, 0, 'amount')).click()
  await page.keyboard.type('12345678901234567890.1234')
  await page.keyboard.press('Enter')
  await (await cell(page, 0, 'good')).click()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('radio')).toHaveText(['true', 'false', 'NULL'])
  await page.keyboard.press('n')
  await expect(await cell(page, 0, 'good')).toHaveText('NULL')
  await edit(page, 0, 'token')
  await page.getByRole('button', { name: 'Generate' }).click()
  await expect(page.getByLabel('Edit token')).toHaveValue(/^[0-9a-f-]{36}$/)
  await page.keyboard.press('Enter')
  await saveChanges(page)
  expect(await stored()).toMatchObject({ amount: '12345678901234567890.1234', good: null })
  expect((await stored()).token).toMatch(/^[0-9a-f-]{36}$/)
})

test('a reference is picked by label, shows its record in a card, and leads there', async ({ studio, client }) => {
  const { page } = studio
  const { projectId, databaseId } = await makeProject(client)
  const authors = await makeTable(
    client,
    databaseId,
    {
      name: 'authors',
      columns: [
        { name: 'name', type: 'text', required: true },
        { name: 'bio', type: 'text' },
      ],
    },
    ['Ursula K. Le Guin', 'Stanisław Lem', 'Octavia E. Butler'].map((name) => ({ name, bio: `About ${name}` })),
  )
  await makeTable(
    client,
    databaseId,
    {
      name: 'books',
      timestamps: false,
      columns: [
        { name: 'title', type: 'text' },
        { name: 'author_id', type: 'uuid', references: { table: 'authors', column: 'id' } },
      ],
    },
    [
      { title: 'The Dispossessed', author_id: authors.records[0]?.id ?? null },
      { title: 'Kindred', author_id: null },
    ],
  )
  await openTable(page, projectId, 'books')
  await expect(await cell(page, 0, 'author_id')).toHaveText('Ursula K. Le Guin')

  await edit(page, 1, 'author_id')
  const picker = page.getByRole('dialog', { name: 'Edit author_id' })
  await expect(picker.getByRole('option')).toHaveCount(4)
  await page.keyboard.type('butler')
  await expect(picker.getByRole('option')).toHaveCount(1)
  await expect(picker).toContainText('About Octavia E. Butler')
  await page.keyboard.press('Enter')
  await expect(await cell(page, 1, 'author_id')).toHaveText('Octavia E. Butler')
  await saveChanges(page)

  await (await cell(page, 0, 'author_id')).locator('[data-reference]').hover()
  const card = page.getByRole('dialog', { name: 'Record of authors' })
  await expect(card).toContainText('About Ursula K. Le Guin')
  await page.mouse.move(5, 5)
  await expect(card).toBeHidden()

  await (await cell(page, 0, 'author_id')).locator('[data-reference]').click({ modifiers: ['Control'] })
  await expect(page.getByRole('grid', { name: 'Records of authors' })).toHaveAttribute('aria-rowcount', '2')
  await expect(await cell(page, 0, 'name')).toHaveText('Ursula K. Le Guin')
  await page.goBack()
  await edit(page, 1, 'author_id')
  await expect(picker.getByRole('option').first()).toBeVisible()
  await picker.getByRole('option', { name: 'Set NULL' }).click()
  await expect(await cell(page, 1, 'author_id')).toHaveText('NULL')
})
