import { apply, openCanvas, schemaOf, tableOf } from './schema-canvas.page'
import { expect, test } from './studio'

test('tables are copied from one project into another, where their names are free', async ({
  studio: { page },
  client,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openCanvas(page, client)
  await tableOf(page, 'orders').locator('[data-spot="orders"]').click()
  await tableOf(page, 'products')
    .locator('[data-spot="products"]')
    .click({ modifiers: ['Control'] })
  await page.keyboard.press('Control+c')
  await expect(page.getByText('Copied 2 tables')).toBeVisible()

  const { databaseId } = await openCanvas(page, client, [
    { name: 'products', columns: [{ name: 'sku', type: 'text' }] },
  ])
  await page.getByRole('region', { name: 'Canvas' }).focus()
  await page.keyboard.press('Control+v')
  await expect(tableOf(page, 'orders')).toBeVisible()
  await expect(tableOf(page, 'products_2')).toBeVisible()
  await apply(page)
  const schema = await schemaOf(client, databaseId)
  expect(schema.map(({ name }) => name).sort()).toEqual(['orders', 'products', 'products_2', 'users'])
  expect(schema.find(({ name }) => name === 'orders')?.columns.find(({ name }) => name === 'customer')).toMatchObject({
    references: { table: 'users', column: 'id', on_delete: 'cascade' },
  })
})
