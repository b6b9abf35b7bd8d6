import { expect, newProject, test } from './studio'
import { addRecord, cell, createTable, saveChanges } from './table-editor.page'

// Long ways, for a machine that does other things as well.
test.setTimeout(240_000)

test('the window has the code editor with its workers, the figures, finding and the panel of a record', async ({
  studio,
}) => {
  const { page } = studio
  await newProject(page)
  await createTable(page, 'notes', [
    { name: 'title', type: 'text' },
    { name: 'size', type: 'integer' },
    { name: 'meta', type: 'jsonb' },
  ])
  await addRecord(page, { title: 'First', size: '20' })
  await addRecord(page, { title: 'Second', size: '22' })
  await expect(page.getByRole('button', { name: 'Summary of size: Sum 42' })).toBeVisible()

  await (await cell(page, 0, 'meta')).dblclick()
  const editor = page.getByRole('dialog', { name: 'Edit meta' })
  await expect(editor.locator('.view-lines')).toBeVisible()
  await page.keyboard.type('{"a": nope')
  // This mark is made by the worker.
  await expect(editor.locator('.squiggly-error').first()).toBeVisible()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('[1, 2]')
  await page.keyboard.press('Control+Enter')
  await expect(await cell(page, 0, 'meta')).toHaveText('[1,2]')
  await saveChanges(page)

  await page.keyboard.press('Control+f')
  await page.keyboard.type('second')
  await expect(page.getByRole('search')).toContainText('1 of 1')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Space')
  await expect(page.getByRole('complementary', { name: 'Record' }).getByRole('heading')).toHaveText('Second')
})
