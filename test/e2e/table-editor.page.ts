import { expect, type Locator, type Page } from '@playwright/test'

/** The table editor as a person uses it: cells by the name of their column, keys and clicks. */

export interface NewColumn {
  readonly name: string
  readonly type: string
  readonly required?: boolean
}

export async function cell(page: Page, row: number, column: string): Promise<Locator> {
  const header = page.getByRole('columnheader').filter({ has: page.locator(`[title^="${column}:"]`) })
  const index = await header.getAttribute('data-header')
  return page.locator(`[role="row"][data-row="${row}"] [data-column="${index}"]`)
}

/** The records that the grid shows, without its header. */
export async function expectRecords(page: Page, count: number): Promise<void> {
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', String(count + 1))
}

export async function createTable(page: Page, name: string, columns: readonly NewColumn[]): Promise<void> {
  await page.getByRole('button', { name: 'New table' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'New table' })
  await dialog.getByLabel('Name', { exact: true }).fill(name)
  for (const [index, column] of columns.entries()) {
    const input = dialog.getByLabel('Column name').nth(index)
    if (index > 0)
      await dialog
        .getByLabel('Column name')
        .nth(index - 1)
        .press('Enter')
    await input.fill(column.name)
    if (column.type !== 'text') {
      await dialog.getByLabel(`Type of ${column.name}`).click()
      await page.keyboard.type(column.type)
      await page.getByRole('option', { name: column.type }).first().click()
    }
    if (column.required) await dialog.getByLabel(`${column.name} is required`).check()
  }
  await dialog.getByRole('button', { name: 'Create table' }).click()
  await expect(page.getByRole('grid', { name: `Records of ${name}` })).toBeVisible()
}

/** Writes a record in the grid's new row and saves it. */
export async function addRecord(page: Page, values: { readonly [column: string]: string }): Promise<void> {
  await page.getByRole('button', { name: 'New record' }).first().click()
  const row = Number(await page.locator('[role="row"]', { hasText: /^new/ }).last().getAttribute('data-row'))
  for (const [column, value] of Object.entries(values)) {
    await (await cell(page, row, column)).click()
    await page.keyboard.type(value)
    await page.keyboard.press('Tab')
  }
  await saveChanges(page)
}

/** The bar under the grid while something is staged. */
export function changesBar(page: Page): Locator {
  return page.getByRole('region', { name: 'Unsaved changes' })
}

/** Saves what is staged, and waits until nothing is. */
export async function saveChanges(page: Page): Promise<void> {
  await changesBar(page).getByRole('button', { name: 'Save' }).click()
  await expect(changesBar(page)).toBeHidden()
}

/** Has every edit saved when it is made, from the next page on. */
export async function saveAutomatically(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.setItem('tessera.saveAutomatically', 'true'))
}

/** Adds a chip: column, operator's sign or words, value. */
export async function addFilter(page: Page, column: string, operator: string, value: string): Promise<void> {
  await page.getByRole('button', { name: /^(Filter|Add a filter)$/ }).click()
  for (const text of [column, operator, value]) {
    await page.keyboard.type(text)
    await page.keyboard.press('Enter')
  }
}

/** The cell that keys go to. */
export async function expectActive(page: Page, row: number, column: string): Promise<void> {
  const id = await (await cell(page, row, column)).getAttribute('id')
  await expect(page.getByRole('grid')).toHaveAttribute('aria-activedescendant', String(id))
}

/** Chooses from the menu of a cell. */
export async function chooseFromMenu(target: Locator, item: string): Promise<void> {
  await target.click({ button: 'right' })
  await target.page().getByRole('menuitem', { name: item }).click()
}

export function toast(page: Page, text: string): Locator {
  return page
    .getByRole('region', { name: /Notification/ })
    .getByRole('listitem')
    .filter({ hasText: text })
}

/** Opens the dialog of all columns. */
export async function editColumns(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Columns/ }).click()
  await page.getByRole('dialog', { name: 'Columns', exact: true }).getByRole('button', { name: 'Edit columns' }).click()
}
