import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import { cell, chooseFromMenu, toast } from './table-editor.page'

test('a record tells what happened to it, and goes back to a version', async ({ studio: { page }, client }) => {
  const { databaseId, tableName, records } = await openSample(page, client, people, threePeople)
  const at = { params: { databaseId, recordId: records[0]?._id ?? '' }, query: { table: tableName } }
  const long = 'a note that goes on and on, '.repeat(20)
  await client.records.update({ ...at, body: { record: { note: long, age: 37 } } })
  await client.records.update({ ...at, body: { record: { note: null } } })

  await chooseFromMenu(await cell(page, 0, 'name'), 'History of this record')
  const panel = page.getByRole('dialog', { name: 'History' })
  const entries = panel.getByRole('listitem')
  await expect(entries).toHaveCount(3)
  await expect(entries.nth(0)).toContainText('Changed 1 field')
  await expect(entries.nth(0)).toContainText('Current version')
  await expect(entries.nth(0)).toContainText('Studio owner')
  await expect(entries.nth(0).locator('time')).toHaveAttribute('title', /\d{4}, \d+:\d\d:\d\d/)
  await expect(entries.nth(1)).toContainText('Changed 2 fields')
  await expect(entries.nth(1).locator('del').filter({ hasText: '36' })).toBeVisible()
  await expect(entries.nth(1).locator('ins').filter({ hasText: '37' })).toBeVisible()
  await expect(entries.nth(2)).toContainText('Created')
  await expect(entries.nth(0).getByRole('button', { name: 'Restore this version' })).toBeHidden()

  // A long value is folded, and opens.
  const note = entries.nth(1).locator('ins').filter({ hasText: 'a note' })
  await expect(note).not.toContainText(long.trim())
  await note.getByRole('button', { name: 'Show all' }).click()
  await expect(note).toContainText(long.trim())

  // Before anything is written, the question shows what would change.
  await entries.nth(2).getByRole('button', { name: 'Restore this version' }).click()
  const question = page.getByRole('alertdialog', { name: 'Restore this version?' })
  await expect(question.locator('del').filter({ hasText: '37' })).toBeVisible()
  await expect(question.locator('ins').filter({ hasText: '36' })).toBeVisible()
  await expect(question).toContainText('empty text')
  await question.getByRole('button', { name: 'Restore this version' }).click()
  await expect(question).toBeHidden()
  await expect(entries).toHaveCount(4)
  await expect(entries.nth(0)).toContainText('Changed 2 fields')
  expect((await client.records.get(at)).record).toMatchObject({ name: 'Ada', age: 36, note: '' })

  // What somebody else writes meanwhile appears by itself.
  await client.records.update({ ...at, body: { record: { age: 40 } } })
  await expect(entries).toHaveCount(5)
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(page.getByRole('grid')).toBeFocused()
  await expect(await cell(page, 0, 'age')).toHaveText('40')
})

test('a deleted record is brought back from its history, by keys alone', async ({ studio: { page }, client }) => {
  const { databaseId, tableName, records } = await openSample(page, client, people, threePeople)
  const at = { params: { databaseId, recordId: records[1]?._id ?? '' }, query: { table: tableName } }
  await (await cell(page, 1, 'name')).click()
  await page.keyboard.press('Alt+h')
  const panel = page.getByRole('dialog', { name: 'History' })
  await expect(panel.getByRole('listitem')).toHaveCount(1)
  await expect(panel).toBeFocused()

  await client.records.delete(at)
  await expect(panel.getByRole('status')).toHaveText('This record is deleted. Restore a version to bring it back.')
  await page.keyboard.press('Tab')
  await expect(panel.getByRole('button', { name: 'Close' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(panel.getByRole('button', { name: 'Restore this version' })).toBeFocused()
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog', { name: 'Bring the record back?' })
  await expect(question).toContainText('Grace')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(toast(page, 'The record is back.')).toBeVisible()
  await expect(panel.getByRole('status')).toBeHidden()
  expect((await client.records.get(at)).record).toMatchObject({ _id: records[1]?._id, name: 'Grace', age: 85 })

  // A dialog that fades away still takes Escape.
  await expect(question).toBeHidden()
  await expect(async () => {
    if (await panel.isVisible()) await page.keyboard.press('Escape')
    await expect(page.getByRole('grid')).toBeFocused({ timeout: 1000 })
  }).toPass()
  await expect(page.getByRole('gridcell', { name: 'Grace' })).toBeVisible()
})

test('a long history comes in pages', async ({ studio: { page }, client }) => {
  const { databaseId, tableName, records } = await openSample(page, client, people, threePeople)
  const at = { params: { databaseId, recordId: records[0]?._id ?? '' }, query: { table: tableName } }
  for (let age = 100; age < 160; age++) await client.records.update({ ...at, body: { record: { age } } })
  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Alt+h')
  const panel = page.getByRole('dialog', { name: 'History' })
  const more = panel.getByRole('button', { name: 'Show older changes' })
  await expect(panel.getByRole('listitem').first()).toContainText('159')
  for (let pages = 0; pages < 10 && (await more.isVisible()); pages++) {
    const before = await panel.getByRole('listitem').count()
    await more.click()
    await expect.poll(() => panel.getByRole('listitem').count()).toBeGreaterThan(before)
  }
  await expect(panel.getByRole('listitem')).toHaveCount(61)
  await expect(panel.getByRole('listitem').last()).toContainText('Created')
})
