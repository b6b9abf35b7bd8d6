import type { Page } from '@playwright/test'
import { openMuteProxy } from '../helpers/mute-proxy'
import { type SecondPostgres, startSecondPostgres } from './second-postgres'
import { axeFindings, test as base, expect, newProject } from './studio'

const test = base.extend<{ other: SecondPostgres }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know which fixtures are wanted
  other: async ({}, use) => {
    const other = await startSecondPostgres()
    await use(other)
    await other.stop()
  },
})
// While the studio opens another server, the page tries to reach it; before its database answers it says so.
test.use({ expectedNoise: /WebSocket connection to|net::ERR_CONNECTION_REFUSED|401 \(Unauthorized\)/ })

const person = { email: 'ada@example.org', password: 'correct horse' }

test('a server is added, a project moves there and back, and a server that is gone is left again', async ({
  studio,
  client,
  other,
}) => {
  const { page } = studio
  await newProject(page, 'Shop')
  const [shop] = (await client.projects.list()).projects
  const databaseId = shop?.database_id ?? ''
  await client.records.create({
    databaseId,
    tableName: 'users',
    record: { email: 'eve@example.org', password_hash: 'her password', full_name: 'Eve' },
  })
  const { database } = await client.databases.get({ databaseId })

  // Tried before it is kept.
  await openSettings(page)
  await page.getByRole('button', { name: 'Add server' }).click()
  const dialog = page.getByRole('dialog')
  const wrong = new URL(other.url)
  wrong.password = 'wrong'
  await dialog.getByLabel('Connection string').fill(wrong.href)
  await expect(dialog.getByLabel('TLS')).toContainText('Off')
  await dialog.getByLabel('Name').fill('Team')
  await dialog.getByRole('button', { name: 'Test and save' }).click()
  await expect(dialog.getByRole('alert')).toHaveText(
    'The database refused the user name or the password. Check the connection string.',
  )
  await dialog.getByLabel('Connection string').fill(other.url)
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(dialog.getByRole('status')).toContainText(/It works: Postgres \d+\.\d+, not encrypted/)
  expect(await axeFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Test and save' }).click()
  const servers = page.getByRole('region', { name: 'Servers' })
  await expect(servers.getByText('Team', { exact: true })).toBeVisible()
  await expect(servers).not.toContainText(new URL(other.url).password)

  // There, with an account that is made on the way.
  await page.getByRole('button', { name: 'Move project' }).click()
  await expect(dialog.getByLabel('Server')).toContainText('Team')
  await dialog.getByText('New account').click()
  await dialog.getByLabel('E-mail address').fill(person.email)
  await dialog.getByLabel('Password').fill(person.password)
  await dialog.getByRole('button', { name: 'Move to “Team”' }).click()
  await expect(dialog.getByRole('heading')).toHaveText('“Shop” is on “Team”', { timeout: 60_000 })
  await expect(dialog).toContainText('1 record in 1 table: every value there is the same.')
  expect(await axeFindings(page)).toEqual([])
  await dialog.getByLabel('Move the original to the bin').click()
  await dialog.getByRole('button', { name: 'Switch to “Team”' }).click()

  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible({ timeout: 60_000 })
  await page.getByLabel('E-mail address').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('link', { name: 'Shop' }).click()
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Tables' }).click()
  await expect(page.getByRole('grid')).toContainText('eve@example.org')

  // And back: this machine has an owner, and no accounts.
  await openSettings(page)
  await expect(page.getByRole('region', { name: 'API' }).getByText(database.ref)).toBeVisible()
  await page.getByRole('button', { name: 'Move project' }).click()
  await expect(dialog.getByLabel('Server')).toContainText('Built-in server')
  await expect(dialog.getByLabel('Password')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Move to “Built-in server”' }).click()
  await expect(dialog.getByRole('heading')).toHaveText('“Shop” is on “Built-in server”', { timeout: 60_000 })
  await dialog.getByRole('button', { name: 'Switch to “Built-in server”' }).click()
  await expect(page.getByRole('contentinfo')).toContainText('Owner', { timeout: 60_000 })
  await page.getByRole('link', { name: 'Shop' }).click()
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Tables' }).click()
  await expect(page.getByRole('grid')).toContainText('eve@example.org')
  await openSettings(page)
  await expect(page.getByRole('region', { name: 'API' }).getByText(database.ref)).toBeVisible()

  // A server that is gone is told, with a way back.
  await other.stop()
  await servers.getByRole('button', { name: 'Switch to Team' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Switch to “Team”' }).click()
  await expect(page.getByRole('heading', { name: 'The database could not be started' })).toBeVisible({
    timeout: 60_000,
  })
  await expect(page.getByRole('alert')).toContainText('No database server answers at this address')
  await page.getByRole('button', { name: 'Use the built-in server' }).click()
  await expect(page.getByRole('link', { name: 'Shop' })).toBeVisible({ timeout: 60_000 })
  await page.getByRole('link', { name: 'Shop' }).click()
  await openSettings(page)
  await servers.getByRole('button', { name: 'Actions for Team' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove server' }).click()
  await expect(servers.getByText('Team', { exact: true })).toHaveCount(0)
})

test('a move goes on while its dialog and the settings are left, and is cancelled where it is shown again', async ({
  studio: { page },
  client,
  other,
}) => {
  await newProject(page, 'Shop')
  const proxy = await openMuteProxy(other.url)
  try {
    await client.servers.save({ name: 'Silent', url: proxy.through(other.url), tls: 'off' })
    await openSettings(page)
    const group = page.getByRole('region', { name: 'Server', exact: true })
    const dialog = page.getByRole('dialog')
    const begin = async () => {
      await group.getByRole('button', { name: 'Move project' }).click()
      await dialog.getByText('New account').click()
      await dialog.getByLabel('E-mail address').fill(person.email)
      await dialog.getByLabel('Password').fill(person.password)
      await dialog.getByRole('button', { name: 'Move to “Silent”' }).click()
      await expect(dialog.getByRole('progressbar')).toBeVisible()
    }
    proxy.mute()
    await begin()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await page.getByRole('link', { name: 'Overview', exact: true }).click()
    await openSettings(page)
    await expect(group.getByRole('status')).toHaveText('Connecting to the server')
    await group.getByRole('button', { name: 'Show the move' }).click()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog.getByRole('button', { name: 'Move to “Silent”' })).toBeVisible()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(group.getByRole('progressbar')).toHaveCount(0)

    // A server that never answers is said in words, also to whoever did not wait in the dialog.
    await begin()
    await dialog.getByRole('button', { name: 'Go on in the background' }).click()
    await expect(group.getByRole('alert')).toContainText('The database server does not answer.', { timeout: 60_000 })
  } finally {
    await proxy.close()
  }
})

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible()
}
