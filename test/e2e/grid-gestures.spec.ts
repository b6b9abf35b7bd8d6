import type { Locator, Page } from '@playwright/test'
import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import { cell, changesBar, chooseFromMenu, expectActive, expectRecords, saveChanges, toast } from './table-editor.page'

// Long ways through the grid, on machines that do other things as well.
test.describe.configure({ timeout: 240_000 })

/** The clipboard as another program fills and reads it. */
async function clipboard(page: Page) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  return {
    read: () => page.evaluate(() => navigator.clipboard.readText()),
    write: (text: string) => page.evaluate((value) => navigator.clipboard.writeText(value), text),
  }
}

async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.hover()
  await page.mouse.down()
  await to.hover({ force: true })
  await page.mouse.up()
}

test('ranges: by Shift, by dragging, typed into once, filled, cleared, and undone step by step', async ({
  studio: { page },
  client,
}) => {
  const { databaseId, tableName } = await openSample(page, client, people, threePeople)
  const keys = page.keyboard
  const selected = page.locator('[role="gridcell"][aria-selected="true"]')
  const notes = async () => [
    await (await cell(page, 0, 'note')).innerText(),
    await (await cell(page, 1, 'note')).innerText(),
    await (await cell(page, 2, 'note')).innerText(),
  ]

  await (await cell(page, 0, 'age')).click()
  await keys.press('Shift+ArrowRight')
  await keys.press('Shift+ArrowDown')
  await expect(selected).toHaveCount(4)
  await keys.press('Control+Shift+ArrowDown')
  await expect(selected).toHaveCount(6)
  await keys.press('Escape')
  await expect(selected).toHaveCount(0)
  await expectActive(page, 0, 'age')
  await keys.press('Control+ArrowDown')
  await expectActive(page, 2, 'age')

  await drag(page, await cell(page, 0, 'note'), await cell(page, 2, 'note'))
  await expect(selected).toHaveCount(3)
  await keys.type('same')
  await keys.press('Enter')
  await expect.poll(notes).toEqual(['same', 'same', 'same'])
  await expect(changesBar(page)).toContainText('3 changes')
  await keys.press('Control+z')
  await expect.poll(notes).toEqual(['', 'NULL', 'goto'])
  await expect(changesBar(page)).toBeHidden()
  await keys.press('Control+Shift+z')
  await expect.poll(notes).toEqual(['same', 'same', 'same'])
  await keys.press('Backspace')
  await expect.poll(notes).toEqual(['NULL', 'NULL', 'NULL'])
  await keys.press('Delete')
  await expect.poll(notes).toEqual(['', '', ''])
  // The first was empty before: it has left the queue.
  await expect(changesBar(page)).toContainText('2 changes')

  await (await cell(page, 0, 'note')).click()
  await keys.type('top')
  await keys.press('Tab')
  await (await cell(page, 0, 'note')).click()
  await keys.press('Control+Shift+ArrowDown')
  await keys.press('Control+d')
  await expect.poll(notes).toEqual(['top', 'top', 'top'])

  await (await cell(page, 0, 'age')).click()
  await drag(page, page.locator('[data-fill]'), await cell(page, 2, 'age'))
  await expect(await cell(page, 2, 'age')).toHaveText('36')
  await expect(await cell(page, 1, 'age')).toHaveText('36')

  await saveChanges(page)
  await expect
    .poll(async () => (await client.records.query({ databaseId, tableName })).records)
    .toMatchObject([
      { age: 36, note: 'top' },
      { age: 36, note: 'top' },
      { age: 36, note: 'top' },
    ])
  // After saving, undo writes it back through the change log, and redo writes it again.
  await page.getByRole('grid').focus()
  await keys.press('Control+z')
  await expect(toast(page, 'undone')).toBeVisible()
  await expect.poll(notes).toEqual(['', 'NULL', 'goto'])
  await keys.press('Control+y')
  await expect.poll(notes).toEqual(['top', 'top', 'top'])
})

test('blocks of a spreadsheet: copied, pasted, coerced, past the end, with bad cells marked and kept', async ({
  studio: { page },
  client,
}) => {
  const { databaseId, tableName } = await openSample(page, client, people, threePeople)
  const keys = page.keyboard
  const copied = await clipboard(page)

  // As Excel writes it: quotes around a line break, numbers with separators, an empty cell.
  await copied.write('Alan\t1,041\t"two\nlines"\tTRUE\r\nKonrad\tmany\t\tno\r\n')
  await (await cell(page, 2, 'name')).click()
  await keys.press('Control+v')
  await expect(await cell(page, 2, 'age')).toHaveText('1041')
  await expect(await cell(page, 2, 'note')).toHaveText('two ↵ lines')
  await expect(await cell(page, 3, 'name')).toHaveText('Konrad')
  await expect(await cell(page, 3, 'age')).toHaveText('many')
  await expect(await cell(page, 3, 'age')).toHaveAttribute('aria-invalid', 'true')
  await expect(await cell(page, 3, 'note')).toHaveText('NULL')
  await expect(toast(page, '1 cell of 8 cells did not fit.')).toBeVisible()
  await expect(changesBar(page)).toContainText('5 changes')

  // What fits is saved; the record with the bad cell waits, and its cell says why.
  await changesBar(page).getByRole('button', { name: 'Save' }).click()
  await expect(changesBar(page)).toContainText('1 change')
  await expectActive(page, 3, 'age')
  await expect(page.getByRole('alert').filter({ hasText: 'is not a whole number' })).toBeVisible()
  await keys.type('31')
  await keys.press('Enter')
  await saveChanges(page)
  await expectRecords(page, 4)
  await expect
    .poll(async () => (await client.records.query({ databaseId, tableName })).records)
    .toMatchObject([
      {},
      {},
      { name: 'Alan', age: 1041, note: 'two\nlines', active: true },
      { name: 'Konrad', age: 31, note: null, active: false },
    ])

  await (await cell(page, 2, 'name')).click()
  await (await cell(page, 3, 'note')).click({ modifiers: ['Shift'] })
  await keys.press('Control+c')
  await expect.poll(copied.read).toBe('Alan\t1041\t"two\nlines"\nKonrad\t31\t')
  // Within the grid the values themselves travel: NULL stays NULL. A block goes in as new records.
  await keys.press('Control+Shift+v')
  await expect(await cell(page, 5, 'name')).toHaveText('Konrad')
  await expect(await cell(page, 5, 'note')).toHaveText('NULL')
  await keys.press('Control+z')
  await expect(changesBar(page)).toBeHidden()

  await (await cell(page, 0, 'name')).click()
  await (await cell(page, 1, 'age')).click({ modifiers: ['Shift'] })
  await (await cell(page, 1, 'age')).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Copy as' }).hover()
  await page.getByRole('menuitem', { name: 'SQL insert' }).click()
  await expect.poll(copied.read).toBe("insert into people (name, age) values\n  ('Ada', 36),\n  ('Grace', 85);")
})

test('staged changes: seen as records and as SQL, discarded, and there again after a reload', async ({
  studio: { page },
  client,
}) => {
  const { records } = await openSample(page, client, people, threePeople)
  const keys = page.keyboard
  await (await cell(page, 0, 'age')).click()
  await keys.type('37')
  await keys.press('Enter')
  await (await cell(page, 2, 'name')).click()
  await keys.press('Control+Backspace')
  await page.getByRole('button', { name: 'New record' }).click()
  await expectActive(page, 3, 'name')
  await keys.type('Alan')
  await keys.press('Tab')
  await expect(await cell(page, 3, 'name')).toHaveText('Alan')
  await expect(changesBar(page)).toContainText('3 changes')

  await page.reload()
  await expect(changesBar(page)).toContainText('3 changes')
  await expect(await cell(page, 0, 'age')).toHaveText('37')
  await expect(await cell(page, 3, 'name')).toHaveText('Alan')

  await page.getByRole('grid').focus()
  await keys.press('Control+.')
  const review = page.getByRole('dialog', { name: 'Review changes' })
  await expect(review.getByRole('listitem')).toHaveCount(3)
  await review.getByRole('radio', { name: 'SQL' }).click()
  await expect(review).toContainText(`update people set age = 37 where id = '${records[0]?._id}';`)
  await expect(review).toContainText(`delete from people where id = '${records[2]?._id}';`)
  await expect(review).toContainText(`insert into people (name) values ('Alan');`)
  await review.getByRole('button', { name: 'Close' }).last().click()

  // Set back by hand, it leaves the queue.
  await (await cell(page, 0, 'age')).click()
  await keys.type('36')
  await keys.press('Enter')
  await expect(changesBar(page)).toContainText('2 changes')
  await chooseFromMenu(await cell(page, 2, 'name'), 'Discard changes here')
  await expect(changesBar(page)).toContainText('1 change')
  await changesBar(page).getByRole('button', { name: 'Discard' }).click()
  await expect(changesBar(page)).toBeHidden()
  await toast(page, '1 change discarded.').getByRole('button', { name: 'Undo' }).click()
  await expect(changesBar(page)).toContainText('1 change')
  await saveChanges(page)
  await expectRecords(page, 4)
})

test('saved at once where that is wished', async ({ studio: { page }, client }) => {
  const { databaseId, tableName } = await openSample(page, client, people, threePeople)
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('Save edits at once')
  await page.keyboard.press('Enter')
  await (await cell(page, 0, 'age')).click()
  await page.keyboard.type('37')
  await page.keyboard.press('Enter')
  const first = async () => (await client.records.query({ databaseId, tableName })).records[0]?.age
  await expect.poll(first).toBe(37)
  await expect(changesBar(page)).toBeHidden()
  await page.keyboard.press('Control+z')
  await expect.poll(first).toBe(36)
  await expect(await cell(page, 0, 'age')).toHaveText('36')
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(first).toBe(37)
})

test('all that are displayed, and all of the table as a set', async ({ studio: { page }, client }) => {
  const { databaseId, tableName } = await openSample(page, client, people, threePeople)
  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Control+a')
  await expect(page.getByText('3 selected')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+A')
  await page.getByRole('button', { name: 'Delete 3 records' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete 3 records' }).click()
  await expect(page.getByText('No records yet')).toBeVisible()
  await toast(page, '3 records deleted.').getByRole('button', { name: 'Undo' }).click()
  await expectRecords(page, 3)
  expect((await client.records.query({ databaseId, tableName })).records).toHaveLength(3)
})
