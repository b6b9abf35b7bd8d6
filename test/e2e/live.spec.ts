import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import { cell, expectRecords, toast } from './table-editor.page'

test('a cell that somebody else writes while it is edited stays open, and both are shown', async ({
  studio,
  client,
}) => {
  const { page } = studio
  await openSample(page, client, people, threePeople)
  const other = await studio.newWindow()
  await expectRecords(other, 3)

  await (await cell(page, 0, 'note')).click()
  await page.keyboard.type('mine')
  const editor = page.getByLabel('Edit note')
  await (await cell(other, 0, 'note')).click()
  await other.keyboard.type('theirs')
  await other.keyboard.press('Enter')
  // The row's other news has come, so the cell's has too: what was typed is still there.
  await (await cell(other, 0, 'age')).click()
  await other.keyboard.type('37')
  await other.keyboard.press('Enter')
  await expect(await cell(page, 0, 'age')).toHaveText('37')
  await expect(editor).toBeFocused()
  await expect(editor).toHaveValue('mine')

  await page.keyboard.press('Enter')
  await (await cell(page, 0, 'note')).click()
  const clash = page.getByRole('alert').filter({ hasText: 'Somebody else changed this cell while you edited it.' })
  await expect(clash.getByRole('definition').first()).toHaveText('theirs')
  await clash.getByRole('button', { name: 'Save mine' }).click()
  await expect(await cell(other, 0, 'note')).toHaveText('mine')
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
  await expect(toast(page, '"too late" was not saved to note.')).toBeVisible()
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
