import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import { cell, changesBar, expectRecords, saveChanges } from './table-editor.page'

test('a cell that somebody else writes while it is edited stays open, and both are shown', async ({
  studio: { page },
  client,
}) => {
  const { databaseId, tableName, records } = await openSample(page, client, people, threePeople)
  const at = { params: { databaseId, recordId: records[0]?._id ?? '' }, query: { table: tableName } }

  await (await cell(page, 0, 'note')).click()
  await page.keyboard.type('mine')
  const editor = page.getByLabel('Edit note')
  await client.records.update({ ...at, body: { record: { note: 'theirs' } } })
  await client.records.update({ ...at, body: { record: { age: 37 } } })
  // The row's other news has come, so the cell's has too: what was typed is still there.
  await expect(await cell(page, 0, 'age')).toHaveText('37')
  await expect(editor).toBeFocused()
  await expect(editor).toHaveValue('mine')

  await page.keyboard.press('Enter')
  await (await cell(page, 0, 'note')).click()
  const clash = page.getByRole('alert').filter({ hasText: 'Somebody else changed this cell while you edited it.' })
  await expect(clash.getByRole('definition').nth(1)).toHaveText('theirs')
  await clash.getByRole('button', { name: 'Keep mine' }).click()
  await saveChanges(page)
  await expect.poll(async () => (await client.records.get(at)).record.note).toBe('mine')
})

test('an edit of a record that somebody deletes is not lost without a word', async ({ studio: { page }, client }) => {
  const { databaseId, tableName, records } = await openSample(page, client, people, threePeople)
  await (await cell(page, 2, 'note')).click()
  await page.keyboard.type('too late')
  await client.records.delete({
    params: { databaseId, recordId: records[2]?._id ?? '' },
    query: { table: tableName },
  })
  await expectRecords(page, 2)
  await expect(page.getByLabel('Edit note')).toHaveValue('too late')
  await page.keyboard.press('Enter')
  // It stays staged, and saving tells that its record is gone.
  await expect(changesBar(page)).toContainText('1 change')
  await changesBar(page).getByRole('button', { name: 'Save' }).click()
  await expect(changesBar(page).getByRole('button', { name: 'Decide 1 conflict' })).toBeVisible()
})

test('somebody who writes all the time is followed', async ({ studio: { page }, client }) => {
  const { databaseId, tableName, records } = await openSample(page, client, people, threePeople)
  const at = { params: { databaseId, recordId: records[0]?._id ?? '' }, query: { table: tableName } }
  const seen = new Set<string>()
  await page.exposeFunction('seen', (text: string) => void seen.add(text))
  await page.evaluate(() => {
    const grid = document.querySelector('[role=grid]')
    const tell = () => {
      for (const found of grid?.textContent?.match(/step \d+/g) ?? []) Reflect.get(window, 'seen')(found)
    }
    if (grid) new MutationObserver(tell).observe(grid, { subtree: true, childList: true, characterData: true })
  })
  // The writer does not rest before several of its steps were seen, so nothing here waits for a pause.
  let step = 0
  const deadline = Date.now() + 60_000
  while (seen.size <= 3 && Date.now() < deadline)
    await client.records.update({ ...at, body: { record: { note: `step ${++step}` } } })
  expect(seen.size).toBeGreaterThan(3)
  await expect(await cell(page, 0, 'note')).toHaveText(`step ${step}`)
})
