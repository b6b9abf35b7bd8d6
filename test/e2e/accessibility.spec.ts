import { makeProject, makeTable, openTable, people, threePeople } from './sample'
import { axeFindings, expect, test } from './studio'
import { cell } from './table-editor.page'

test('axe finds nothing on any page, in light and in dark', async ({ studio: { page }, client }) => {
  const clean = async (what: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      expect.soft(await axeFindings(page), `${what}, ${colorScheme}`).toEqual([])
    }
  }
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

  await page.getByRole('button', { name: 'Edit columns' }).click()
  const columns = page.getByRole('dialog', { name: 'Columns of people' })
  await columns.getByRole('button', { name: 'Drop age' }).click()
  await expect(columns.getByText('3 values will be changed or lost.')).toBeVisible()
  await clean('edit columns')

  await go(`/projects/${projectId}/settings`)
  await expect(page.getByRole('region', { name: 'About' })).toContainText('Postgres')
  await clean('settings')
})
