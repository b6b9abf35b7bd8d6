import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { Workbook } from 'exceljs'
import { makeProject, makeTable, people, threePeople } from './sample'
import { editorReady, openSql, result, resultCell, resultTabs, runSql, writeSql } from './sql-panel.page'
import { axeFindings, expect, test } from './studio'

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

test('written with help: completion by alias and along references, a mistake where it stands, one format', async ({
  studio: { page },
  client,
}) => {
  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people, threePeople)
  await makeTable(client, databaseId, {
    name: 'visits',
    columns: [
      { name: 'person_id', type: 'uuid', references: { table: 'people', column: 'id' } },
      { name: 'place', type: 'text' },
    ],
  })
  await openSql(page, projectId)
  const offered = page.locator('.suggest-widget')
  const text = page.locator('.view-lines').first()
  await writeSql(page, 'select p. from people p')
  const colour = (word: string) =>
    text
      .locator('span span', { hasText: word })
      .last()
      .evaluate((piece) => getComputedStyle(piece).color)
  await expect.poll(async () => (await colour('select')) === (await colour('people'))).toBe(false)
  await page.keyboard.press('Home')
  for (let step = 0; step < 'select p.'.length; step += 1) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Control+Space')
  await expect(offered).toContainText('age')
  await expect(offered).not.toContainText('place')
  await page.keyboard.type('ag')
  await expect(offered.getByRole('option').first()).toContainText('age')
  await page.keyboard.press('Enter')
  await expect(text).toContainText('select p.age from people p')
  await page.keyboard.press('End')
  await page.keyboard.type(' join vis', { delay: 40 })
  await expect(offered.getByRole('option').filter({ hasText: 'person_id' }).first()).toBeVisible()
  await offered.getByRole('option').filter({ hasText: 'person_id' }).first().click()
  await expect(text).toContainText('join visits v on v.person_id = p.id')

  // Before anything runs, and when Postgres names the place.
  await writeSql(page, 'selec name')
  await expect(page.locator('.squiggly-error')).toHaveCount(1)
  await runSql(page, 'select name\nfrom people\nwhere agee > 3')
  const failure = page.getByRole('alert').filter({ hasText: 'agee' })
  await expect(failure).toBeVisible()
  const lineOf = async (selector: string) =>
    Math.round(((await page.locator(selector).first().boundingBox())?.y ?? 0) / 20)
  await expect(page.locator('.squiggly-error')).toHaveCount(1)
  expect(await lineOf('.squiggly-error')).toBe(await lineOf('.view-line:has-text("agee")'))
  expect(await axeFindings(page)).toEqual([])
  await failure.getByRole('button', { name: 'Show the place' }).click()
  await page.keyboard.press('Control+Delete')
  await page.keyboard.type('age ')
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(resultCell(page, 2, 0)).toBeVisible()
  await expect(page.locator('.squiggly-error')).toHaveCount(0)

  await writeSql(page, 'select name,age from people where age>3 order by name')
  await expect(page.locator('.view-line')).toHaveCount(1)
  await page.keyboard.press('Shift+Alt+F')
  await expect(page.locator('.view-line').nth(4)).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Z')
  await expect(page.locator('.view-line')).toHaveCount(1)
})

test('a result for each statement: drawn, as JSON, in files and in the clipboard', async ({
  studio: { page },
  client,
}) => {
  await openPeople(page, client)
  await runSql(
    page,
    "select name, age from people order by name;\nupdate people set note = 'seen' where name = 'Ada';\nselect count(*) from people",
  )
  await expect(resultTabs(page)).toHaveCount(3)
  for (const [index, words] of ['SELECT', 'UPDATE', 'SELECT'].entries())
    await expect(resultTabs(page).nth(index)).toContainText(new RegExp(`${index + 1} ${words}.*\\d rows?.*\\d m?s`))
  await resultTabs(page).nth(1).click()
  await expect(page.getByText('1 record updated.')).toBeVisible()
  await resultTabs(page).first().click()

  await page.getByRole('radio', { name: 'Chart' }).click()
  for (const kind of ['Line', 'Pie', 'Scatter', 'Bar']) {
    await page.getByRole('radio', { name: kind }).click()
    await expect(page.getByRole('img', { name: `${kind.toLowerCase()} chart of age by name` })).toBeVisible()
  }
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('radio', { name: 'JSON' }).click()
  await expect(page.getByText('"Ada"')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('radio', { name: 'Table' }).click()
  expect(await axeFindings(page)).toEqual([])

  const exported = async (format: string) => {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: format }).click()
    return (await download).path()
  }
  expect(await readFile(await exported('CSV'), 'utf8')).toBe('name,age\r\nAda,36\r\nEdsger,72\r\nGrace,85\r\n')
  expect(JSON.parse(await readFile(await exported('JSON'), 'utf8'))).toEqual([
    { name: 'Ada', age: 36 },
    { name: 'Edsger', age: 72 },
    { name: 'Grace', age: 85 },
  ])
  const book = new Workbook()
  await book.xlsx.readFile(await exported('Excel'))
  expect(book.worksheets[0]?.getRow(3).values).toEqual([undefined, 'Edsger', 72])
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const copied = () => page.evaluate(() => navigator.clipboard.readText())
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Copy all rows' }).click()
  await expect.poll(copied).toBe('name\tage\nAda\t36\nEdsger\t72\nGrace\t85')
  await resultCell(page, 1, 0).click()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('ControlOrMeta+C')
  await expect.poll(copied).toBe('Edsger\t72')
})

test('a plan is a picture; the index that it misses is one click away', async ({ studio: { page }, client }) => {
  const { databaseId, tableId } = await openPeople(page, client)
  await runSql(
    page,
    "insert into people (name, age) select 'p' || n, n from generate_series(1, 400) n;\ncreate index on people (age)",
  )
  const indexed = async () =>
    (await client.indexes.list({ databaseId, tableId })).indexes.flatMap(({ columns, state }) =>
      state === 'ready' ? [columns.join()] : [],
    )
  await expect.poll(indexed, { timeout: 60_000 }).toContain('age')
  await writeSql(page, "select * from people where name = 'p77'")
  await page.getByRole('button', { name: 'Explain' }).click()
  await page.getByRole('menuitem', { name: 'Explain and run' }).click()
  const plan = page.getByRole('region', { name: 'Plan' })
  await expect(plan.getByRole('button').filter({ hasText: 'Seq Scan' })).toContainText('people')
  await expect(plan.getByLabel('Takes most')).toBeVisible()
  await expect(page.getByRole('complementary', { name: 'Step' })).toContainText('Rows that came')
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Add this index' }).click()
  await expect(page.getByRole('button', { name: 'Index asked for' })).toBeVisible()
  await expect.poll(indexed, { timeout: 60_000 }).toContain('name')
})

test('what changes every record asks first, with the number; what describes tables becomes a schema edit', async ({
  studio: { page },
  client,
}) => {
  const { databaseId } = await openPeople(page, client)
  const asked = async (sql: string, title: string) => {
    await writeSql(page, sql)
    await page.keyboard.press('ControlOrMeta+Enter')
    const question = page.getByRole('alertdialog', { name: title })
    await expect(question).toBeVisible()
    return question
  }
  for (const [sql, title] of [
    ['update people set age = 1', 'Change 3 records?'],
    ['with gone as (delete from people returning *) select count(*) from gone', 'Delete 3 records?'],
    ['truncate people', 'Delete 3 records?'],
    ['drop table people', 'Drop people with 3 records?'],
    ['delete from people', 'Delete 3 records?'],
  ] as const) {
    const question = await asked(sql, title)
    if (sql === 'delete from people') {
      await expect(question).toContainText('Deletes every record of people: it has no WHERE.')
      expect(await axeFindings(page)).toEqual([])
    }
    await question.getByRole('button', { name: 'Cancel' }).click()
    await expect(question).toBeHidden()
  }
  await runSql(page, 'select count(*) from people')
  await expect(resultCell(page, 0, 0)).toHaveText('3')

  await runSql(
    page,
    "create table places (id uuid primary key, city text not null);\ninsert into places (city) values ('Bern');\nselect city from places",
  )
  await expect(resultCell(page, 0, 0)).toHaveText('Bern')
  const { tables } = await client.tables.list({ databaseId })
  expect(tables.map(({ table_name }) => table_name)).toContain('places')

  await (await asked('delete from people', 'Delete 3 records?'))
    .getByRole('button', { name: 'Delete 3 records' })
    .click()
  await expect(page.getByText('3 records deleted.')).toBeVisible()
})

test('a run is cancelled on the server; a transaction stays open until it is ended, and warns before it is', async ({
  studio: { page },
  client,
}) => {
  const { databaseId } = await openPeople(page, client)
  const ada = async () =>
    (await client.records.query({ databaseId, tableName: 'people', filters: { name: 'Ada' } })).records[0]
  // The lock that the run holds is free as soon as the server has ended it.
  await writeSql(page, "update people set age = 1 where name = 'Ada';\nselect pg_sleep(60)")
  await page.keyboard.press('ControlOrMeta+Shift+Enter')
  await expect(resultTabs(page).first()).toContainText('1 row')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByText('was cancelled').first()).toBeVisible()
  expect((await ada())?.age).toBe(36)
  await runSql(page, "update people set age = 40 where name = 'Ada'")
  await expect(page.getByText('1 record updated.')).toBeVisible()

  const begin = async () => {
    await page.getByRole('button', { name: 'Each run by itself' }).click()
    await page.getByRole('menuitem', { name: 'Begin a transaction' }).click()
    await expect(page.getByText('Transaction open')).toBeVisible()
  }
  await begin()
  await runSql(page, "update people set age = 1 where name = 'Ada'")
  await expect(page.getByText('1 record updated.')).toBeVisible()
  expect((await ada())?.age).toBe(40)
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Roll back' }).click()
  await expect(page.getByText('Transaction open')).toBeHidden()
  expect((await ada())?.age).toBe(40)

  await begin()
  await runSql(page, "update people set age = 41 where name = 'Ada'")
  const [open] = (await client.sqlPanel.transactions({ databaseId })).transactions
  await page.clock.setFixedTime(Date.parse(open?.expiresAt ?? '') - 30_000)
  await expect(page.getByRole('alert').filter({ hasText: 'Rolled back in 30 s' })).toBeVisible()
  await page.getByRole('button', { name: 'Commit' }).click()
  await expect(page.getByText('Transaction open')).toBeHidden()
  expect((await ada())?.age).toBe(41)
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
  const saved = page.getByRole('list', { name: 'Saved queries' })
  await saved.getByRole('button', { name: 'Actions for Older than' }).click()
  await page.getByRole('menuitem', { name: 'Rename or move' }).click()
  const move = page.getByRole('dialog', { name: 'Rename or move query' })
  await move.getByLabel('Name').fill('The oldest')
  await move.getByLabel('Folder').fill('people/age')
  expect(await axeFindings(page)).toEqual([])
  await move.getByRole('button', { name: 'Save query' }).click()
  await expect(saved.getByRole('button', { name: 'age', exact: true })).toBeVisible()
  await expect(saved.getByRole('button', { name: 'Older than', exact: true })).toBeHidden()
  // Its tab has the new name as well, and opens it no second time.
  await saved.getByRole('button', { name: 'The oldest', exact: true }).click()
  await expect(page.getByRole('tab', { name: 'The oldest' })).toHaveCount(1)
  await page.getByRole('radio', { name: 'History' }).click()
  await expect(page.getByRole('list', { name: 'Runs' })).toContainText('age > :least')
  expect(await axeFindings(page)).toEqual([])
})

test('a transaction that was open when the studio ended is rolled back', async ({ studio, client }) => {
  const { projectId } = await openPeople(studio.page, client)
  await studio.page.getByRole('button', { name: 'Each run by itself' }).click()
  await studio.page.getByRole('menuitem', { name: 'Begin a transaction' }).click()
  await runSql(studio.page, "update people set age = 1 where name = 'Ada'")
  await expect(studio.page.getByText('Transaction open')).toBeVisible()
  await studio.restart()
  await studio.page.goto(new URL(`/projects/${projectId}/sql`, studio.page.url()).href)
  await editorReady(studio.page)
  await expect(studio.page.getByText('Transaction open')).toBeHidden()
  await runSql(studio.page, "select age from people where name = 'Ada'")
  await expect(resultCell(studio.page, 0, 0)).toHaveText('36')
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
