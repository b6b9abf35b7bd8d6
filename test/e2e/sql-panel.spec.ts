import type { Page } from '@playwright/test'
import { makeProject, makeTable, people, threePeople } from './sample'
import { editorReady, openSql, result, resultCell, resultTabs, runEnded, runSql, writeSql } from './sql-panel.page'
import { expect, test } from './studio'

// The editor is a large library: on a busy machine most of the time goes by before it is there.
test.describe.configure({ timeout: 240_000 })

type Client = Parameters<typeof makeProject>[0]

async function openPeople(page: Page, client: Client) {
  const project = await makeProject(client)
  const made = await makeTable(client, project.databaseId, people, threePeople)
  await openSql(page, project.projectId)
  return { ...project, ...made }
}

test('statements run as they stand, each with a result of its own', async ({ studio: { page }, client }) => {
  await openPeople(page, client)
  await runSql(page, 'select name, age from people order by name;\n\nselect count(*) from people')
  await expect(resultTabs(page)).toHaveCount(2)
  await expect(resultTabs(page).nth(1)).toContainText('1 row')
  await resultTabs(page).first().click()
  await expect(resultCell(page, 0, 0)).toHaveText('Ada')
  await expect(resultCell(page, 2, 1)).toHaveText('85')

  // The statement under the caret alone: the caret is at the end.
  await page.getByRole('textbox', { name: 'SQL' }).focus()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(resultTabs(page)).toHaveCount(1)
  await expect(resultCell(page, 0, 0)).toHaveText('3')

  await runSql(page, 'select name from people where agee > 3')
  await expect(page.getByRole('alert').filter({ hasText: 'agee' })).toBeVisible()
  await expect(page.locator('.squiggly-error').first()).toBeVisible()
})

test('what changes every record asks first, with the number', async ({ studio: { page }, client }) => {
  await openPeople(page, client)
  await writeSql(page, 'delete from people')
  await page.keyboard.press('ControlOrMeta+Enter')
  const question = page.getByRole('alertdialog', { name: 'Delete 3 records?' })
  await expect(question).toContainText('Deletes every record of people: it has no WHERE.')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()
  await runSql(page, 'select count(*) from people')
  await expect(resultCell(page, 0, 0)).toHaveText('3')

  await writeSql(page, 'delete from people')
  await page.keyboard.press('ControlOrMeta+Enter')
  await question.getByRole('button', { name: 'Delete 3 records' }).click()
  await expect(page.getByText('3 records deleted.')).toBeVisible()
})

test('a transaction stays open until it is rolled back', async ({ studio: { page }, client }) => {
  await openPeople(page, client)
  await page.getByRole('button', { name: 'Each run by itself' }).click()
  await page.getByRole('menuitem', { name: 'Begin a transaction' }).click()
  await expect(page.getByText('Transaction open')).toBeVisible()
  await runSql(page, "update people set age = 1 where name = 'Ada'")
  await expect(page.getByText('1 record updated.')).toBeVisible()
  await page.getByRole('button', { name: 'Roll back' }).click()
  await expect(page.getByText('Transaction open')).toBeHidden()
  await runSql(page, "select age from people where name = 'Ada'")
  await expect(resultCell(page, 0, 0)).toHaveText('36')
})

test('a run is cancelled while it runs', async ({ studio: { page }, client }) => {
  await openPeople(page, client)
  await writeSql(page, 'select pg_sleep(60)')
  await page.keyboard.press('ControlOrMeta+Enter')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await runEnded(page)
  await expect(page.getByText('was cancelled').first()).toBeVisible()
})

test('SQL that describes tables becomes a schema edit', async ({ studio: { page }, client }) => {
  const { databaseId } = await openPeople(page, client)
  await runSql(
    page,
    "create table places (id uuid primary key, city text not null);\ninsert into places (city) values ('Bern');\nselect city from places",
  )
  await expect(resultCell(page, 0, 0)).toHaveText('Bern')
  const { tables } = await client.tables.list({ databaseId })
  expect(tables.map(({ table_name }) => table_name)).toContain('places')
})

test('a cell of one table is edited in place', async ({ studio: { page }, client }) => {
  const { databaseId } = await openPeople(page, client)
  await runSql(page, 'select id, name, age from people order by name')
  await resultCell(page, 0, 2).dblclick()
  const dialog = page.getByRole('dialog', { name: 'Edit age' })
  await dialog.getByLabel('Value of age').fill('37')
  await dialog.getByRole('button', { name: 'Save cell' }).click()
  await expect(dialog).toBeHidden()
  await expect(resultCell(page, 0, 2)).toHaveText('37')
  const { records } = await client.records.query({ databaseId, tableName: 'people', filters: { name: 'Ada' } })
  expect(records[0]?.age).toBe(37)
})

test('a query with a value to fill in is saved in a folder and found again', async ({ studio: { page }, client }) => {
  await openPeople(page, client)
  await writeSql(page, 'select name from people where age > :least order by name')
  await page.keyboard.press('ControlOrMeta+Enter')
  const values = page.getByRole('dialog', { name: 'Values of this query' })
  await values.getByLabel('least', { exact: true }).fill('70')
  await values.getByRole('button', { name: 'Run query' }).click()
  await expect(resultCell(page, 1, 0)).toHaveText('Grace')
  await page.getByRole('button', { name: 'Save query' }).click()
  const save = page.getByRole('dialog', { name: 'Save query' })
  await save.getByLabel('Name').fill('Older than')
  await save.getByLabel('Folder').fill('people')
  await save.getByRole('button', { name: 'Save query' }).click()
  await expect(
    page.getByRole('list', { name: 'Saved queries' }).getByRole('button', { name: 'Older than', exact: true }),
  ).toBeVisible()
  await page.getByRole('radio', { name: 'History' }).click()
  await expect(page.getByRole('list', { name: 'Runs' })).toContainText('age > :least')
})

test('rows are drawn, shown as JSON, explained and exported', async ({ studio: { page }, client }) => {
  await openPeople(page, client)
  await runSql(page, 'select name, age from people order by name')
  await page.getByRole('radio', { name: 'Chart' }).click()
  await expect(page.getByRole('img', { name: 'bar chart of age by name' })).toBeVisible()
  await page.getByRole('radio', { name: 'JSON' }).click()
  await expect(page.getByText('"Ada"')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('radio', { name: 'Table' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/\.csv$/)

  await page.getByRole('button', { name: 'Explain' }).click()
  await page.getByRole('menuitem', { name: /^Explain(?! and)/ }).click()
  await expect(page.getByRole('region', { name: 'Plan' })).toContainText('people')
})

test('text, results and tabs are there after everything was started anew', async ({ studio, client }) => {
  const { projectId } = await openPeople(studio.page, client)
  await runSql(studio.page, 'select name from people order by name')
  await expect(resultCell(studio.page, 0, 0)).toHaveText('Ada')
  await studio.page.getByRole('button', { name: 'New query' }).click()
  await writeSql(studio.page, 'select never_run')
  await expect(studio.page.getByRole('tab', { name: 'Query 2' })).toHaveAttribute('data-saved', 'true')
  await studio.restart()
  await studio.page.goto(new URL(`/projects/${projectId}/sql`, studio.page.url()).href)
  await editorReady(studio.page)
  await expect(studio.page.getByRole('tab', { name: 'Query 2' })).toHaveAttribute('aria-selected', 'true')
  await expect(studio.page.locator('.view-lines')).toContainText('never_run')
  await studio.page.getByRole('tab', { name: 'Query 1' }).click()
  await expect(result(studio.page)).toBeVisible()
  await expect(resultCell(studio.page, 0, 0)).toHaveText('Ada')
})

test.describe('killed', () => {
  // What the browser says of a server that is away.
  test.use({ expectedNoise: /WebSocket|ERR_CONNECTION|Failed to load resource/ })

  test('killed, the studio comes back with texts that were never run, open tabs and results', async ({
    studio,
    client,
  }) => {
    const { page } = studio
    await openPeople(page, client)
    await runSql(page, 'select name from people order by name')
    await expect(resultCell(page, 0, 0)).toHaveText('Ada')
    await expect(page.getByRole('tab', { name: 'Query 1' })).toHaveAttribute('data-saved', 'true')
    await page.getByRole('button', { name: 'New query' }).click()
    await writeSql(page, 'select typed_just_before')
    await studio.kill()
    await writeSql(page, 'select typed_while_it_was_dead')
    await studio.revive()
    await page.reload()
    await editorReady(page)
    await expect(page.getByRole('tab', { name: 'Query 2' })).toHaveAttribute('aria-selected', 'true')
    await expect(page.locator('.view-lines')).toContainText('typed_while_it_was_dead')
    await expect(page.getByRole('tab', { name: 'Query 2' })).toHaveAttribute('data-saved', 'true')
    await page.getByRole('tab', { name: 'Query 1' }).click()
    await expect(page.locator('.view-lines')).toContainText('order by name')
    await expect(resultCell(page, 2, 0)).toHaveText('Grace')
  })
})
