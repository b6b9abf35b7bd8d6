import type { Page } from '@playwright/test'
import { startSecondPostgres } from './second-postgres'
import { test as base, expect, newProject } from './studio'

const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know which fixtures are wanted
  environment: async ({}, use) => {
    const { url, stop } = await startSecondPostgres()
    await use({ DATABASE_URL: url })
    await stop()
  },
})

test('people sign up, stay signed in, and see only what is theirs', async ({ studio }) => {
  let { page } = studio
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('button', { name: 'Create an account' }).click()
  await fill(page, 'ada@example.org', 'short')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByText('Use at least 8 characters.')).toBeVisible()
  await fill(page, 'ada@example.org', 'correct horse')
  await page.getByRole('button', { name: 'Create account' }).click()
  await newProject(page, 'Engines')

  await studio.restart()
  page = studio.page
  await expect(page.getByRole('button', { name: 'Project Engines, switch project' })).toBeVisible()
  await expect(page.getByRole('contentinfo')).toContainText('ada@example.org')
  await signOut(page)

  await fill(page, 'ada@example.org', 'wrong horse')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toHaveText('The e-mail address or the password is wrong.')
  await page.getByRole('button', { name: 'Create an account' }).click()
  await fill(page, 'grace@example.org', 'battery staple')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('contentinfo')).toContainText('grace@example.org')
  // Where the window was belongs to somebody else: she sees neither that project nor its name.
  await page.goto(new URL('/projects', page.url()).href)
  await expect(page.getByRole('heading', { name: 'Welcome to Tessera Studio' })).toBeVisible()
  await expect(page.getByText('Engines')).toHaveCount(0)
  await signOut(page)

  await fill(page, 'ada@example.org', 'correct horse')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('contentinfo')).toContainText('ada@example.org')
  await page.goto(new URL('/projects', page.url()).href)
  await expect(page.getByRole('link', { name: 'Engines' })).toBeVisible()
})

async function fill(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByRole('button', { name: 'Sign out here' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
}
