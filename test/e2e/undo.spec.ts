import { makeProject, makeTable, openSample, people, threePeople } from './sample'
import { expect, test } from './studio'
import { expectRecords, toast } from './table-editor.page'

test('an entry of the activity is undone, and the undoing too', async ({ studio: { page }, client }) => {
  const { projectId, databaseId } = await makeProject(client)
  const { records } = await makeTable(client, databaseId, people, threePeople)
  const filters = { column: 'age', op: 'gt', value: 40 } as const
  await client.records.deleteMany({ databaseId, tableName: 'people', filters })
  const left = async () => (await client.records.query({ databaseId, tableName: 'people' })).records.length
  expect(await left()).toBe(1)

  await page.goto(new URL(`/projects/${projectId}/overview`, page.url()).href)
  const activity = page.locator('#activity')
  const undo = activity.getByRole('button', { name: 'Undo: Deleted 2 records of people.' })
  await undo.click()
  const question = page.getByRole('alertdialog', { name: 'Undo this?' })
  await expect(question).toContainText('Deleted 2 records of people.')
  await page.keyboard.press('Escape')
  await expect(undo).toBeFocused()
  expect(await left()).toBe(1)
  await undo.click()
  await question.getByRole('button', { name: 'Undo' }).click()
  await expect(toast(page, 'Undone: Deleted 2 records of people.')).toBeVisible()
  expect(await left()).toBe(3)
  // It is taken back once only; the undoing is an entry of its own.
  await expect(undo).toBeHidden()
  await expect(activity.getByRole('listitem').first()).toContainText('Undone: Deleted 2 records of people')

  await toast(page, 'Undone: Deleted').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(left).toBe(1)
  expect((await client.records.query({ databaseId, tableName: 'people' })).records).toMatchObject([
    { _id: records[0]?._id },
  ])
  // The making of a table is no change of records.
  await expect(activity.getByRole('button', { name: /^Undo: Created table/ })).toHaveCount(0)
})

test('an undo that meets later changes names them, and takes back the rest', async ({ studio: { page }, client }) => {
  const { projectId, databaseId } = await makeProject(client)
  const { records } = await makeTable(client, databaseId, people, threePeople)
  const changed = records[1]?._id ?? ''
  await client.records.update({
    params: { databaseId, recordId: changed },
    query: { table: 'people' },
    body: { record: { note: 'kept' } },
  })
  await page.goto(new URL(`/projects/${projectId}/overview`, page.url()).href)
  await page.getByRole('button', { name: 'Undo: Created 3 records in people.' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Undo' }).click()
  const clash = page.getByRole('alertdialog', { name: 'Some of it was changed since' })
  await expect(clash.getByRole('list', { name: 'Records that changed since' }).getByRole('listitem')).toHaveText([
    `people ${changed}`,
  ])
  await expect(clash.getByRole('alert')).toContainText('1 record was changed since')
  await clash.getByRole('button', { name: 'Undo the rest' }).click()
  await expect(clash).toBeHidden()
  expect((await client.records.query({ databaseId, tableName: 'people' })).records).toMatchObject([
    { _id: changed, note: 'kept' },
  ])
})

test('what was deleted in bulk in the grid comes back', async ({ studio: { page }, client }) => {
  const { databaseId, tableName } = await openSample(page, client, people, threePeople)
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+Shift+A')
  await page.getByRole('button', { name: 'Delete 3 records' }).click()
  const question = page.getByRole('alertdialog', { name: 'Delete 3 records?' })
  await question.getByRole('button', { name: 'Delete 3 records' }).click()
  await expect(page.getByText('No records yet')).toBeVisible()
  await toast(page, '3 records deleted.').getByRole('button', { name: 'Undo' }).click()
  await expectRecords(page, 3)
  expect((await client.records.query({ databaseId, tableName })).records).toMatchObject([
    { name: 'Ada', age: 36, note: '' },
    { name: 'Grace', active: true },
    { name: 'Edsger', note: 'goto' },
  ])
})

test('older activity is read when somebody asks for it', async ({ studio: { page }, client }) => {
  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people)
  for (let age = 0; age < 60; age++)
    await client.records.create({ databaseId, tableName: 'people', record: { name: `Person ${age}`, age } })
  await page.goto(new URL(`/projects/${projectId}/overview`, page.url()).href)
  const activity = page.locator('#activity')
  await expect(activity.getByRole('listitem')).toHaveCount(20)
  const more = activity.getByRole('button', { name: 'Show older activity' })
  await more.click()
  await expect(activity.getByRole('listitem')).toHaveCount(50)
  await more.click()
  await expect(activity.getByRole('listitem').last()).toContainText('Created the project')
  await expect(more).toBeHidden()
})

test('how long changes are kept is a setting, and forgetting asks first', async ({ studio: { page }, client }) => {
  const { projectId, databaseId } = await makeProject(client)
  await page.goto(new URL(`/projects/${projectId}/settings`, page.url()).href)
  const kept = page.getByRole('combobox', { name: 'Keep changes for' })
  const choose = async (words: string) => {
    await kept.click()
    await page.getByRole('option', { name: words, exact: true }).click()
  }
  const days = async () => (await client.changes.retention({ databaseId })).days
  await choose('1 year')
  await expect(toast(page, 'Changes are kept for 1 year.')).toBeVisible()
  expect(await days()).toBe(365)

  await choose('7 days')
  const question = page.getByRole('alertdialog', { name: 'Keep changes for 7 days only?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()
  await expect(kept).toHaveText('1 year')
  expect(await days()).toBe(365)
  await choose('7 days')
  await question.getByRole('button', { name: 'Forget older changes' }).click()
  await expect(kept).toHaveText('7 days')
  expect(await days()).toBe(7)
})
