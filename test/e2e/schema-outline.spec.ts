import { openCanvas, schemaOf } from './schema-canvas.page'
import { axeFindings, expect, test } from './studio'

test('the whole work is done in the outline by keyboard alone, and axe finds nothing', async ({
  studio: { page },
  client,
}) => {
  const { databaseId } = await openCanvas(page, client)
  const tree = page.getByRole('tree', { name: 'Tables and columns' })
  const active = () => tree.locator('[aria-selected=true]')
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }

  // A table by its key, its name typed where it lies.
  await page.getByRole('region', { name: 'Canvas' }).focus()
  await press('n')
  await expect(page.locator('[data-canvas]').getByRole('textbox')).toBeFocused()
  await page.keyboard.insertText('tasks')
  await press('Enter')

  await page.getByRole('textbox', { name: 'Find in the outline' }).focus()
  await page.keyboard.insertText('tasks')
  await press('Enter')
  await expect(tree).toBeFocused()
  await expect(active()).toHaveAccessibleName(/^tasks, table/)
  expect(await axeFindings(page)).toEqual([])

  // A column, its name, its type and rules.
  await press('Insert')
  await expect(tree.getByRole('textbox')).toBeFocused()
  await page.keyboard.insertText('title')
  await press('Enter')
  await expect(active()).toHaveAccessibleName(/^title, text/)
  await expect(tree).toBeFocused()
  await press('Enter')
  const details = page.getByRole('dialog', { name: 'Column title of tasks' })
  await expect(details).toBeVisible()
  await details.getByRole('checkbox', { name: 'Required' }).focus()
  await press('Space')
  expect(await axeFindings(page)).toEqual([])
  await press('Escape')
  await expect(details).toBeHidden()

  // Up by one place, renamed, then connected by the menu.
  await tree.focus()
  await press('Alt+ArrowUp')
  await press('F2')
  await page.keyboard.insertText('name')
  await press('Enter')
  await expect(active()).toHaveAccessibleName(/^name, text, required/)
  await press('Home', 'Shift+F10')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.getByRole('menuitem', { name: 'Connect to' }).focus()
  await press('Enter')
  const ends = page.getByRole('dialog', { name: 'Connect tables' })
  await ends.getByRole('combobox', { name: 'Refers to' }).focus()
  await press('Enter')
  await page.keyboard.insertText('users.id')
  await press('Enter')
  await ends.getByRole('button', { name: 'Next' }).focus()
  await press('Enter')
  const question = page.getByRole('dialog', { name: 'New relation' })
  expect(await axeFindings(page)).toEqual([])
  await question.getByRole('button', { name: 'Connect' }).focus()
  await press('Enter')
  await expect(question).toBeHidden()

  // Undone and done again, reviewed, applied.
  await tree.focus()
  await press('Control+z', 'Control+Shift+z', 'Control+Enter')
  const review = page.getByRole('dialog', { name: /^Review/ })
  await expect(review.getByRole('list', { name: 'Changes' })).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
  await review.getByRole('button', { name: /^Apply / }).focus()
  await press('Enter')
  await expect(review).toBeHidden()

  const tasks = (await schemaOf(client, databaseId)).find(({ name }) => name === 'tasks')
  expect(tasks?.columns.find(({ name }) => name === 'name')).toMatchObject({ type: 'text', required: true })
  expect(tasks?.columns.find(({ name }) => name === 'user_id')).toMatchObject({ references: { table: 'users' } })
})
