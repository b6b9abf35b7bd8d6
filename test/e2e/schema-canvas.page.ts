import { expect, type Locator, type Page } from '@playwright/test'
import type { TableSchemaInput } from '@shared/domain/table-schema'
import type { OpenClient } from './page-client'
import { makeProject, makeTable } from './sample'

type Client = OpenClient['client']

const key = { table: 'users', column: 'id' } as const

export const orders: TableSchemaInput = {
  name: 'orders',
  columns: [
    { name: 'customer', type: 'uuid', required: true, references: { ...key, on_delete: 'cascade' } },
    { name: 'status', type: 'text', default: 'open' },
    { name: 'total', type: 'numeric(10,2)' },
  ],
}
export const products: TableSchemaInput = {
  name: 'products',
  columns: [
    { name: 'title', type: 'text', required: true },
    { name: 'price', type: 'numeric(10,2)' },
  ],
}

/** A project with `users` and these tables, open on its canvas. */
export async function openCanvas(page: Page, client: Client, tables: readonly TableSchemaInput[] = [orders, products]) {
  const project = await makeProject(client)
  for (const table of tables) await makeTable(client, project.databaseId, table, [])
  await showCanvas(page, project.projectId)
  return project
}

export async function showCanvas(page: Page, projectId: string): Promise<void> {
  await page.goto(new URL(`/projects/${projectId}/schema`, page.url()).href)
  await expect(page.getByRole('region', { name: 'Canvas' })).toBeVisible()
  await expect(tableOf(page, 'users')).toBeVisible()
}

export function tableOf(page: Page, name: string): Locator {
  return page.locator(`[data-canvas] [data-table="${name}"]`)
}

export function rowOf(page: Page, table: string, column: string): Locator {
  return tableOf(page, table).locator(`[data-column="${column}"]`)
}

/** With the real mouse, in steps as a hand makes them. */
export async function drag(page: Page, from: Locator, to: { readonly x: number; readonly y: number }): Promise<void> {
  const start = await middleOf(from)
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(start.x + 8, start.y + 8, { steps: 3 })
  await page.mouse.move(to.x, to.y, { steps: 8 })
}

export async function middleOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await target.boundingBox()
  if (!box) throw new Error('It is not on the screen')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** From the port at the right end of a row. */
export async function drawFrom(page: Page, row: Locator, to: Locator): Promise<void> {
  await row.hover()
  await drag(page, row.locator('[data-port]').last(), await middleOf(to))
}

export async function schemaOf(client: Client, databaseId: string) {
  const { tables } = await client.tables.list({ databaseId })
  return tables.map(({ schema_json }) => schema_json)
}

export async function apply(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review and apply' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Apply / })
    .click()
  await expect(page.getByRole('dialog')).toBeHidden()
}

export async function typeName(page: Page, name: string): Promise<void> {
  const field = page.locator('[data-canvas]').getByRole('textbox')
  await expect(field).toBeFocused()
  await field.fill(name)
  await field.press('Enter')
  await expect(field).toBeHidden()
}
