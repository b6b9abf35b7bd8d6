import type { Page } from '@playwright/test'
import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import { cell, changesBar, expectRecords, saveChanges, toast } from './table-editor.page'

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

test('Save takes what was typed just before, also while that is still being kept, and from within the cell', async ({
  studio: { page },
  client,
}) => {
  const { databaseId, tableName } = await openSample(page, client, people, threePeople)
  const ages = async () => (await client.records.query({ databaseId, tableName })).records.map(({ age }) => age)
  await (await cell(page, 0, 'age')).click()
  await holdStaged(page)
  await page.keyboard.type('37')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+s')
  await expect(changesBar(page)).toBeHidden()
  await page.evaluate(() => Reflect.set(window, 'released', true))
  await expect(toast(page, '1 change saved.')).toBeVisible()
  await expect.poll(ages).toEqual([37, 85, 72])

  await page.keyboard.type('86')
  await page.keyboard.press('Control+s')
  await expect.poll(ages).toEqual([37, 86, 72])
  await expect(await cell(page, 1, 'age')).toHaveText('86')
  await expect(changesBar(page)).toBeHidden()
})

/** Keeps the browser's database busy, as a slow disk does, until the page is `released`. */
async function holdStaged(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((held) => {
        const request = indexedDB.open('tessera.staged')
        request.onsuccess = () => {
          const edits = request.result.transaction(['edits', 'sends'], 'readwrite').objectStore('edits')
          const again = () => {
            if (Reflect.get(window, 'released') !== true) edits.count().onsuccess = again
            else request.result.close()
          }
          again()
          held()
        }
      }),
  )
}
