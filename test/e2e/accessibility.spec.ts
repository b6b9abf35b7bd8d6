import type { Page } from '@playwright/test'
import { makeProject, makeTable, openTable, people, threePeople } from './sample'
import { axeFindings, expect, test } from './studio'
import { addFilter, cell, editColumns } from './table-editor.page'

test('axe finds nothing on any page, in light and in dark', async ({ studio: { page }, client }) => {
  const clean = (what: string) => expectClean(page, what)
  const go = (path: string) => page.goto(new URL(path, page.url()).href)

  await expect(page.getByRole('heading', { name: 'Welcome to Tessera Studio' })).toBeVisible()
  await clean('first run')

  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people, threePeople)
  await go('/projects')
  await expect(page.getByRole('link', { name: 'Sample' })).toBeVisible()
  await clean('projects')

  await go(`/projects/${projectId}/overview`)
  await expect(
    page
      .locator('#activity')
      .getByRole('listitem')
      .filter({ hasText: /3 records/ }),
  ).toBeVisible()
  await clean('overview')

  await openTable(page, projectId, 'users')
  await expect(page.getByText('No records yet')).toBeVisible()
  await clean('table editor, empty')

  await openTable(page, projectId, 'people')
  await expect(page.getByRole('gridcell', { name: 'Edsger' })).toBeVisible()
  await clean('table editor, with records')
  await (await cell(page, 1, 'note')).dblclick()
  await expect(page.getByLabel('Edit note')).toBeFocused()
  await clean('table editor, editing a cell')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect(page.getByPlaceholder('Filter by column')).toBeFocused()
  await clean('table editor, filter open')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'New table' }).first().click()
  await expect(page.getByRole('dialog', { name: 'New table' })).toBeVisible()
  await page.getByLabel('More about the new column').click()
  await clean('new table')
  await page.keyboard.press('Escape')

  await editColumns(page)
  const columns = page.getByRole('dialog', { name: 'Columns of people' })
  await columns.getByRole('button', { name: 'Drop age' }).click()
  await expect(columns.getByText('3 values will be changed or lost.')).toBeVisible()
  await clean('edit columns')

  await go(`/projects/${projectId}/settings`)
  await expect(page.getByRole('region', { name: 'About' })).toContainText('Postgres')
  await clean('settings')
})

test('axe finds nothing in what is shown of the store', async ({ studio: { page }, client }) => {
  const { projectId, databaseId } = await makeProject(client)
  const { records } = await makeTable(client, databaseId, people, threePeople)
  await client.records.update({
    params: { databaseId, recordId: records[0]?._id ?? '' },
    query: { table: 'people' },
    body: { record: { note: 'a note that goes on and on, '.repeat(20), age: null } },
  })
  await client.connection.create({ databaseId })

  await page.goto(new URL(`/projects/${projectId}/overview`, page.url()).href)
  await page.getByRole('button', { name: 'Show the password' }).click()
  await expectClean(page, 'a login')
  await page.getByRole('button', { name: 'Undo: Created 3 records in people.' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('alertdialog', { name: 'Some of it was changed since' })).toBeVisible()
  await expectClean(page, 'an undo that meets changes')

  await openTable(page, projectId, 'people')
  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Alt+h')
  await expect(page.getByText('Changed 2 fields')).toBeVisible()
  await expectClean(page, 'a history')
  await page.getByRole('button', { name: 'Restore this version' }).click()
  await expectClean(page, 'a restore')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('alertdialog')).toBeHidden()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('grid')).toBeFocused()

  await page.getByRole('button', { name: 'Actions for people' }).click()
  await page.getByRole('menuitem', { name: 'Indexes and storage' }).click()
  await page.getByRole('combobox', { name: 'First column' }).click()
  await page.keyboard.type('age')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Add the new index on age' })).toBeVisible()
  await expectClean(page, 'indexes')
})

test('axe finds nothing around the grid', async ({ studio: { page }, client }) => {
  // Twice for each of many states.
  test.setTimeout(600_000)
  const { projectId, databaseId } = await makeProject(client)
  const { records } = await makeTable(
    client,
    databaseId,
    { ...people, columns: [...people.columns, { name: 'meta', type: 'jsonb' }, { name: 'born', type: 'timestamptz' }] },
    threePeople.map((person) => ({ ...person, meta: { a: 1 }, born: '2026-01-31T12:00:00Z' })),
  )
  await makeTable(
    client,
    databaseId,
    {
      name: 'visits',
      timestamps: false,
      columns: [{ name: 'person_id', type: 'uuid', references: { table: 'people', column: 'id' } }],
    },
    [{ person_id: records[0]?._id ?? null }],
  )
  await openTable(page, projectId, 'people')
  await expect(page.getByRole('button', { name: /^Summary of age/ })).toBeVisible()

  await (await cell(page, 0, 'meta')).dblclick()
  await expect(page.getByRole('dialog', { name: 'Edit meta' }).locator('.view-lines')).toContainText('"a"', {
    timeout: 60_000,
  })
  await expectClean(page, 'a JSON editor')
  await page.keyboard.press('Escape')
  await (await cell(page, 0, 'born')).dblclick()
  await expect(page.getByRole('dialog', { name: 'Pick born' })).toBeVisible()
  await expectClean(page, 'a calendar')
  await page.keyboard.press('Escape')
  await (await cell(page, 0, 'note')).click()
  await page.keyboard.press('Shift+Enter')
  await expect(page.getByRole('dialog', { name: 'note' })).toBeVisible()
  await expectClean(page, 'a large editor')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'note' })).toBeHidden()

  const header = page.locator('[role="columnheader"] [title^="age:"]')
  await (await cell(page, 0, 'note')).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Copy as' }).press('ArrowRight')
  await expect(page.getByRole('menu')).toHaveCount(2)
  await expectClean(page, 'menus of a cell')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await header.click({ button: 'right' })
  await expectClean(page, 'a menu of a column')
  await page.getByRole('menuitem', { name: 'Statistics' }).click()
  await expect(page.getByRole('dialog', { name: 'Statistics of age' }).getByRole('figure')).toBeVisible()
  await expectClean(page, 'statistics')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Columns', exact: true }).click()
  await expectClean(page, 'the list of columns')
  await page.keyboard.press('Escape')
  await header.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Edit column' }).click()
  await expect(page.getByRole('dialog', { name: 'Column age' })).toBeVisible()
  await expectClean(page, 'a column')
  await page.keyboard.press('Escape')

  await addFilter(page, 'age', '≥', '1')
  await page.getByRole('button', { name: 'Group' }).click()
  await expectClean(page, 'a group of filters')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Save view' }).click()
  await expectClean(page, 'a name for a view')
  await page.keyboard.type('Everybody')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('list', { name: 'Views of people' })).toBeVisible()

  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Space')
  await expect(page.getByRole('complementary', { name: 'Record' })).toBeVisible()
  await page.keyboard.press('Control+f')
  await page.keyboard.type('ada')
  await expect(page.getByRole('search')).toContainText('1 of 1')
  await expectClean(page, 'the panel of a record, and finding')
  await page.keyboard.press('Escape')
  await page.getByRole('radio', { name: 'Links' }).click()
  await expect(page.getByRole('region', { name: 'Pointed to by' })).toContainText('visits')
  await expectClean(page, 'links of a record')
  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Control+a')
  await page.getByRole('button', { name: 'Edit 3 records' }).click()
  await expect(page.getByRole('dialog', { name: 'Edit 3 records' })).toContainText('Exactly')
  await expectClean(page, 'an edit of many records')
  await page.keyboard.press('Escape')

  await openTable(page, projectId, 'visits')
  await (await cell(page, 0, 'person_id')).dblclick()
  await expect(page.getByRole('option', { name: 'Ada' })).toBeVisible()
  await expectClean(page, 'the picker of a reference')
})

/** Everything in the light theme; in the dark one only the colours are others. */
async function expectClean(page: Page, what: string): Promise<void> {
  for (const [colorScheme, rules] of [
    ['light', undefined],
    ['dark', ['color-contrast']],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
    expect.soft(await axeFindings(page, rules), `${what}, ${colorScheme}`).toEqual([])
  }
}
