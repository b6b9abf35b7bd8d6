import { makeProject, makeTable, openSample, openTable, people, threePeople } from './sample'
import { expect, test } from './studio'
import { addFilter, cell, chooseFromMenu, expectRecords, saveChanges, toast } from './table-editor.page'

// Long ways, for a machine that does other things as well.
test.setTimeout(240_000)

const header = (name: string) => `[role=columnheader] [title^="${name}:"]`

test('filters complete columns and values, and go in groups that the address keeps', async ({ studio, client }) => {
  const { page } = studio
  await openSample(
    page,
    client,
    { ...people, columns: [...people.columns, { name: 'meta', type: 'jsonb' }] },
    threePeople.map((person, index) => ({ ...person, meta: { plan: index === 1 ? 'pro' : 'free' } })),
  )
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.keyboard.type('na')
  await page.keyboard.press('Enter')
  await page.keyboard.type('=')
  await page.keyboard.press('Enter')
  await page.keyboard.type('gr')
  await page.getByRole('option', { name: /Grace/ }).click()
  await expectRecords(page, 1)

  await page.getByRole('button', { name: 'Group' }).click()
  await page.keyboard.type('age')
  await page.keyboard.press('Enter')
  await page.keyboard.type('is less')
  await page.keyboard.press('Enter')
  await page.keyboard.type('40')
  await page.keyboard.press('Enter')
  await expectRecords(page, 0)
  const group = page.getByRole('group', { name: 'Any of these filters' })
  await group.getByRole('button', { name: 'Add a filter to this group' }).click()
  await page.keyboard.type('meta.plan')
  await page.keyboard.press('Enter')
  await page.keyboard.type('=')
  await page.keyboard.press('Enter')
  await page.keyboard.type('pro')
  await page.keyboard.press('Enter')
  await expectRecords(page, 1)
  await page.reload()
  await expectRecords(page, 1)
  await expect(group).toContainText('meta.plan')
  await page.getByTitle('All filters must hold. Click for any.').click()
  await expect(page.getByRole('group', { name: 'All of these filters' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear all filters' }).click()
  await expectRecords(page, 3)
  await chooseFromMenu(await cell(page, 2, 'name'), 'Filter out this value')
  await expectRecords(page, 2)
})

test('a text is found in the table, and its places are stepped through', async ({ studio, client }) => {
  const { page } = studio
  const many = Array.from({ length: 400 }, (_, index) => ({
    name: `Person ${index}`,
    note: index % 150 === 7 ? 'the needle is here' : 'hay',
  }))
  await openSample(page, client, people, many)
  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Control+f')
  const find = page.getByRole('search')
  await find.getByLabel('Find in table').fill('NEEDLE')
  await expect(find).toContainText('1 of 3')
  await expect(await cell(page, 7, 'note')).toHaveText('the needle is here')
  await page.keyboard.press('Enter')
  await expect(find).toContainText('2 of 3')
  await expect(await cell(page, 157, 'note')).toBeInViewport()
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.press('Shift+Enter')
  await expect(find).toContainText('3 of 3')
  await expect(await cell(page, 307, 'note')).toBeInViewport()
  await find.getByLabel('Find in table').fill('nobody')
  await expect(find).toContainText('Not found')
  await page.keyboard.press('Escape')
  await expect(find).toBeHidden()
  await expect(page.getByRole('grid')).toBeFocused()
})

test('columns are summed up for the filter, and drawn', async ({ studio, client }) => {
  const { page } = studio
  await openSample(page, client, people, threePeople)
  const sum = page.getByRole('button', { name: /^Summary of age/ })
  await expect(sum).toHaveText('Sum193')
  await sum.click()
  await expect(page.getByRole('menuitem', { name: 'Average' })).toContainText('64.3333')
  await page.getByRole('menuitem', { name: 'Maximum' }).click()
  await expect(sum).toHaveText('Maximum85')
  await expect(page.getByRole('button', { name: /^Summary of note/ })).toHaveText('Empty1')
  await addFilter(page, 'age', '<', '80')
  await expect(sum).toHaveText('Maximum72')
  await page.reload()
  await expect(sum).toHaveText('Maximum72')
  await page.getByRole('button', { name: 'Remove the filter on age' }).click()

  await page.locator(header('name')).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Statistics' }).click()
  const statistics = page.getByRole('dialog', { name: 'Statistics of name' })
  await expect(statistics.getByRole('listitem')).toHaveCount(3)
  await expect(statistics).toContainText('Distinct')
  await page.keyboard.press('Escape')
  await page.locator(header('age')).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Statistics' }).click()
  const ages = page.getByRole('dialog', { name: 'Statistics of age' })
  await expect(ages.getByRole('figure')).toBeVisible()
  await ages
    .getByRole('button', { name: /: 1 records/ })
    .first()
    .click()
  await expectRecords(page, 1)
  await expect(await cell(page, 0, 'name')).toHaveText('Ada')
})

test('the panel of a record follows the keys, edits, links and restores', async ({ studio, client }) => {
  const { page } = studio
  const { projectId, databaseId } = await makeProject(client)
  const made = await makeTable(client, databaseId, people, threePeople)
  await makeTable(
    client,
    databaseId,
    {
      name: 'visits',
      timestamps: false,
      columns: [
        { name: 'place', type: 'text' },
        { name: 'person_id', type: 'uuid', references: { table: 'people', column: 'id' } },
      ],
    },
    ['Rome', 'Oslo'].map((place) => ({ place, person_id: made.records[1]?.id ?? null })),
  )
  await openTable(page, projectId, 'people')
  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Space')
  const panel = page.getByRole('complementary', { name: 'Record' })
  await expect(panel.getByRole('heading')).toHaveText('Ada')
  await page.keyboard.press('ArrowDown')
  await expect(panel.getByRole('heading')).toHaveText('Grace')
  await panel.getByRole('button', { name: 'Next record' }).click()
  await expect(panel.getByRole('heading')).toHaveText('Edsger')
  await page.keyboard.press('Alt+ArrowUp')
  await expect(panel.getByRole('heading')).toHaveText('Grace')

  await panel.getByRole('button', { name: 'note: NULL' }).click()
  await page.keyboard.type('from the panel')
  await page.keyboard.press('Enter')
  await expect(await cell(page, 1, 'note')).toHaveText('from the panel')
  await saveChanges(page)

  await panel.getByRole('radio', { name: 'Links' }).click()
  const links = panel.getByRole('region', { name: 'Pointed to by' })
  await expect(links).toContainText('Rome')
  await expect(links.getByRole('button', { name: 'Show 2 of visits' })).toBeVisible()

  await panel.getByRole('radio', { name: 'History' }).click()
  await panel.getByRole('button', { name: 'Restore this version' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Restore this version' }).click()
  await expect(await cell(page, 1, 'note')).toHaveText('NULL')

  await panel.getByRole('radio', { name: 'Links' }).click()
  await links.getByRole('button', { name: 'Show 2 of visits' }).click()
  await expect(page.getByRole('grid', { name: 'Records of visits' })).toHaveAttribute('aria-rowcount', '3')
  const outgoing = page.getByRole('region', { name: 'Points to' })
  await page.getByRole('radio', { name: 'Links' }).click()
  await outgoing.getByRole('button', { name: 'Open record' }).click()
  await expect(page.getByRole('grid', { name: 'Records of people' })).toHaveAttribute('aria-rowcount', '2')
  await panel.getByRole('button', { name: 'Close the record' }).click()
  await expect(panel).toBeHidden()
})

test('many records are edited by filter: the exact number first, and only if it still holds', async ({
  studio,
  client,
}) => {
  const { page } = studio
  const { databaseId } = await openSample(page, client, people, threePeople)
  await addFilter(page, 'age', '≥', '40')
  await expectRecords(page, 2)
  await (await cell(page, 0, 'name')).click()
  await page.keyboard.press('Control+Shift+a')
  await page.getByRole('button', { name: 'Edit 2 records' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit 2 records' })
  await dialog.getByRole('combobox', { name: 'Column' }).click()
  await page.getByRole('option', { name: /^note/ }).click()
  await dialog.getByLabel('New value').fill('old')
  await expect(dialog.getByRole('button', { name: 'Set note in 2 records' })).toBeEnabled()

  await client.records.create({ databaseId, tableName: 'people', record: { name: 'Barbara', age: 80 } })
  await dialog.getByRole('button', { name: 'Set note in 2 records' }).click()
  const again = page.getByRole('dialog', { name: 'Edit 3 records' })
  await expect(again.getByRole('alert')).toBeVisible()
  await again.getByRole('button', { name: 'Set note in 3 records' }).click()
  await expect(again).toBeHidden()
  const noted = async () =>
    (await client.records.query({ databaseId, tableName: 'people', filters: { note: 'old' }, count: 'exact' })).count
  await expect.poll(noted).toBe(3)
  await toast(page, 'Edit of note in 3 records saved.').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(noted).toBe(0)
})
