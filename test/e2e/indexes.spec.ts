import type { Page } from '@playwright/test'
import { makeTable, openSample, openTable, people, threePeople } from './sample'
import { expect, test } from './studio'

async function openIndexes(page: Page, table: string) {
  await page.getByRole('button', { name: `Actions for ${table}` }).click()
  await page.getByRole('menuitem', { name: 'Indexes and storage' }).click()
  return page.getByRole('dialog', { name: `Indexes of ${table}` })
}

test('indexes are asked for by columns and by a path, and dropped', async ({ studio: { page }, client }) => {
  const { databaseId, tableId } = await openSample(
    page,
    client,
    {
      name: 'orders',
      columns: [
        { name: 'code', type: 'text', unique: true },
        { name: 'status', type: 'text' },
        { name: 'meta', type: 'jsonb' },
      ],
    },
    [{ code: 'a', status: 'open', meta: { address: { city: 'Bern' } } }],
  )
  const dialog = await openIndexes(page, 'orders')
  await expect(dialog.getByText('Kept with other small tables: 1 record,')).toBeVisible()

  await dialog.getByRole('combobox', { name: 'First column' }).click()
  await page.getByRole('option', { name: 'status' }).click()
  await dialog.getByRole('combobox', { name: 'Next column' }).click()
  await page.getByRole('option', { name: 'created_at' }).click()
  await dialog.getByRole('button', { name: 'Add the new index on status, created_at' }).click()
  const asked = dialog.getByRole('listitem').filter({ hasText: 'status, created_at' })
  await expect(asked).toContainText('Asked for')
  await expect(asked).not.toContainText('Being built')
  // Only tables with storage of their own have such indexes.
  await expect(dialog.getByText('Has its own storage: 1 record,')).toBeVisible()
  await expect(dialog.getByRole('listitem').filter({ hasText: 'code' })).toContainText('Unique rule')

  await dialog.getByRole('combobox', { name: 'First column' }).click()
  await page.keyboard.type('meta')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('textbox', { name: 'Path in meta' })).toBeFocused()
  await page.keyboard.type('address.city')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Add the new index on meta.address.city' }).click()
  await expect(dialog.getByRole('listitem').filter({ hasText: 'meta.address.city' })).toContainText('Asked for')
  await expect
    .poll(async () => (await client.indexes.list({ databaseId, tableId })).indexes.map(({ state }) => state))
    .not.toContain('planned')

  // The same once more is refused, in words, where it was asked for.
  await dialog.getByRole('combobox', { name: 'First column' }).click()
  await page.keyboard.type('status')
  await page.keyboard.press('Enter')
  await dialog.getByRole('combobox', { name: 'Next column' }).click()
  await page.keyboard.type('created')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Add the new index on status, created_at' }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()

  await dialog.getByRole('button', { name: 'Drop the index on status, created_at' }).click()
  const question = page.getByRole('alertdialog', { name: 'Drop this index?' })
  await expect(question).toContainText('status, created_at')
  await question.getByRole('button', { name: 'Drop index' }).click()
  await expect(question).toBeHidden()
  await expect(dialog.getByRole('alert')).toBeHidden()
  await expect(asked).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Actions for orders' })).toBeFocused()
})

test('a table is moved to its own storage and back while its records are read', async ({
  studio: { page },
  client,
}) => {
  await openSample(page, client, people, threePeople)
  const dialog = await openIndexes(page, 'people')
  const storage = dialog.getByRole('region', { name: 'Storage' })
  await expect(storage.getByRole('radio', { name: 'Automatic' })).toBeChecked()
  await storage.getByRole('radio', { name: 'Own storage' }).click()
  await expect(storage).toContainText('Has its own storage: 3 records')
  await expect(storage.getByRole('radio', { name: 'Own storage' })).toBeChecked()
  await storage.getByRole('radio', { name: 'Shared' }).click()
  await expect(storage).toContainText('Kept with other small tables: 3 records')
  await storage.getByRole('radio', { name: 'Automatic' }).click()
  await expect(storage.getByRole('radio', { name: 'Automatic' })).toBeChecked()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('gridcell', { name: 'Edsger' })).toBeVisible()
})

test('an index that filters would use is suggested, and added with a click', async ({ studio: { page }, client }) => {
  const { projectId, databaseId } = await openSample(page, client, people, threePeople)
  const many = Array.from({ length: 9000 }, (_, n) => ({ label: `label ${n}`, weight: n }))
  const { tableId } = await makeTable(
    client,
    databaseId,
    {
      name: 'items',
      columns: [
        { name: 'label', type: 'text' },
        { name: 'weight', type: 'integer' },
      ],
    },
    many,
  )
  for (let times = 0; times < 60; times++)
    await client.records.query({
      databaseId,
      tableName: 'items',
      filters: { column: 'label', op: 'eq', value: `label ${times}` },
    })
  await expect
    .poll(async () => (await client.indexes.list({ databaseId, tableId })).suggestions.length, { timeout: 60_000 })
    .toBeGreaterThan(0)
  await openTable(page, projectId, 'items')
  const dialog = await openIndexes(page, 'items')
  const suggestion = dialog.getByRole('region', { name: 'Suggested indexes' }).getByRole('listitem')
  await expect(suggestion).toContainText('label')
  await suggestion.getByRole('button', { name: 'Add the index on label' }).click()
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Asked for' })).toContainText('label')
  await expect(suggestion).toHaveCount(0)
})
