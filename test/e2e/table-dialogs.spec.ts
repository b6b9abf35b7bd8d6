import type { Locator, Page } from '@playwright/test'
import { openSample } from './sample'
import { expect, newProject, test } from './studio'
import { addRecord, cell, editColumns, expectRecords, toast } from './table-editor.page'

test('a table with a reference, a unique column and a default', async ({ studio: { page }, client }) => {
  await newProject(page)
  await page.getByRole('button', { name: 'New table' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New table' })
  const name = dialog.getByLabel('Name', { exact: true })

  // A name that cannot be is explained, and the nearest one that can is offered.
  await name.fill('My Orders')
  await expect(dialog.getByText('Use lower-case letters, digits and underscores')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Create table' })).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('button', { name: 'Use my_orders' }).click()
  await expect(name).toHaveValue('my_orders')
  await name.fill('users')
  await expect(dialog.getByText('There is already a table “users”.')).toBeVisible()
  await name.fill('orders')

  await addColumn(dialog, 0, 'code')
  await dialog.getByLabel('More about code').click()
  await dialog.getByLabel('Unique').check()
  await dialog.getByLabel('More about code').click()
  await addColumn(dialog, 1, 'status')
  await dialog.getByLabel('More about status').click()
  await dialog.getByLabel('Default').fill('open')
  await dialog.getByLabel('More about status').click()
  await addColumn(dialog, 2, 'code')
  await expect(dialog.getByText('There are two columns “code”.').first()).toBeVisible()
  await dialog.getByLabel('Column name').nth(2).fill('customer')
  await dialog.getByLabel('More about customer').click()
  await dialog.getByLabel('Refers to').click()
  await page.getByRole('option', { name: 'users.id' }).click()
  await expect(dialog.getByLabel('Type of customer')).toHaveText('uuid')
  await dialog.getByLabel('More about customer').click()

  // The last column moves to the front without a mouse.
  await moveUp(page, dialog.getByRole('button', { name: 'Move customer', exact: true }), 2)
  await expect(dialog.getByLabel('Column name').first()).toHaveValue('customer')
  await expect(dialog.getByLabel('Column name').last()).toHaveValue('status')

  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('grid', { name: 'Records of orders' })).toBeVisible()
  const [project] = (await client.projects.list()).projects
  const { tables } = await client.tables.list({ databaseId: project?.database_id ?? '' })
  expect(tables.find(({ table_name }) => table_name === 'orders')?.schema_json.columns).toMatchObject([
    { name: 'id', primary_key: true },
    { name: 'customer', type: 'uuid', references: { table: 'users', column: 'id' } },
    { name: 'code', unique: true },
    { name: 'status', default: 'open' },
    { name: 'created_at' },
    { name: 'updated_at' },
  ])
})

test('columns of a table with records are renamed, retyped, moved and dropped', async ({
  studio: { page },
  client,
}) => {
  const { databaseId, tableName } = await openSample(
    page,
    client,
    {
      name: 'items',
      timestamps: false,
      columns: [
        { name: 'title', type: 'text' },
        { name: 'amount', type: 'text' },
        { name: 'colour', type: 'text' },
      ],
    },
    [
      { title: 'Nut', amount: '12', colour: 'grey' },
      { title: 'Bolt', amount: 'a few', colour: 'black' },
      { title: 'Screw', amount: '7', colour: null },
    ],
  )
  await editColumns(page)
  const dialog = page.getByRole('dialog', { name: 'Columns of items' })
  await dialog.getByLabel('Column name').nth(1).fill('label')

  // What a new type does is said before it is done, with the way on.
  await dialog.getByLabel('Type of amount').click()
  await page.keyboard.type('integer')
  await page.getByRole('option', { name: 'integer' }).first().click()
  await expect(dialog.getByText('1 of 3 values does not fit integer and would become NULL: "a few".')).toBeVisible()
  await expect(dialog.getByText('Solve what is marked red first.')).toBeVisible()
  const unfit = dialog.getByRole('radiogroup', { name: 'Values that do not fit' })
  await unfit.getByRole('radio', { name: 'Set to NULL' }).click()
  await expect(dialog.getByText('Solve what is marked red first.')).toBeHidden()
  await expect(dialog.getByText('1 value will be changed or lost.')).toBeVisible()

  await dialog.getByRole('button', { name: 'Drop colour' }).click()
  await expect(dialog.getByText('3 values will be changed or lost.')).toBeVisible()
  await expect(
    dialog
      .getByRole('listitem')
      .filter({ hasText: /2 values/ })
      .first(),
  ).toBeVisible()
  await dialog.getByRole('button', { name: 'Keep colour' }).click()
  await expect(dialog.getByText('1 value will be changed or lost.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Drop colour' }).click()
  await moveUp(page, dialog.getByRole('button', { name: 'Move amount' }), 1)
  await dialog.getByRole('button', { name: 'Apply 4 changes' }).click()

  await expect(dialog).toBeHidden()
  await expect(toast(page, '4 changes applied to items')).toBeVisible()
  await expect(page.getByRole('columnheader').filter({ hasText: 'colour' })).toHaveCount(0)
  await expect(await cell(page, 1, 'label')).toHaveText('Bolt')
  await expect(await cell(page, 1, 'amount')).toHaveText('NULL')
  await expect(await cell(page, 2, 'amount')).toHaveText('7')
  expect((await client.records.query({ databaseId, tableName })).records).toMatchObject([
    { label: 'Nut', amount: 12 },
    { label: 'Bolt', amount: null },
    { label: 'Screw', amount: 7 },
  ])

  // Nothing typed is thrown away without a question.
  await editColumns(page)
  await dialog.getByLabel('Column name').last().fill('renamed')
  await page.keyboard.press('Escape')
  const question = page.getByRole('alertdialog', { name: 'Discard what you have entered?' })
  await question.getByRole('button', { name: 'Discard' }).click()
  await expect(dialog).toBeHidden()

  // A table comes back with its records.
  await page.getByRole('complementary').getByRole('link', { name: 'items' }).focus()
  await page.keyboard.press('Delete')
  await expect(page.getByRole('grid', { name: 'Records of users' })).toBeVisible()
  await toast(page, 'Table items is deleted').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('grid', { name: 'Records of items' })).toBeVisible()
  await expectRecords(page, 3)
})

test('columns are made unique together, unless records stand in the way', async ({ studio: { page }, client }) => {
  const { databaseId, tableId } = await openSample(
    page,
    client,
    {
      name: 'stock',
      timestamps: false,
      columns: [
        { name: 'shop', type: 'text' },
        { name: 'code', type: 'text' },
        { name: 'day', type: 'date' },
      ],
    },
    [
      { shop: 'north', code: 'a1', day: '2026-01-31' },
      { shop: 'north', code: 'a1', day: '2026-02-01' },
    ],
  )
  const unique = async () => (await client.tables.get({ databaseId, tableId })).table.schema_json.unique
  await editColumns(page)
  const dialog = page.getByRole('dialog', { name: 'Columns of stock' })
  const rules = dialog.getByRole('region', { name: 'Unique together' })
  const rule = async (...names: string[]) => {
    await rules.getByRole('button', { name: 'Add a rule' }).click()
    for (const name of names) {
      await rules.getByRole('combobox', { name: 'Column of the rule' }).click()
      await page.getByRole('option', { name }).click()
    }
    await rules.getByRole('button', { name: 'Add the rule' }).click()
  }
  await rule('shop', 'code')
  await expect(dialog.getByText('Solve what is marked red first.')).toBeVisible()
  await rules.getByRole('button', { name: 'Drop the rule on shop, code' }).click()
  await rule('shop', 'day')
  await expect(dialog.getByText('Solve what is marked red first.')).toBeHidden()
  await dialog.getByRole('button', { name: 'Apply 1 change' }).click()
  await expect(dialog).toBeHidden()
  expect(await unique()).toEqual([['shop', 'day']])

  await editColumns(page)
  await rules.getByRole('button', { name: 'Drop the rule on shop, day' }).click()
  await dialog.getByRole('button', { name: 'Apply 1 change' }).click()
  await expect(dialog).toBeHidden()
  expect((await unique()) ?? []).toEqual([])
})

test('a table with a key of its own has exactly its columns', async ({ studio: { page }, client }) => {
  await newProject(page)
  await page.getByRole('button', { name: 'New table' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New table' })
  await dialog.getByLabel('Name', { exact: true }).fill('stock')
  for (const [index, name] of ['shop', 'code'].entries()) {
    await addColumn(dialog, index, name)
    await dialog.getByLabel(`More about ${name}`).click()
    await dialog.getByRole('checkbox', { name: 'Key', exact: true }).check()
    await dialog.getByLabel(`More about ${name}`).click()
  }
  await addColumn(dialog, 2, 'note')
  await expect(dialog.getByLabel('shop is required')).toBeChecked()
  await expect(dialog.getByText('Added automatically')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Create table' }).click()
  await expect(page.getByRole('grid', { name: 'Records of stock' })).toBeVisible()
  const [project] = (await client.projects.list()).projects
  const databaseId = project?.database_id ?? ''
  const { tables } = await client.tables.list({ databaseId })
  expect(tables.find(({ table_name }) => table_name === 'stock')?.schema_json.columns).toEqual([
    { name: 'shop', type: 'text', primary_key: true },
    { name: 'code', type: 'text', primary_key: true },
    { name: 'note', type: 'text' },
  ])

  await addRecord(page, { shop: 'north', code: 'a1', note: 'full' })
  await addRecord(page, { shop: 'south', code: 'a1', note: 'empty' })
  await (await cell(page, 1, 'shop')).click()
  await page.keyboard.type('north')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+s')
  // Two records with one key cannot be; the cell keeps what was typed, and says why.
  await (await cell(page, 1, 'shop')).click()
  await expect(page.getByRole('alert').filter({ hasText: 'already a record' }).first()).toBeVisible()
  await expect(await cell(page, 1, 'shop')).toContainText('north')
  expect((await client.records.query({ databaseId, tableName: 'stock' })).records).toMatchObject([
    { shop: 'north', note: 'full' },
    { shop: 'south', note: 'empty' },
  ])
})

/** Enter in the name of the column before begins the next one. */
async function addColumn(dialog: Locator, index: number, name: string): Promise<void> {
  const names = dialog.getByLabel('Column name')
  if (index > 0) await names.nth(index - 1).press('Enter')
  if (index > 0) await expect(names.nth(index)).toBeFocused()
  await names.nth(index).fill(name)
}

/** Space picks the column up and puts it down; each arrow waits for the row before it to make room. */
async function moveUp(page: Page, handle: Locator, places: number): Promise<void> {
  await handle.focus()
  await page.keyboard.press('Space')
  const said = page.getByRole('status').filter({ hasText: / place / })
  const [, from = ''] = /at place (\d+)/.exec((await said.textContent()) ?? '') ?? []
  for (let place = Number(from) - 1; place >= Number(from) - places; place -= 1) {
    await page.keyboard.press('ArrowUp')
    await expect(said).toContainText(`is at place ${place} of`)
  }
  await page.keyboard.press('Space')
  await expect(said).toContainText('was put at place')
}
