import { expect, type Locator, type Page } from '@playwright/test'

/** The SQL panel of a project, with its editor ready. */
export async function openSql(page: Page, projectId: string): Promise<void> {
  await page.goto(new URL(`/projects/${projectId}/sql`, page.url()).href)
  await editorReady(page)
}

/** The editor is a large library; on a busy machine it takes its time. */
export async function editorReady(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled({ timeout: 90_000 })
  await expect(page.getByRole('textbox', { name: 'SQL' })).toBeFocused()
}

/** Replaces the whole text, as pasting does: typing would meet completion and closing quotes. */
export async function writeSql(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'SQL' }).focus()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(text)
  await page.keyboard.press('Escape')
}

/** Writes and runs the whole text; resolves when nothing runs any more. */
export async function runSql(page: Page, text: string): Promise<void> {
  await writeSql(page, text)
  await page.keyboard.press('ControlOrMeta+Shift+Enter')
  await runEnded(page)
}

export async function runEnded(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
  await expect(page.getByRole('tablist', { name: 'Results of the run' })).toBeVisible()
}

export function resultTabs(page: Page): Locator {
  return page.getByRole('tablist', { name: 'Results of the run' }).getByRole('tab')
}

export function result(page: Page): Locator {
  return page.getByRole('grid', { name: 'Result' })
}

/** The text of a cell; rows and columns from 0. */
export function resultCell(page: Page, row: number, column: number): Locator {
  return result(page).locator(`[aria-rowindex="${row + 2}"] [aria-colindex="${column + 2}"]`)
}
