import { apply, drag, drawFrom, openCanvas, rowOf, schemaOf, tableOf, typeName } from './schema-canvas.page'
import { expect, test } from './studio'

test('in the window: a table is dragged in, a relation drawn, both applied, and there after a reload', async ({
  studio: { page },
  client,
}) => {
  const { databaseId } = await openCanvas(page, client)
  const box = await page.getByRole('region', { name: 'Canvas' }).boundingBox()
  if (!box) throw new Error('The canvas is not there')
  const palette = page.getByRole('region', { name: 'Palette' })
  await drag(page, palette.getByRole('button', { name: 'Table' }), { x: box.x + box.width - 200, y: box.y + 480 })
  await page.mouse.up()
  await typeName(page, 'parcels')
  await drawFrom(page, rowOf(page, 'products', 'id'), tableOf(page, 'parcels').locator('[data-spot="parcels"]'))
  await page.mouse.up()
  await page.getByRole('dialog', { name: 'New relation' }).getByRole('button', { name: 'Connect' }).click()
  await expect(rowOf(page, 'parcels', 'product_id')).toBeVisible()
  await apply(page)
  const parcels = (await schemaOf(client, databaseId)).find(({ name }) => name === 'parcels')
  expect(parcels?.columns.find(({ name }) => name === 'product_id')).toMatchObject({
    references: { table: 'products', column: 'id' },
  })

  await page.reload()
  await expect(tableOf(page, 'parcels')).toHaveAttribute('data-mark', 'same')
  await expect(rowOf(page, 'parcels', 'product_id')).toBeVisible()
})
