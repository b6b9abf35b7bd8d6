import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import {
  addFilter,
  cell,
  changesBar,
  chooseFromMenu,
  expectActive,
  expectRecords,
  saveChanges,
  toast,
} from './table-editor.page'

test('cells are reached and edited from the keyboard', async ({ studio: { page }, client }) => {
  const { databaseId, tableName, records } = await openSample(page, client, people, threePeople)
  const keys = page.keyboard
  await expectRecords(page, 3)

  // NULL and the empty text are told apart.
  await expect(await cell(page, 0, 'note')).toHaveText('')
  await expect(await cell(page, 1, 'note')).toHaveText('NULL')

  await (await cell(page, 0, 'name')).click()
  await expectActive(page, 0, 'name')
  await keys.press('ArrowRight')
  await expectActive(page, 0, 'age')
  await keys.press('ArrowDown')
  await expectActive(page, 1, 'age')
  await keys.press('Home')
  await expectActive(page, 1, 'id')
  await keys.press('Control+End')
  await expectActive(page, 2, 'active')
  await keys.press('Control+Home')
  await expectActive(page, 0, 'id')

  // Typing replaces; Enter goes down, Tab to the right.
  await (await cell(page, 0, 'age')).click()
  await keys.type('37')
  await keys.press('Enter')
  await expect(await cell(page, 0, 'age')).toHaveText('37')
  await expectActive(page, 1, 'age')
  await keys.type('86')
  await keys.press('Tab')
  await expect(await cell(page, 1, 'age')).toHaveText('86')
  await expectActive(page, 1, 'note')

  // F2 goes on with what is there; Escape leaves it.
  await (await cell(page, 2, 'note')).click()
  await keys.press('F2')
  await expect(page.getByLabel('Edit note')).toHaveValue('goto')
  await keys.type('considered harmful')
  await keys.press('Escape')
  await expect(page.getByLabel('Edit note')).toBeHidden()
  await expect(await cell(page, 2, 'note')).toHaveText('goto')

  // Delete clears, Backspace makes NULL, and Ctrl+Z takes back.
  await keys.press('Backspace')
  await expect(await cell(page, 2, 'note')).toHaveText('NULL')
  await keys.press('Control+z')
  await expect(await cell(page, 2, 'note')).toHaveText('goto')
  await keys.press('Delete')
  await expect(await cell(page, 2, 'note')).toHaveText('')
  await keys.press('Control+z')
  await expect(await cell(page, 2, 'note')).toHaveText('goto')
  await (await cell(page, 0, 'name')).click()
  await keys.press('Backspace')
  await expect(toast(page, '"name" is required, so it cannot be NULL.')).toBeVisible()
  await (await cell(page, 0, 'age')).click()
  await keys.press('Delete')
  await expect(await cell(page, 0, 'age')).toHaveText('NULL')
  await keys.press('Control+z')
  await expect(await cell(page, 0, 'age')).toHaveText('37')

  // A tick box takes the space bar and a click on the active cell's box.
  await (await cell(page, 0, 'active')).click()
  await keys.press('Space')
  const tick = (await cell(page, 0, 'active')).locator('[data-tick]')
  await expect(tick).toHaveAccessibleName('true')
  await tick.click()
  await expect(tick).toHaveAccessibleName('false')

  await expect(changesBar(page)).toContainText('3 changes')
  await saveChanges(page)
  await expect
    .poll(async () => (await client.records.query({ databaseId, tableName })).records)
    .toMatchObject([
      { _id: records[0]?._id, age: 37, note: '', active: false },
      { age: 86, note: null },
      { note: 'goto', active: false },
    ])
})

test('an edit that meets another shows both, and a person chooses', async ({ studio: { page }, client }) => {
  const { databaseId, tableName, records } = await openSample(page, client, people, threePeople)
  const [ada] = records
  const at = { params: { databaseId, recordId: ada?._id ?? '' }, query: { table: tableName } }
  const theyWrite = (note: string) => client.records.update({ ...at, body: { record: { note } } })
  const iType = async (text: string) => {
    await (await cell(page, 0, 'note')).click()
    await page.keyboard.type(text)
    await expect(page.getByLabel('Edit note')).toHaveValue(text)
  }
  const clash = page.getByRole('alert').filter({ hasText: 'Somebody else changed this cell while you edited it.' })

  await iType('mine')
  await theyWrite('theirs')
  await page.keyboard.press('Enter')
  await (await cell(page, 0, 'note')).click()
  await expect(clash.getByRole('definition').nth(1)).toHaveText('theirs')
  await expect(clash.getByRole('definition').last()).toHaveText('mine')
  await clash.getByRole('button', { name: 'Keep theirs' }).click()
  await expect(clash).toBeHidden()
  await expect(await cell(page, 0, 'note')).toHaveText('theirs')

  await iType('mine again')
  await theyWrite('theirs again')
  await page.keyboard.press('Enter')
  await (await cell(page, 0, 'note')).click()
  await clash.getByRole('button', { name: 'Keep mine' }).click()
  await expect(clash).toBeHidden()
  await saveChanges(page)
  await expect(await cell(page, 0, 'note')).toHaveText('mine again')
  await expect.poll(async () => (await client.records.get(at)).record.note).toBe('mine again')

  // What somebody writes into another cell of the record stands in nobody's way.
  await iType('third')
  await client.records.update({ ...at, body: { record: { age: 99 } } })
  await page.keyboard.press('Enter')
  await expect(await cell(page, 0, 'note')).toHaveText('third')
  await expect(await cell(page, 0, 'age')).toHaveText('99')
  await saveChanges(page)
  await expect.poll(async () => (await client.records.get(at)).record).toMatchObject({ note: 'third', age: 99 })
})

test('deleting, filtering and the widths of columns', async ({ studio, client }) => {
  const { page } = studio
  await openSample(page, client, people, threePeople)

  await page.locator('[data-row="0"] [role="rowheader"]').click()
  await page.locator('[data-row="2"] [role="rowheader"]').click()
  await page.getByRole('button', { name: 'Delete 2 records' }).click()
  await expect(changesBar(page)).toContainText('2 changes')
  await expectRecords(page, 3)
  await saveChanges(page)
  await expectRecords(page, 1)
  await expect(await cell(page, 0, 'name')).toHaveText('Grace')
  await toast(page, '2 changes saved.').getByRole('button', { name: 'Undo' }).click()
  await expectRecords(page, 3)
  await expect(page.getByRole('grid')).toContainText('Edsger')

  await chooseFromMenu(page.getByRole('gridcell', { name: 'Grace' }), 'Filter by this value')
  await expectRecords(page, 1)
  await page.getByRole('button', { name: 'Remove the filter on name' }).click()
  await expectRecords(page, 3)

  await addFilter(page, 'age', '≥', '40')
  await expectRecords(page, 2)
  await page.locator('[role="columnheader"] [title^="age:"]').click()
  await page.locator('[role="columnheader"] [title^="age:"]').click()
  await expect(await cell(page, 0, 'name')).toHaveText('Grace')
  await expect(page).toHaveURL(/where=age%3Agte%3A40&sort=age%3Adesc/)

  const header = page.getByRole('columnheader').filter({ has: page.locator('[title^="name:"]') })
  const before = await header.boundingBox()
  if (!before) throw new Error('The header has no box')
  await page.mouse.move(before.x + before.width, before.y + before.height / 2)
  await page.mouse.down()
  await page.mouse.move(before.x + before.width + 90, before.y + before.height / 2, { steps: 4 })
  await page.mouse.up()
  await expect(header).toHaveCSS('width', `${before.width + 90}px`)

  await page.reload()
  await expectRecords(page, 2)
  await expect(await cell(page, 0, 'name')).toHaveText('Grace')
  await expect(header).toHaveCSS('width', `${before.width + 90}px`)
  await page.goBack()
  await expect(page).not.toHaveURL(/sort=age%3Adesc/)
})

test('two windows on one table follow each other, and an open cell is left alone', async ({ studio, client }) => {
  const { page } = studio
  await openSample(page, client, people, threePeople)
  const other = await studio.newWindow()
  await expectRecords(other, 3)

  await (await cell(page, 0, 'note')).click()
  await page.keyboard.type('half a sen')
  const editor = page.getByLabel('Edit note')
  await expect(editor).toHaveValue('half a sen')

  await (await cell(other, 1, 'age')).click()
  await other.keyboard.type('86')
  await other.keyboard.press('Enter')
  await expect(await cell(other, 1, 'age')).toHaveText('86')
  await saveChanges(other)

  await expect(await cell(page, 1, 'age')).toHaveText('86')
  await expect(editor).toBeFocused()
  await expect(editor).toHaveValue('half a sen')
  await page.keyboard.type('tence')
  await page.keyboard.press('Enter')
  await expect(await cell(page, 0, 'note')).toHaveText('half a sentence')
  // What one window stages, the other shows: both are the same person's.
  await expect(changesBar(other)).toContainText('1 change')
  await expect(await cell(other, 0, 'note')).toHaveText('half a sentence')
})
