import { makeProject, makeTable, openTable, people, threePeople } from './sample'
import { expect, newProject, test } from './studio'
import { toast } from './table-editor.page'

test('palette, shortcuts, theme, tabs, sidebar and a narrow window', async ({ studio: { page }, client }) => {
  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people, threePeople)
  await makeTable(client, databaseId, { name: 'orders', columns: [{ name: 'code', type: 'text' }] })
  await openTable(page, projectId, 'users')
  const keys = page.keyboard
  const tab = (name: string) => page.getByRole('tab', { name })

  // The palette finds a table and an action.
  await keys.press('Control+k')
  await keys.type('peop')
  await keys.press('Enter')
  await expect(page.getByRole('grid', { name: 'Records of people' })).toBeVisible()
  await keys.press('Control+k')
  await keys.type('create tab')
  await keys.press('Enter')
  await expect(page.getByRole('dialog', { name: 'New table' })).toBeVisible()
  await keys.press('Escape')
  await expect(page.getByRole('dialog', { name: 'New table' })).toBeHidden()

  // Tabs: a double-click keeps one, the next table gets its own, and they are there after a reload.
  await tab('people').dblclick()
  await page.getByRole('complementary').getByRole('link', { name: 'orders' }).click()
  await expect(tab('orders')).toHaveAttribute('aria-selected', 'true')
  await expect(tab('people')).toBeVisible()

  // Keys rest in the grid and in fields; elsewhere "?" opens the sheet.
  await tab('orders').press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.getByText('Search tables and commands')).toBeVisible()
  await keys.press('Escape')
  await expect(sheet).toBeHidden()

  await page.getByRole('separator', { name: 'Resize the sidebar' }).focus()
  await keys.press('Shift+ArrowRight')
  await expect(page.getByRole('complementary')).toHaveCSS('width', '272px')

  await keys.press('Control+k')
  await keys.type('dark theme')
  await keys.press('Enter')
  const root = page.locator('html')
  await expect(root).toHaveAttribute('data-theme', 'dark')

  // The theme is there before anything of the page is drawn, and never another one.
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { seenThemes: seen })
    new MutationObserver(() => {
      const { theme } = document.documentElement?.dataset ?? {}
      if (document.body && theme !== seen.at(-1)) seen.push(theme ?? 'none')
    }).observe(document, { attributes: true, childList: true, subtree: true })
  })
  await page.reload()
  await expect(page.getByRole('grid', { name: 'Records of orders' })).toBeVisible()
  await expect(root).toHaveAttribute('data-theme', 'dark')
  expect(await page.evaluate(() => Reflect.get(window, 'seenThemes'))).toEqual(['dark'])
  await expect(tab('orders')).toHaveAttribute('aria-selected', 'true')
  await expect(tab('people')).toBeVisible()
  await expect(page.getByRole('complementary')).toHaveCSS('width', '272px')

  // In a narrow window the sidebar opens over the page and makes way for what is chosen.
  await page.setViewportSize({ width: 800, height: 600 })
  await expect(page.getByRole('complementary')).toBeHidden()
  await page.getByRole('button', { name: 'Toggle the sidebar' }).click()
  await page.getByRole('complementary').getByRole('link', { name: 'people' }).click()
  await expect(page.getByRole('complementary')).toBeHidden()
  await expect(page.getByRole('gridcell', { name: 'Edsger' })).toBeInViewport()
  await expect(page.getByRole('button', { name: 'New record' })).toBeInViewport({ ratio: 1 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(800)
})

test('a project is renamed, put into the bin and brought back', async ({ studio: { page } }) => {
  await newProject(page, 'First')
  await page.getByRole('link', { name: 'All projects' }).click()
  await page.getByRole('button', { name: 'Actions for First' }).click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  const name = page.getByLabel('Project name')
  await expect(name).toBeFocused()
  await name.fill('Workshop')
  await name.press('Enter')
  await expect(page.getByRole('link', { name: 'Workshop' })).toBeVisible()

  await page.getByRole('button', { name: 'Actions for Workshop' }).click()
  await page.getByRole('menuitem', { name: 'Move to bin' }).click()
  const bin = page.getByRole('region', { name: 'Bin' })
  await expect(bin.getByRole('listitem').filter({ hasText: 'Workshop' })).toContainText('30 days left')
  await expect(page.getByText('Every project is in the bin.')).toBeVisible()
  await page.reload()
  await bin.getByRole('button', { name: 'Restore Workshop' }).click()
  await expect(toast(page, '“Workshop” is back')).toBeVisible()
  await expect(bin).toBeHidden()
  await page.getByRole('link', { name: 'Workshop' }).click()
  await expect(page.getByRole('heading', { name: 'Workshop' })).toBeVisible()

  // From its own settings, with the toast's way back.
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByRole('button', { name: 'Move to bin' }).click()
  await toast(page, '“Workshop” is in the bin').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('link', { name: 'Workshop' })).toBeVisible()
})

test('the overview leads on, lists what happened, and its token opens the API', async ({ studio, client }) => {
  const { page } = studio
  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people, threePeople)
  const overview = new URL(`/projects/${projectId}/overview`, page.url()).href
  await page.goto(overview)

  const tiles: ReadonlyArray<readonly [RegExp, RegExp]> = [
    [/^Tables/, /\/tables\/\w+$/],
    [/^Records/, /\/tables\/people$/],
    [/^Size/, /\/settings#about$/],
    [/^Last change/, /\/overview#activity$/],
  ]
  for (const [tile, place] of tiles) {
    await page.goto(overview)
    await page.getByRole('main').getByRole('link', { name: tile }).first().click()
    await expect(page).toHaveURL(place)
  }
  const activity = page.locator('#activity').getByRole('listitem')
  await expect(activity.filter({ hasText: /3 records/ })).toBeVisible()
  await activity
    .filter({ hasText: /people/ })
    .first()
    .click()
  await expect(page.getByRole('grid', { name: 'Records of people' })).toBeVisible()

  await page.goto(overview)
  await page.getByRole('radio', { name: 'Query' }).click()
  await page.getByRole('button', { name: 'Create token' }).click()
  const line = page.getByText(/^TOKEN=/)
  await expect(line).toBeVisible()
  const token = (await line.textContent())?.slice('TOKEN='.length)
  const answer = await page.request.post(`${studio.apiUrl}/api/database/${databaseId}/records/query`, {
    headers: { authorization: `Bearer ${token}` },
    data: { tableName: 'people', sort: [{ column: 'age', direction: 'desc' }], limit: 1 },
  })
  expect(answer.status()).toBe(200)
  expect(await answer.json()).toMatchObject({ records: [{ name: 'Grace' }] })
})
