import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import { cell, expectRecords, saveChanges } from './table-editor.page'

// The browser itself writes a line for each try to reach a server that is gone.
test.use({ expectedNoise: /^error: (WebSocket connection to .* failed|Failed to load resource: net::ERR_)/ })

test('kill -9 of the server: the page says so, finds it again, and nothing accepted is lost', async ({
  studio,
  client,
}) => {
  const { page } = studio
  await openSample(page, client, people, threePeople)
  await (await cell(page, 0, 'age')).click()
  await page.keyboard.type('37')
  await page.keyboard.press('Enter')
  await expect(await cell(page, 0, 'age')).toHaveText('37')
  await saveChanges(page)

  await studio.kill()
  const banner = page.getByText('The connection to the studio is lost.')
  await expect(banner).toBeVisible()
  await expect(await cell(page, 0, 'age')).toHaveText('37')

  await studio.revive()
  await expect(banner).toBeHidden()
  await expect(page.getByText('Connected', { exact: true })).toBeVisible()
  await (await cell(page, 1, 'note')).click()
  await page.keyboard.type('after')
  await page.keyboard.press('Enter')
  await expect(await cell(page, 1, 'note')).toHaveText('after')
  await saveChanges(page)

  await page.reload()
  await expectRecords(page, 3)
  await expect(await cell(page, 0, 'age')).toHaveText('37')
  await expect(await cell(page, 1, 'note')).toHaveText('after')
})
