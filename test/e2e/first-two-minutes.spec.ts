import { axeFindings, expect, newProject, test } from './studio'
import { addFilter, addRecord, cell, createTable, expectRecords, saveChanges } from './table-editor.page'

test('a new user: one button, a table, records, and everything is still there', async ({ studio }) => {
  const { page } = studio
  await newProject(page)
  await expect(page).toHaveURL(/\/tables\/users$/)
  await expect(page.getByText('No records yet')).toBeVisible()

  await createTable(page, 'contacts', [
    { name: 'name', type: 'text', required: true },
    { name: 'age', type: 'integer' },
    { name: 'score', type: 'numeric' },
    { name: 'active', type: 'boolean' },
    { name: 'born', type: 'date' },
    { name: 'notes', type: 'jsonb' },
  ])
  await expect(page).toHaveURL(/\/tables\/contacts$/)

  // Numbers beyond what JavaScript counts exactly stay exact.
  await addRecord(page, { name: 'Ada', age: '36', score: '9007199254740993.5', born: '1815-12-10' })
  await addRecord(page, { name: 'Grace', age: '85' })
  await addRecord(page, { name: 'Edsger', age: '72' })
  await expect(await cell(page, 0, 'score')).toHaveText('9007199254740993.5')

  // Edit in place: typing replaces, Enter commits and moves down.
  await (await cell(page, 0, 'age')).click()
  await page.keyboard.type('37')
  await page.keyboard.press('Enter')
  await expect(await cell(page, 0, 'age')).toHaveText('37')
  // A value that does not fit is refused where it stands, and not lost.
  await page.keyboard.type('many')
  await page.keyboard.press('Enter')
  await expect(page.getByText('is not a whole number').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(await cell(page, 1, 'age')).toHaveText('85')
  await saveChanges(page)

  // Sort by a click on the header, filter by a chip.
  await page.locator('[role="columnheader"] [title^="name:"]').click()
  await expect(await cell(page, 1, 'name')).toHaveText('Edsger')
  await addFilter(page, 'age', '≥', '72')
  await expectRecords(page, 2)
  await expect(await cell(page, 0, 'name')).toHaveText('Edsger')
  expect(await axeFindings(page)).toEqual([])

  await page.locator('[data-row="0"] [role="rowheader"]').click()
  await page.getByRole('button', { name: 'Delete 1 record' }).click()
  await saveChanges(page)
  await expectRecords(page, 1)

  await page.reload()
  await expectRecords(page, 1)
  await expect(await cell(page, 0, 'name')).toHaveText('Grace')

  await studio.restart()
  await expect(studio.page.getByRole('grid', { name: 'Records of contacts' })).toBeVisible()
  await expect(await cell(studio.page, 0, 'name')).toBeVisible()
  await expect(studio.page.getByRole('grid')).toContainText('Grace')
  await expect(studio.page.getByRole('grid')).not.toContainText('Edsger')
})
