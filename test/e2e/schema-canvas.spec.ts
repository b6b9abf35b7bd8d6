import { apply, drag, drawFrom, middleOf, openCanvas, rowOf, schemaOf, tableOf } from './schema-canvas.page'
import { expect, test } from './studio'

test('relations are drawn, refused with a reason before the drop, and make a join table for many to many', async ({
  studio: { page },
  client,
}) => {
  const { databaseId } = await openCanvas(page, client)

  await drawFrom(page, rowOf(page, 'orders', 'status'), rowOf(page, 'products', 'id'))
  await expect(page.getByText('text cannot hold values of type uuid')).toBeVisible()
  await page.mouse.up()
  await expect(page.getByRole('dialog')).toBeHidden()

  // From a key to a table's name: that table gets a column for it.
  await drawFrom(page, rowOf(page, 'products', 'id'), tableOf(page, 'orders').locator('[data-spot="orders"]'))
  await page.mouse.up()
  const question = page.getByRole('dialog', { name: 'New relation' })
  await question.getByRole('combobox').click()
  await page.getByRole('option', { name: /Delete too/ }).click()
  await question.getByRole('button', { name: 'Connect' }).click()
  await expect(rowOf(page, 'orders', 'product_id')).toBeVisible()
  await expect(page.getByLabel('orders.product_id refers to products.id')).toBeAttached()

  await drawFrom(page, rowOf(page, 'products', 'id'), tableOf(page, 'users').locator('[data-spot="users"]'))
  await page.mouse.up()
  await question.getByText('Many to many').click()
  await question.getByRole('button', { name: 'Add join table' }).click()
  await expect(tableOf(page, 'users_products')).toBeVisible()

  await apply(page)
  const schema = await schemaOf(client, databaseId)
  expect(schema.find(({ name }) => name === 'orders')?.columns.find(({ name }) => name === 'product_id')).toMatchObject(
    {
      type: 'uuid',
      references: { table: 'products', column: 'id', on_delete: 'cascade' },
    },
  )
  expect(schema.find(({ name }) => name === 'users_products')?.columns).toMatchObject([
    { name: 'user_id', primary_key: true, references: { table: 'users' } },
    { name: 'product_id', primary_key: true, references: { table: 'products' } },
  ])
})

test('everything is undone and done again, a drag is one step, and the draft outlives a reload', async ({
  studio: { page },
  client,
}) => {
  const { projectId } = await openCanvas(page, client)
  const orders = tableOf(page, 'orders')
  const undo = page.getByRole('button', { name: 'Undo' })
  const at = async () => (await orders.boundingBox())?.x ?? 0
  const before = await at()

  const header = orders.locator('[data-spot="orders"]')
  const { x, y } = await middleOf(header)
  await drag(page, header, { x: x + 120, y: y + 60 })
  await page.mouse.up()
  await expect.poll(at).toBeGreaterThan(before + 80)
  const moved = await at()
  await undo.click()
  await expect.poll(at).toBeLessThan(before + 4)
  await expect(undo).toBeDisabled()
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(at).toBeGreaterThan(moved - 4)

  await orders.locator('[data-spot="orders"]').click()
  await page.keyboard.press('Delete')
  await expect(orders).toBeHidden()
  await page.keyboard.press('Control+z')
  await expect(orders).toBeVisible()
  await page.keyboard.press('Control+Shift+z')
  await expect(orders).toBeHidden()

  await page.reload()
  await expect(tableOf(page, 'users')).toBeVisible()
  await expect(orders).toBeHidden()
  await expect(page.getByText('1 change', { exact: true })).toBeVisible()
  await undo.click()
  await expect(orders).toBeVisible()
  await expect.poll(at).toBeGreaterThan(moved - 4)

  // What was moved stays moved, for everybody, without Apply.
  await expect
    .poll(async () => {
      const project = (await client.projects.list()).projects.find(({ id }) => id === projectId)
      const { layout } = await client.schema.layout({ databaseId: project?.database_id ?? '' })
      return Object.keys(layout.tables)
    })
    .toContain('orders')
})

test('tables are arranged around what is pinned, found, and seen with their neighbours', async ({
  studio: { page },
  client,
}) => {
  await openCanvas(page, client)
  const users = tableOf(page, 'users')
  await users.locator('[data-spot="users"]').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Pin in place' }).click()
  await expect(users.getByLabel('Pinned')).toBeVisible()
  await page.getByRole('button', { name: 'Arrange' }).click()
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled()
  await expect(page.getByRole('button', { name: 'Arrange' })).toBeEnabled({ timeout: 60_000 })

  await page.keyboard.press('/')
  await page.getByPlaceholder('Find a table or column').last().fill('orders')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Focus' })).toContainText('orders')
  await expect(tableOf(page, 'orders')).toHaveCSS('opacity', '1')
  await expect(tableOf(page, 'products')).toHaveCSS('opacity', '0.2')
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(tableOf(page, 'products')).toHaveCSS('opacity', '1')

  // From far away only names are drawn.
  for (let turn = 0; turn < 8; turn += 1) await page.getByRole('button', { name: 'Zoom out' }).click()
  await expect(rowOf(page, 'orders', 'status')).toBeHidden()
  await expect(tableOf(page, 'orders')).toContainText('orders')
})
