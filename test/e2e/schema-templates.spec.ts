import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { makeProject } from './sample'
import { apply, openCanvas, rowOf, schemaOf, showCanvas, tableOf } from './schema-canvas.page'
import { axeFindings, expect, test } from './studio'

test('an empty canvas leads to a template, which is a draft until it is applied with its samples', async ({
  studio: { page },
  client,
}) => {
  const { projectId, databaseId } = await makeProject(client)
  await showCanvas(page, projectId)
  const begin = page.getByRole('region', { name: 'Ways to begin' })
  await expect(begin.getByRole('button')).toHaveCount(5)
  expect(await axeFindings(page)).toEqual([])
  await begin.getByRole('button', { name: 'Start from a template' }).click()

  const gallery = page.getByRole('dialog', { name: 'Start from a template' })
  await expect(gallery.getByRole('radio')).toHaveCount(14)
  expect(await axeFindings(page)).toEqual([])
  await gallery.getByLabel('Find a template').fill('spaceships')
  await expect(gallery.getByRole('radio')).toHaveCount(0)
  await gallery.getByLabel('Find a template').fill('order_lines')
  await expect(gallery.getByRole('radio')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(gallery.getByRole('radio', { name: /Online shop/ })).toBeChecked()
  await gallery.getByRole('button', { name: 'Add 5 tables' }).click()

  await expect(tableOf(page, 'order_lines')).toBeVisible()
  await expect(begin).toBeHidden()
  expect((await schemaOf(client, databaseId)).map(({ name }) => name)).toEqual(['users'])
  await page.getByRole('button', { name: 'Review and apply' }).click()
  await expect(page.getByRole('checkbox', { name: 'Add 23 sample records of the template' })).toBeChecked()
  await page.getByRole('button', { name: /^Apply / }).click()
  await expect(page.getByText(/with 23 sample records/)).toBeVisible()
  const { records } = await client.records.query({ databaseId, tableName: 'order_lines', limit: 10 })
  expect(records.length).toBeGreaterThan(2)
})

test('a new project begins with a template', async ({ studio: { page }, client }) => {
  await page.getByRole('button', { name: 'New project' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New project' })
  await dialog.getByLabel('Template').click()
  await page.getByRole('option', { name: 'Booking' }).click()
  await dialog.getByRole('button', { name: 'Create project' }).click()
  await expect(tableOf(page, 'stays')).toBeVisible()
  const [project] = (await client.projects.list()).projects
  const { records } = await client.records.query({
    databaseId: project?.database_id ?? '',
    tableName: 'rooms',
    limit: 10,
  })
  expect(records.length).toBeGreaterThan(1)
})

test('the draft is written and read as DBML, imported and exported', async ({ studio: { page }, client }) => {
  const { databaseId } = await openCanvas(page, client)
  await page.getByRole('toolbar').getByRole('button', { name: 'Text', exact: true }).click()
  await page.getByRole('radio', { name: 'DBML' }).click()
  const editor = page.getByRole('textbox', { name: 'The schema as DBML' })
  await expect(page.locator('.view-lines')).toContainText('Table users')
  await editor.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.insertText('\nTable suppliers {\n  id uuid [pk]\n  name text [not null]\n}\n')
  await expect(tableOf(page, 'suppliers')).toBeVisible()
  await page.keyboard.insertText('Ref: suppliers.nothing > users.id')
  await expect(page.getByText('The canvas stays as it was.')).toBeVisible()
  await expect(page.getByRole('button', { name: /has no column "nothing"/ })).toBeVisible()
  await expect(tableOf(page, 'suppliers')).toBeVisible()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(tableOf(page, 'suppliers')).toBeHidden()
  await expect(page.getByText('The canvas shows what is written here.')).toBeVisible()
  await page.getByRole('button', { name: 'Close Text' }).click()

  await openFileMenu(page, 'Import SQL or DBML')
  const dialog = page.getByRole('dialog', { name: 'Import tables' })
  await dialog
    .getByLabel('SQL or DBML', { exact: true })
    .fill('Table orders { id int [pk] }\nTable parcels {\n  id int [pk]\n  order_id int [ref: > orders.id]\n}')
  await expect(dialog.getByText(/DBML: 2 tables/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Add 2 tables' }).click()
  await expect(tableOf(page, 'orders_2')).toBeVisible()
  await expect(rowOf(page, 'parcels', 'order_id')).toBeVisible()
  await apply(page)
  const parcels = (await schemaOf(client, databaseId)).find(({ name }) => name === 'parcels')
  expect(parcels?.columns[1]).toMatchObject({ references: { table: 'orders_2', column: 'id' } })

  expect(await saved(page, 'Save as DBML')).toMatch(/Table parcels \{[\s\S]*Ref: parcels.order_id > orders_2.id/)
  expect(await saved(page, 'Save as Markdown')).toMatch(/# Sample[\s\S]*## parcels/)
  expect(await saved(page, 'Save as SQL')).toContain('create table parcels')
  expect(await saved(page, 'Save as SVG')).toContain('parcels')
  expect((await saved(page, 'Save as PNG')).slice(1, 4)).toBe('PNG')
})

async function openFileMenu(page: Page, item: string): Promise<void> {
  await expect(page.getByRole('menu')).toHaveCount(0)
  await page.getByRole('button', { name: 'Import and export' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function saved(page: Page, item: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), openFileMenu(page, item)])
  return readFile(await file.path(), 'latin1')
}
