import { makeProject } from './sample'
import { axeFindings, expect, test } from './studio'

test('users are created, searched, banned and deleted, and their mails are shown', async ({ studio, client }) => {
  const { page } = studio
  const { projectId, databaseId } = await makeProject(client)
  await page.goto(new URL(`/projects/${projectId}/users`, page.url()).href)
  await expect(page.getByText('Nobody has signed up yet')).toBeVisible()
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Create a user' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail address').fill('ada@example.org')
  await dialog.getByLabel('Full name').fill('Ada Lovelace')
  await dialog.getByLabel('Password').fill('short')
  await dialog.getByRole('button', { name: 'Create user' }).click()
  await expect(dialog.getByRole('alert')).toContainText('at least 8 characters')
  await dialog.getByLabel('Password').fill('correct horse')
  await dialog.getByRole('button', { name: 'Create user' }).click()

  // The sheet of the new user opens by itself.
  const sheet = page.getByRole('dialog', { name: 'ada@example.org' })
  await expect(sheet.getByText('Confirmed', { exact: true })).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
  await sheet.getByRole('button', { name: 'Send reset link' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send link' }).click()
  await sheet.getByRole('button', { name: 'Ban', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Ban user' }).click()
  await expect(sheet.getByText('Banned', { exact: true })).toBeVisible()
  await sheet.getByRole('button', { name: 'Close' }).click()

  for (let n = 0; n < 3; n++)
    await client.endUsers.create({ databaseId, email: `guest${n}@example.org`, password: 'correct horse' })
  await page.reload()
  await expect(page.getByText('4 users')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Search users' }).fill('lovelace')
  await expect(page.getByText('1 user', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'ada@example.org' }).click()
  await sheet.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByRole('alertdialog')).toContainText('Nothing refers to them')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete user' }).click()
  await expect(page.getByText('Nobody matches')).toBeVisible()

  await page.getByRole('radio', { name: 'Mails' }).click()
  await page.getByText('Choose a new password - Sample').click()
  await expect(page.getByRole('link', { name: /auth\/v1\/verify/ })).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
})

test('how people sign in is set, and holds', async ({ studio, client }) => {
  const { page } = studio
  const { projectId, databaseId } = await makeProject(client)
  await page.goto(new URL(`/projects/${projectId}/users`, page.url()).href)
  await page.getByRole('radio', { name: 'Sign-in' }).click()
  await page.getByRole('switch', { name: 'Anybody may sign up' }).click()
  await page.getByRole('switch', { name: 'Send mails' }).click()
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByRole('alert')).toContainText('Mails need a sender')
  await page.getByLabel('Sender').fill('hello@example.org')
  await page.getByRole('button', { name: 'Save settings' }).click()
  await expect(page.getByText('The sign-in settings are saved.')).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
  const { settings } = await client.endUsers.settings({ databaseId })
  expect(settings).toMatchObject({
    signUps: false,
    mail: { sender: 'hello@example.org', server: { host: '127.0.0.1' } },
  })
  const answer = await page.request.post(`${studio.apiUrl}/api/database/${databaseId}/auth/signup`, {
    data: { email: 'ada@example.org', password: 'correct horse' },
  })
  expect(answer.status()).toBe(403)
})
