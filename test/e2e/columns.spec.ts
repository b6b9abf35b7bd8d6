import type { Page } from '@playwright/test'
import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import { addFilter, cell, expectRecords, toast } from './table-editor.page'

// Long ways, for a machine that does other things as well.
test.setTimeout(240_000)

const headers = (page: Page) => page.locator('[role=columnheader][data-header] [title*=":"]')
const header = (page: Page, name: string) =>
  page.getByRole('columnheader').filter({ has: page.locator(`[title^="${name}:"]`) })

async function names(page: Page): Promise<readonly string[]> {
  const titles = await headers(page).evaluateAll((buttons) => buttons.map((button) => button.getAttribute('title')))
  return titles.map((title) => title?.split(':')[0] ?? '')
}

async function chooseInHeader(page: Page, column: string, item: string): Promise<void> {
  await header(page, column).click({ button: 'right' })
  await page.getByRole('menuitem', { name: item }).click()
}

test('columns are hidden, pinned and moved, by mouse and by keyboard, and stay so', async ({ studio, client }) => {
  const { page } = studio
  await openSample(page, client, people, threePeople)
  await expect.poll(() => names(page)).toEqual(['id', 'name', 'age', 'note', 'active'])

  await chooseInHeader(page, 'note', 'Hide')
  await expect.poll(() => names(page)).toEqual(['id', 'name', 'age', 'active'])
  await toast(page, 'note is hidden.').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => names(page)).toEqual(['id', 'name', 'age', 'note', 'active'])
  await chooseInHeader(page, 'id', 'Hide')
  await chooseInHeader(page, 'age', 'Pin to the left')
  await expect.poll(() => names(page)).toEqual(['name', 'age', 'note', 'active'])

  const from = await header(page, 'active').boundingBox()
  const to = await header(page, 'note').boundingBox()
  if (!from || !to) throw new Error('The headers have no boxes.')
  await page.mouse.move(from.x + 30, from.y + 16)
  await page.mouse.down()
  await page.mouse.move(from.x, from.y + 16, { steps: 4 })
  await page.mouse.move(to.x + 20, to.y + 16, { steps: 8 })
  await page.mouse.up()
  await expect.poll(() => names(page)).toEqual(['name', 'age', 'active', 'note'])
  await expect(page).not.toHaveURL(/sort=/)

  await page.getByRole('button', { name: 'Columns, 1 hidden' }).click()
  const list = page.getByRole('dialog', { name: 'Columns' })
  await list.getByRole('button', { name: 'Move note' }).focus()
  await page.keyboard.press('Space')
  await expect(list.getByRole('button', { name: 'Move note' })).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('ArrowUp')
  await expect(page.getByText(/was moved over droppable area active/)).toBeAttached()
  await page.keyboard.press('Space')
  await expect.poll(() => names(page)).toEqual(['name', 'age', 'note', 'active'])
  await list.getByRole('button', { name: 'Show all' }).click()
  await expect.poll(() => names(page)).toContain('id')
  await page.keyboard.press('Escape')
  const kept = await names(page)

  await chooseInHeader(page, 'name', 'Fit the width')
  const fitted = (await header(page, 'name').boundingBox())?.width
  await page.reload()
  await expect.poll(() => names(page)).toEqual(kept)
  expect((await header(page, 'name').boundingBox())?.width).toBe(fitted)
})

test('a header that is held at the edge scrolls the grid on, and lands where it is dropped', async ({
  studio: { page },
  client,
}) => {
  const columns = Array.from({ length: 24 }, (_, index) => ({ name: `c${index}`, type: 'text' }))
  await openSample(page, client, { name: 'wide', timestamps: false, columns }, [{ c0: 'a' }, { c0: 'b' }])
  const grid = page.getByRole('grid', { name: 'Records of wide' })
  const box = await grid.boundingBox()
  const from = await header(page, 'c1').boundingBox()
  if (!from || !box) throw new Error('The grid has no box.')
  await page.mouse.move(from.x + 30, from.y + 16)
  await page.mouse.down()
  await page.mouse.move(from.x + 60, from.y + 16, { steps: 4 })
  await page.mouse.move(box.x + box.width - 20, from.y + 16, { steps: 8 })
  await expect(header(page, 'c23')).toBeInViewport()
  await page.mouse.up()
  await expect.poll(() => names(page)).toContain('c1')
  const last = (await names(page)).slice(-3)
  expect(last).toContain('c1')
  await expect(grid).toHaveJSProperty('scrollTop', 0)
})

test('a column is added at the edge, renamed, retyped, indexed and deleted', async ({ studio, client }) => {
  const { page } = studio
  const { databaseId, tableId } = await openSample(page, client, people, threePeople)
  await page.getByRole('button', { name: 'Add column' }).click()
  const added = page.getByRole('dialog', { name: 'New column of people' })
  await added.getByLabel('Name').fill('City')
  await expect(added.getByRole('alert')).toBeVisible()
  await added.getByRole('button', { name: 'Use city' }).click()
  await added.getByRole('button', { name: 'Add column' }).click()
  await expect(header(page, 'city')).toBeVisible()

  await chooseInHeader(page, 'city', 'Edit column')
  const edited = page.getByRole('dialog', { name: 'Column city' })
  await edited.getByLabel('Name').fill('town')
  await edited.getByRole('button', { name: 'Apply changes' }).click()
  await expect(header(page, 'town')).toBeVisible()

  await chooseInHeader(page, 'age', 'Edit column')
  const age = page.getByRole('dialog', { name: 'Column age' })
  await age.getByRole('combobox', { name: 'Type' }).click()
  await page.keyboard.type('bigint')
  await page.getByRole('option', { name: 'bigint' }).first().click()
  await age.getByRole('button', { name: 'Apply changes' }).click()
  await expect(page.locator('[title="age: bigint"]')).toBeVisible()

  await chooseInHeader(page, 'age', 'Add index')
  await expect
    .poll(async () => (await client.indexes.list({ databaseId, tableId })).indexes.map((i) => i.columns))
    .toContainEqual(['age'])

  // What holds nothing comes back whole; of what holds something, the question says that it does not.
  await chooseInHeader(page, 'town', 'Delete column')
  const harmless = page.getByRole('alertdialog', { name: 'Delete column town?' })
  await expect(harmless).toContainText('It can be undone.')
  await harmless.getByRole('button', { name: 'Delete column' }).click()
  await expect(header(page, 'town')).toBeHidden()
  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Control+z')
  await expect(header(page, 'town')).toBeVisible()
  await chooseInHeader(page, 'note', 'Delete column')
  const question = page.getByRole('alertdialog', { name: 'Delete column note?' })
  await expect(question).toContainText('cannot be brought back')
  await question.getByRole('button', { name: 'Delete column' }).click()
  await expect(header(page, 'note')).toBeHidden()
})

test('a view keeps filter, order and columns; what is changed since shows, and is saved or reset', async ({
  studio,
  client,
}) => {
  const { page } = studio
  const { databaseId, tableId } = await openSample(page, client, people, threePeople)
  await addFilter(page, 'age', '≥', '40')
  await chooseInHeader(page, 'age', 'Sort descending')
  await chooseInHeader(page, 'note', 'Hide')
  await page.getByRole('button', { name: 'Save view' }).click()
  await page.getByRole('dialog', { name: 'Save as a view' }).getByLabel('Name').fill('Elders')
  await page.keyboard.press('Enter')
  const views = page.getByRole('list', { name: 'Views of people' })
  await expect(views.getByRole('link', { name: 'Elders' })).toHaveAttribute('aria-current', 'page')
  await expect(page.getByRole('img', { name: 'changed' })).toBeHidden()

  await page.getByRole('link', { name: /^people/ }).click()
  await expectRecords(page, 3)
  await expect.poll(() => names(page)).toContain('note')
  await views.getByRole('link', { name: 'Elders' }).click()
  await expectRecords(page, 2)
  await expect(await cell(page, 0, 'name')).toHaveText('Grace')
  await expect.poll(() => names(page)).not.toContain('note')

  await chooseInHeader(page, 'active', 'Hide')
  await page.getByRole('button', { name: 'Remove the filter on age' }).click()
  await expect(page.getByRole('img', { name: 'changed' })).toBeVisible()
  await page.getByRole('button', { name: 'Reset' }).click()
  await expectRecords(page, 2)
  await expect.poll(() => names(page)).toContain('active')
  await expect(page.getByRole('img', { name: 'changed' })).toBeHidden()

  await addFilter(page, 'name', '=', 'Grace')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('img', { name: 'changed' })).toBeHidden()
  await expect
    .poll(async () => JSON.stringify((await client.views.list({ databaseId, tableId })).views[0]?.filters))
    .toContain('Grace')
  await page.reload()
  await expectRecords(page, 1)
  await expect(page.getByRole('button', { name: 'Elders' })).toBeVisible()

  await page.getByRole('button', { name: 'Elders' }).click()
  await page.getByRole('menuitem', { name: 'Delete this view' }).click()
  await expect(views).toBeHidden()
  await toast(page, 'View Elders deleted.').getByRole('button', { name: 'Undo' }).click()
  await expect(views.getByRole('link', { name: 'Elders' })).toBeVisible()
})
