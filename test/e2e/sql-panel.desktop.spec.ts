import { makeProject, makeTable, people, threePeople } from './sample'
import { editorReady, openSql, resultCell, resultTabs, runSql, writeSql } from './sql-panel.page'
import { expect, test } from './studio'

test('the window runs SQL: results, a mistake, a danger, a cancelled run, a table, and all of it after a restart', async ({
  studio,
  client,
}) => {
  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people, threePeople)
  const { page } = studio
  await openSql(page, projectId)
  await runSql(page, 'select name, age from people order by name;\n\nselect count(*) from people')
  await expect(resultTabs(page)).toHaveCount(2)
  await expect(resultCell(page, 0, 0)).toHaveText('3')

  await runSql(page, 'select name from people where agee > 3')
  await expect(page.getByRole('alert').filter({ hasText: 'agee' })).toBeVisible()
  await expect(page.locator('.squiggly-error').first()).toBeVisible()

  await writeSql(page, 'delete from people')
  await page.keyboard.press('ControlOrMeta+Enter')
  const question = page.getByRole('alertdialog', { name: 'Delete 3 records?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()

  await writeSql(page, 'select pg_sleep(60)')
  await page.keyboard.press('ControlOrMeta+Enter')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByText('was cancelled').first()).toBeVisible()

  await runSql(page, 'create table places (id uuid primary key, city text not null)')
  const names = async () => (await client.tables.list({ databaseId })).tables.map(({ table_name }) => table_name)
  await expect.poll(names).toContain('places')

  await runSql(page, 'select name from people order by name')
  await page.getByRole('button', { name: 'New query' }).click()
  await writeSql(page, 'select never_run')
  await expect(page.getByRole('tab', { name: 'Query 2' })).toHaveAttribute('data-saved', 'true')
  await studio.restart()
  await studio.page.goto(new URL(`/projects/${projectId}/sql`, studio.page.url()).href)
  await editorReady(studio.page)
  await expect(studio.page.locator('.view-lines')).toContainText('never_run')
  await studio.page.getByRole('tab', { name: 'Query 1' }).click()
  await expect(resultCell(studio.page, 0, 0)).toHaveText('Ada')
})
