import type { ElectronApplication } from '@playwright/test'
import { expect, newProject, test } from './studio'
import { cell, changesBar, createTable, expectRecords, saveChanges, toast } from './table-editor.page'

// Long ways, for a machine that does other things as well.
test.setTimeout(240_000)

test('in the window: cells, ranges and the clipboard of the system, staged, reviewed, saved, and there after a restart', async ({
  studio,
}) => {
  const clipboard = systemClipboard(studio.app)
  let { page } = studio
  await newProject(page)
  await createTable(page, 'stock', [
    { name: 'item', type: 'text' },
    { name: 'amount', type: 'integer' },
  ])
  await page.getByRole('button', { name: 'New record' }).first().click()
  await expectRecords(page, 1)

  // From a spreadsheet: rows are added past the end.
  await clipboard.write('Bolt\t12\nNut\t40\nWasher\t7\n')
  await (await cell(page, 0, 'item')).click()
  await page.keyboard.press('Control+v')
  await expectRecords(page, 3)
  await expect(await cell(page, 2, 'amount')).toHaveText('7')
  await saveChanges(page)

  await (await cell(page, 0, 'item')).click()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Control+c')
  await expect.poll(clipboard.read).toBe('Bolt\t12\nNut\t40')

  await (await cell(page, 2, 'amount')).click()
  await page.keyboard.type('8')
  await page.keyboard.press('Control+s')
  await expect(toast(page, '1 change saved.')).toBeVisible()
  await expect(await cell(page, 2, 'amount')).toHaveText('8')
  await page.keyboard.press('Control+z')
  await expect(await cell(page, 2, 'amount')).toHaveText('7')

  await (await cell(page, 0, 'amount')).click()
  await page.keyboard.type('13')
  await page.keyboard.press('Enter')
  await page.keyboard.type('41')
  await page.keyboard.press('Tab')
  await expect(changesBar(page)).toContainText('2 changes')

  await studio.restart()
  page = studio.page
  await expect(page.getByRole('grid', { name: 'Records of stock' })).toBeVisible()
  await expect(changesBar(page)).toContainText('2 changes')
  await expect(await cell(page, 1, 'amount')).toHaveText('41')
  await page.keyboard.press('Control+.')
  const review = page.getByRole('dialog', { name: 'Review changes' })
  await expect(review).toContainText('Bolt')
  await review.getByRole('radio', { name: 'SQL' }).click()
  await expect(review).toContainText(/update stock/i)
  await review.getByRole('button', { name: 'Save 2 changes' }).click()
  await expect(changesBar(page)).toBeHidden()

  await studio.restart()
  page = studio.page
  await expect(await cell(page, 0, 'amount')).toHaveText('13')
  await expect(await cell(page, 1, 'amount')).toHaveText('41')
  await expect(changesBar(page)).toBeHidden()
})

/** As other programs fill and read it. */
function systemClipboard(app: ElectronApplication | null) {
  if (!app) throw new Error('This is a test of the desktop')
  return {
    read: () => app.evaluate(({ clipboard }) => clipboard.readText()),
    write: (text: string) => app.evaluate(({ clipboard }, value) => clipboard.writeText(value), text),
  }
}
