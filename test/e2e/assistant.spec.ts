import { type MistralServer, startMistralServer } from '../helpers/mistral-server'
import { filesHolding } from './files-holding'
import { makeProject, makeTable, openTable, people, threePeople } from './sample'
import { editorReady, openSql, result, runSql } from './sql-panel.page'
import { axeFindings, expect, newProject, test } from './studio'

let server: MistralServer
test.beforeAll(async () => {
  server = await startMistralServer()
})
test.beforeEach(() => server.reset())
test.afterAll(() => server.close())

const key = 'sk-of-the-window-2718'
/** An answer is read, checked and planned by Postgres, twice when it has faults: on a busy machine that takes a while. */
const patient = { timeout: 60_000 }
test.describe.configure({ timeout: 240_000 })
const shop = {
  reply: 'A shop with customers and their orders.',
  tables: [
    {
      name: 'orders',
      columns: [
        {
          name: 'customer_id',
          type: 'uuid',
          required: true,
          references: { table: 'customers', column: 'id', on_delete: 'cascade' },
        },
        { name: 'total', type: 'decimal(12,2)', required: true },
        { name: 'placedAt', type: 'datetime' },
      ],
    },
    {
      name: 'customers',
      columns: [
        { name: 'name', type: 'varchar(200)', required: true },
        { name: 'street', type: 'string' },
        { name: 'city', type: 'string' },
      ],
    },
  ],
  samples: [
    { table: 'customers', columns: ['name'], rows: [['Ada'], ['Grace']] },
    {
      table: 'orders',
      columns: ['customer_id', 'total'],
      rows: [
        [1, '12.50'],
        [2, '99.00'],
        [1, '7.25'],
      ],
    },
  ],
}
const split = {
  reply: 'Addresses are a table of their own now.',
  tables: [{ name: 'addresses', columns: [{ name: 'street', type: 'text' }] }],
  edits: [
    {
      type: 'addColumn',
      table: 'customers',
      column: { name: 'address_id', type: 'uuid', references: { table: 'addresses', column: 'id' } },
    },
    { type: 'dropColumn', table: 'customers', column: 'street' },
    { type: 'dropColumn', table: 'customers', column: 'city' },
  ],
}

test('without a key every AI control says what it would need; settings take one, and AI can be switched off', async ({
  studio: { page },
}) => {
  await page.getByRole('button', { name: 'New project' }).first().click()
  await expect(page.getByRole('dialog')).toContainText('AI needs a key of Mistral, and none is set.')
  await page.keyboard.press('Escape')
  await newProject(page)
  await page.getByRole('link', { name: 'SQL', exact: true }).click()
  await editorReady(page)
  await expect(page.getByText('AI needs a key of Mistral')).toHaveCount(0)
  await page.getByRole('button', { name: 'Ask in words' }).click()
  await expect(page.getByText('AI needs a key of Mistral')).toBeVisible()
  await page.keyboard.press('Escape')
  await runSql(page, 'select nam from users')
  await page.getByRole('button', { name: 'Fix this error' }).click()
  await expect(page.getByText('AI needs a key of Mistral')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.goBack()
  await page.getByRole('button', { name: 'Filter in words' }).click()
  await expect(page.getByText('AI needs a key of Mistral')).toBeVisible()
  await page.getByRole('link', { name: 'Open AI settings' }).click()
  const settings = page.getByRole('region', { name: 'AI', exact: true })
  await expect(settings).toContainText('AI needs a key of Mistral')

  server.accept(key)
  await settings.getByLabel('Address', { exact: true }).fill(server.url)
  await settings.getByRole('button', { name: 'Save address' }).click()
  await settings.getByLabel('Key', { exact: true }).fill('sk-wrong')
  await settings.getByRole('button', { name: 'Save and test' }).click()
  await expect(settings.getByRole('status')).toContainText('does not accept the key', patient)
  await settings.getByLabel('Key', { exact: true }).fill(key)
  await settings.getByRole('button', { name: 'Save and test' }).click()
  await expect(settings.getByRole('status')).toContainText('It works: codestral-latest answers', patient)
  expect(await page.content()).not.toContain(key)
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(key)
  expect(await axeFindings(page)).toEqual([])

  await settings.getByRole('switch', { name: 'Use AI' }).click()
  await expect(settings.getByLabel('Key', { exact: true })).toHaveCount(0)
  await page.goBack()
  await expect(page.getByRole('button', { name: 'Filter', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Filter in words' })).toHaveCount(0)
})

test('a description becomes a draft, is refined in words and by hand, applied, and asked about', async ({
  studio: { page },
  client,
}) => {
  await client.assistant.saveSettings({ key, serverUrl: server.url })
  server.next({ say: shop, usage: { in: 900, out: 300 } })
  await page.reload()
  await page.getByRole('button', { name: 'New project' }).first().click()
  await page.getByRole('dialog').getByLabel('Describe your database').fill('A shop')
  await page.getByRole('button', { name: 'Create project' }).click()

  const panel = page.getByRole('complementary', { name: 'Describe' })
  await expect(panel).toContainText('A shop with customers and their orders.', patient)
  await expect(panel).toContainText('1,200 tokens')
  const changes = page.getByRole('region', { name: 'Proposed changes' })
  await expect(changes.getByRole('listitem')).toHaveCount(2)
  const [project] = (await client.projects.list({})).projects
  const databaseId = project?.database_id ?? ''
  const names = async () => (await client.tables.list({ databaseId })).tables.map(({ table_name }) => table_name).sort()
  expect(await names()).toEqual(['users'])
  await changes.getByRole('button', { name: 'Accept all' }).click()

  await panel.getByRole('button', { name: 'What was sent' }).click()
  const sent = page.getByRole('dialog', { name: 'What was sent' })
  await expect(sent).toContainText('"codestral-latest"')
  await expect(sent).not.toContainText(key)
  await page.keyboard.press('Escape')
  await expect(sent).toHaveCount(0)

  // One of the changes is refused, the others are taken.
  server.next({ say: split })
  await panel.getByPlaceholder('Say what to change').fill('Split address into its own table')
  await page.keyboard.press('Enter')
  await expect(panel).toContainText('Addresses are a table of their own now.', patient)
  await expect(changes.getByRole('listitem')).toHaveCount(4)
  await changes.getByRole('button', { name: /^Refuse: .*city/ }).click()
  await changes.getByRole('button', { name: 'Accept all' }).click()
  await expect(changes).toHaveCount(0)
  expect(await names()).toEqual(['users'])

  // An answer that is of no use changes nothing, and says why.
  server.otherwise({ say: 'I would rather not.' })
  await panel.getByPlaceholder('Say what to change').fill('More')
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('alert')).toContainText('holds no JSON', patient)
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Review and apply' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Apply/ })
    .click()
  await expect.poll(names).toEqual(['addresses', 'customers', 'orders', 'users'])
  await panel.getByRole('button', { name: 'Add sample records' }).click()
  await expect
    .poll(async () => (await client.records.query({ databaseId, tableName: 'orders' })).records.length)
    .toBe(3)
  const [customers] = (await client.tables.list({ databaseId })).tables.filter(
    ({ table_name }) => table_name === 'customers',
  )
  expect(customers?.schema_json.columns.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['name', 'city', 'address_id']),
  )

  // A rename is a rename: the records keep what they had.
  server.next({ say: { edits: [{ type: 'renameColumn', table: 'customers', column: 'name', name: 'full_name' }] } })
  await panel.getByPlaceholder('Say what to change').fill('Call the names full names')
  await page.keyboard.press('Enter')
  await expect(changes.getByRole('listitem')).toHaveCount(1, patient)
  await changes.getByRole('button', { name: 'Accept all' }).click()
  await page.getByRole('button', { name: 'Review and apply' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Apply/ })
    .click()
  const people = async () => (await client.records.query({ databaseId, tableName: 'customers' })).records
  await expect.poll(async () => (await people()).map((record) => record.full_name).sort()).toEqual(['Ada', 'Grace'])
})

test('a question in words becomes a difference, which runs only from Run; an error is mended', async ({
  studio: { page },
  client,
}) => {
  await client.assistant.saveSettings({ key, serverUrl: server.url })
  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people, threePeople)
  await page.goto(new URL(`/projects/${projectId}/sql`, page.url()).href)
  const ask = page.getByRole('textbox', { name: 'Ask in words' })
  // While the editor is loaded a busy machine hears nothing.
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled(patient)

  // A wrong answer is text with its reasons, and cannot be taken.
  server.otherwise({ say: { sql: 'delete from persons', explanation: 'Gone.' } })
  await ask.fill('Who is there?')
  await ask.press('Enter')
  await expect(page.getByText('This SQL cannot be used:')).toBeVisible(patient)
  await expect(page.getByText('There is no table "persons" in this database.')).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
  await expect(page.getByRole('region', { name: 'Proposed change' })).toHaveCount(0)

  server.next({ say: { sql: 'select count(*) as heads from people', explanation: 'Counts everybody.' } })
  await ask.press('Enter')
  const proposed = page.getByRole('region', { name: 'Proposed change' })
  await expect(proposed).toContainText('Counts everybody.', patient)
  await expect(page.getByText('Reads only')).toBeVisible()
  await proposed.getByRole('button', { name: 'Accept change' }).click()
  await expect(page.getByRole('columnheader', { name: /heads/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('columnheader', { name: /heads/ })).toBeVisible(patient)
  expect((await client.records.query({ databaseId, tableName: 'people' })).records).toHaveLength(3)
})

test('a failed statement is mended, told in words, gone on with, drawn and named; a sentence becomes a filter', async ({
  studio: { page, dataDir },
  client,
}) => {
  await client.assistant.saveSettings({ key, serverUrl: server.url })
  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people, threePeople)
  await openSql(page, projectId)

  await runSql(page, 'select nam, age from people')
  server.next({ say: { sql: 'select name, age from people', explanation: 'The column is called name.' } })
  await page.getByRole('button', { name: 'Fix this error' }).click()
  const proposed = page.getByRole('region', { name: 'Proposed change' })
  await expect(proposed).toContainText('The column is called name.', patient)
  await proposed.getByRole('button', { name: 'Accept change' }).click()
  await expect(page.getByRole('columnheader', { name: /age/ })).toHaveCount(0)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(result(page)).toHaveAttribute('aria-rowcount', '4', patient)

  server.next({ say: 'Lists everybody with their age.' })
  await page.getByRole('button', { name: 'In words', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Lists everybody with their age.' })).toBeVisible(patient)

  server.next({ say: { kind: 'line', x: 'name', y: ['age'], title: 'Ages' } })
  await page.getByRole('radio', { name: 'Chart' }).click()
  await page.getByRole('button', { name: 'Suggest a chart' }).click()
  await expect(page.getByRole('img', { name: 'line chart of age by name' })).toBeVisible(patient)

  // What is completed is grey until Tab takes it.
  await page.getByRole('textbox', { name: 'SQL' }).focus()
  await page.keyboard.press('ControlOrMeta+End')
  server.next({ say: ' order by age desc' })
  await page.keyboard.press('Alt+Backslash')
  const ghost = page.locator('.ghost-text-decoration')
  await expect(ghost.filter({ hasText: 'order' })).toHaveCount(1, patient)
  await page.keyboard.press('Tab')
  await expect(ghost).toHaveCount(0)
  await expect(page.locator('.view-lines').first()).toContainText('order by age desc')
  expect(server.requests.at(-1)?.path).toBe('/v1/fim/completions')

  await page.getByRole('button', { name: 'Save query' }).click()
  const save = page.getByRole('dialog', { name: 'Save query' })
  server.next({ say: 'People by age' })
  await save.getByRole('button', { name: 'Suggest a name' }).click()
  await expect(save.getByLabel('Name')).toHaveValue('People by age', patient)
  await save.getByRole('button', { name: 'Save query' }).click()
  await expect(page.getByRole('list', { name: 'Saved queries' })).toContainText('People by age')

  await openTable(page, projectId, 'people')
  server.next({ say: { filter: { column: 'age', op: 'gt', value: 80 } } })
  await page.getByRole('button', { name: 'Filter in words' }).click()
  await page.getByLabel('Which records').fill('Older than eighty')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('gridcell', { name: 'Ada', exact: true })).toHaveCount(0, patient)
  await expect(page.getByRole('gridcell', { name: 'Grace', exact: true })).toBeVisible()

  // The key was used by every one of these, and is in no file of the studio or of the browser, and not on the page.
  expect(server.requests.every(({ headers }) => headers.authorization === `Bearer ${key}`)).toBe(true)
  expect(await page.content()).not.toContain(key)
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(key)
  expect(await filesHolding(dataDir, key)).toEqual([])
})
