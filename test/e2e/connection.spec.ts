import type { Page } from '@playwright/test'
import pg from 'pg'
import { makeProject, makeTable, people, threePeople } from './sample'
import { expect, test } from './studio'
import { toast } from './table-editor.page'

test('a database is given a login of its own, which works, is renewed and ends', async ({ studio, client }) => {
  const { page } = studio
  const { projectId, databaseId } = await makeProject(client)
  await makeTable(client, databaseId, people, threePeople)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(new URL(`/projects/${projectId}/overview`, page.url()).href)
  const connect = page.getByRole('region', { name: 'Connect' })

  await connect.getByRole('button', { name: 'Create a connection string' }).click()
  await expect(connect.getByRole('button', { name: 'Rotate password' })).toBeVisible()

  // Nobody who looks at the screen reads the password, until it is asked for.
  const first = await copied(page, 'Copy the connection string')
  const password = decodeURIComponent(new URL(first).password)
  await expect(connect).not.toContainText(password)
  await connect.getByRole('button', { name: 'Show the password' }).click()
  await expect(connect.getByText(password, { exact: true })).toBeVisible()
  await expect(connect.getByText(first, { exact: true })).toBeVisible()
  await connect.getByRole('button', { name: 'Hide the password' }).click()
  await expect(connect).not.toContainText(password)
  expect(await copied(page, 'Copy the password')).toBe(password)
  expect(await copied(page, 'Copy the psql command')).toBe(`psql "${first}"`)
  expect(await names(first)).toEqual(['Ada', 'Edsger', 'Grace'])

  // The question says what ends; Escape takes nothing, and gives the focus back.
  const rotate = connect.getByRole('button', { name: 'Rotate password' })
  await rotate.click()
  const question = page.getByRole('alertdialog', { name: 'Rotate the password?' })
  await expect(question).toContainText('Every open connection of this login ends')
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await expect(rotate).toBeFocused()
  await rotate.click()
  await question.getByRole('button', { name: 'Rotate password' }).click()
  await expect(toast(page, 'The login has a new password.')).toBeVisible()
  const second = await copied(page, 'Copy the connection string')
  expect(second).not.toBe(first)
  await expect(names(first)).rejects.toThrow(/password authentication failed/)
  expect(await names(second)).toHaveLength(3)

  await page.reload()
  expect(await copied(page, 'Copy the connection string')).toBe(second)
  await connect.getByRole('button', { name: 'Revoke' }).click()
  await page
    .getByRole('alertdialog', { name: 'Revoke the connection string?' })
    .getByRole('button', { name: 'Revoke' })
    .click()
  await expect(connect.getByRole('button', { name: 'Create a connection string' })).toBeVisible()
  await expect(names(second)).rejects.toThrow()
})

async function copied(page: Page, button: string): Promise<string> {
  await page.getByRole('button', { name: button }).click()
  await expect(page.getByRole('status').filter({ hasText: /^Copied$/ })).toHaveCount(1)
  const text = await page.evaluate(() => navigator.clipboard.readText())
  await expect(page.getByRole('status').filter({ hasText: /^Copied$/ })).toHaveCount(0)
  return text
}

async function names(connectionString: string): Promise<readonly string[]> {
  const login = new pg.Client({ connectionString })
  await login.connect()
  try {
    const { rows } = await login.query<{ name: string }>('select name from people order by name')
    return rows.map(({ name }) => name)
  } finally {
    await login.end()
  }
}
