import { openSample, people, threePeople } from './sample'
import { axeFindings, expect, test } from './studio'
import { expectRecords, toast } from './table-editor.page'

test('a backup is proven, restored beside the project, and takes its place', async ({ studio: { page }, client }) => {
  const { projectId, databaseId } = await openSample(page, client, people, threePeople)
  const { database } = await client.databases.get({ databaseId })
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  const backups = page.getByRole('region', { name: 'Backups' })
  await expect(backups).toContainText('There are no backups yet.')
  await backups.getByRole('button', { name: 'Back up now' }).click()
  await expect(backups.getByText('Proven: 2 tables restored and counted')).toBeVisible({ timeout: 30_000 })

  // Somebody deletes everything.
  await client.records.deleteMany({ databaseId, tableName: 'people', filters: {} })
  await backups.getByRole('button', { name: 'Restore into a new project' }).click()
  await expect(toast(page, 'Restored into “Sample of')).toBeVisible({ timeout: 30_000 })
  await expect(page).not.toHaveURL(new RegExp(projectId))
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Tables' }).click()
  await page
    .getByRole('list', { name: 'Tables' })
    .getByRole('link', { name: /^people/ })
    .click()
  await expectRecords(page, 3)

  // Looked at, it becomes what the other was: its name and its address.
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await backups.getByRole('button', { name: 'Take its place' }).click()
  const question = page.getByRole('alertdialog')
  await expect(question).toContainText('Let this project take the place of “Sample”?')
  expect(await axeFindings(page)).toEqual([])
  await question.getByRole('button', { name: 'Take its place' }).click()
  await expect(toast(page, 'This is “Sample” now.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Project Sample, switch project' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'API', exact: true }).getByText(database.ref)).toBeVisible()
  await expect(backups.getByText('Proven: 2 tables restored and counted')).toBeVisible()
  await expect(backups.getByRole('button', { name: 'Take its place' })).toHaveCount(0)
  expect((await client.projects.list({ deleted: true })).projects).toMatchObject([{ id: projectId, name: 'Sample' }])

  // A backup that is deleted is asked about first.
  await backups.getByRole('button', { name: 'Delete' }).click()
  await question.getByRole('button', { name: 'Delete backup' }).click()
  await expect(backups).toContainText('There are no backups yet.')
})

test('a table goes back to a moment, counted first, and forth again', async ({ studio: { page }, client }) => {
  const { databaseId, records } = await openSample(page, client, people, threePeople)
  const [ada, grace] = records
  // The field says whole seconds: one that began after the records were there, and has ended.
  const moment = Math.ceil(Date.now() / 1000) * 1000 + 1000
  await expect.poll(() => Date.now()).toBeGreaterThan(moment + 1000)
  const query = { table: 'people' }
  await client.records.delete({ params: { databaseId, recordId: ada?._id ?? '' }, query })
  await client.records.update({
    params: { databaseId, recordId: grace?._id ?? '' },
    query,
    body: { record: { age: 1 } },
  })
  await client.records.create({ databaseId, tableName: 'people', record: { name: 'Newcomer' } })
  const ages = async () =>
    (
      await client.records.query({ databaseId, tableName: 'people', sort: [{ column: 'name', direction: 'asc' }] })
    ).records.map(({ name, age }) => `${String(name)} ${String(age)}`)
  const now = await ages()

  await page.getByRole('button', { name: 'Actions for people' }).click()
  await page.getByRole('menuitem', { name: 'Restore to a moment' }).click()
  const dialog = page.getByRole('dialog', { name: 'Restore people to a moment' })
  const time = dialog.getByLabel('Day and time')
  await time.fill(await localText(Date.now() - 400 * 24 * 60 * 60 * 1000))
  await expect(dialog.getByRole('alert')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Restore', exact: true })).toBeDisabled()
  await time.fill(await localText(moment))
  const counts = dialog.getByRole('status', { name: 'What would change' })
  await expect(counts).toContainText('Come back1deleted since')
  await expect(counts).toContainText('Change1edited since')
  await expect(counts).toContainText('Go1created since')
  expect(await axeFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Restore 3 records' }).click()
  await expect(toast(page, '3 records of people restored.')).toBeVisible()
  expect(await ages()).toEqual(['Ada 36', 'Edsger 72', 'Grace 85'])
  await expect(page.getByRole('grid', { name: 'Records of people' })).toContainText('Ada')
  await toast(page, '3 records of people restored.').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(ages).toEqual(now)

  /** As the field has it, by the clock of the browser. */
  function localText(at: number): Promise<string> {
    return page.evaluate(
      (ms) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19),
      at,
    )
  }
})
