import { apply, drag, middleOf, openCanvas, rowOf, schemaOf, tableOf, typeName } from './schema-canvas.page'
import { expect, test } from './studio'

test('tables and columns are dragged from the palette, edited in place, applied, compared and gone back from', async ({
  studio: { page },
  client,
}) => {
  const { databaseId } = await openCanvas(page, client)
  const palette = page.getByRole('region', { name: 'Palette' })
  const canvas = page.getByRole('region', { name: 'Canvas' })
  const corner = async () => {
    const box = await canvas.boundingBox()
    if (!box) throw new Error('The canvas is not there')
    return { x: box.x + box.width - 200, y: box.y + 60 }
  }

  await drag(page, palette.getByRole('button', { name: 'Table' }), await corner())
  await page.mouse.up()
  await typeName(page, 'Invoices')
  const invoices = tableOf(page, 'invoices')
  await expect(invoices).toHaveAttribute('data-mark', 'new')

  // Between two columns of a table, and then its name is typed.
  await drag(page, palette.getByRole('button', { name: 'Number' }), await middleOf(rowOf(page, 'products', 'title')))
  await page.mouse.up()
  await typeName(page, 'stock')
  await drag(page, palette.getByRole('button', { name: 'Text' }), await middleOf(invoices.locator('ul')))
  await page.mouse.up()
  await typeName(page, 'reference')

  // In place: its name, its type, required, unique, a default and a comment.
  await rowOf(page, 'products', 'stock').dblclick({ position: { x: 60, y: 12 } })
  await typeName(page, 'in_stock')
  await rowOf(page, 'products', 'in_stock').locator('[data-type]').click()
  const details = page.getByRole('dialog', { name: 'Column in_stock of products' })
  await details.getByRole('textbox', { name: 'Default' }).fill('1')
  await details.getByRole('checkbox', { name: 'Required' }).click()
  await details.getByLabel('Comment').fill('How many there are')
  await page.keyboard.press('Escape')
  await expect(details).toBeHidden()

  await apply(page)
  const schema = await schemaOf(client, databaseId)
  const products = schema.find(({ name }) => name === 'products')
  expect(products?.columns.find(({ name }) => name === 'in_stock')).toMatchObject({
    type: 'integer',
    required: true,
    default: '1',
    comment: 'How many there are',
  })
  expect(schema.find(({ name }) => name === 'invoices')?.columns.map(({ name }) => name)).toContain('reference')
  await expect(invoices).toHaveAttribute('data-mark', 'same')

  await page.getByRole('toolbar').getByRole('button', { name: 'Versions' }).click()
  const versions = page.getByRole('list', { name: 'Versions' })
  await expect(versions.getByRole('listitem').first()).toBeVisible()
  const number = await versions.getByRole('listitem').count()
  await versions.getByRole('button', { name: `Actions for version ${number}` }).click()
  await page.getByRole('menuitem', { name: 'Show what it changed' }).click()
  const comparison = page.getByRole('region', { name: 'Comparison' })
  await expect(comparison).toBeVisible()
  await expect(invoices).toHaveAttribute('data-mark', 'new')
  await expect(rowOf(page, 'products', 'in_stock')).toHaveAttribute('data-mark', 'new')
  await comparison.getByRole('button', { name: 'SQL' }).click()
  await expect(page.getByRole('dialog')).toContainText('create table invoices')
  await expect(page.getByRole('dialog')).toContainText('drop table invoices')
  await page.keyboard.press('Escape')
  await comparison.getByRole('button', { name: 'Back to the draft' }).click()

  await versions.getByRole('button', { name: `Actions for version ${number - 1}` }).click()
  await page.getByRole('menuitem', { name: 'Go back to it' }).click()
  await expect(invoices).toBeHidden()
  await apply(page)
  expect((await schemaOf(client, databaseId)).map(({ name }) => name)).not.toContain('invoices')
  await expect(versions.getByRole('listitem')).toHaveCount(number + 1)
})

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
