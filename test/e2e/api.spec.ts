import { makeProject } from './sample'
import { axeFindings, expect, test } from './studio'

test('the API page: calls with the real key, keys that are shown once, rules and their trial, and the log', async ({
  studio,
  client,
}) => {
  const { page } = studio
  const { projectId, databaseId } = await makeProject(client)
  for (const email of ['ada@example.org', 'grace@example.org'])
    await client.endUsers.create({ databaseId, email, password: 'correct horse battery' })
  await page.goto(new URL(`/projects/${projectId}/api`, page.url()).href)
  await expect(page.getByText(/createClient\('http:.*\/p\/\w+', 'tessera_pub_/)).toBeVisible()
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByText('401', { exact: true })).toBeVisible()

  await page.getByRole('link', { name: 'Change the access rules' }).click()
  await expect(page.getByRole('radio', { name: 'Access rules' })).toBeChecked()
  await page.getByRole('radio', { name: 'Keys' }).click()
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('web app')
  await dialog.getByLabel('Name').press('Enter')
  await expect(page.getByRole('dialog', { name: 'The new key' }).getByText(/tessera_pub_/)).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('web app')).toBeVisible()
  await page.getByRole('button', { name: 'Rotate' }).first().click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Rotate key' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('Replaced', { exact: true })).toBeVisible()

  await page.getByRole('radio', { name: 'Access rules' }).click()
  await page.getByRole('combobox', { name: 'Read users' }).click()
  await page.getByRole('option', { name: 'Everybody' }).click()
  await expect(page.getByText('Everybody may read every record.')).toBeVisible()
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Conditions and hidden columns of users' }).click()
  const sheet = page.getByRole('dialog', { name: 'Access to users' })
  await sheet.getByRole('region', { name: 'Read' }).getByRole('button', { name: 'Only where' }).click()
  const composer = page.getByRole('dialog', { name: 'Add a condition' })
  for (const word of ['full_name', 'contains', 'Ada']) {
    await composer.getByRole('combobox').fill(word)
    await page.keyboard.press('Enter')
  }
  await expect(sheet.getByText('Everybody may read records that match the condition.')).toBeVisible()
  await sheet.getByRole('checkbox', { name: 'avatar_url' }).click()
  expect(await axeFindings(page)).toEqual([])
  await sheet.getByRole('button', { name: 'Save rules' }).click()
  await expect(sheet).toBeHidden()
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'users' }) })
  await expect(row.getByRole('img', { name: 'on a condition' })).toBeVisible()
  await expect(row.getByText('1 column')).toBeVisible()

  await page.getByRole('combobox', { name: 'As' }).click()
  await page.getByPlaceholder('Search people').fill('grace')
  await expect(page.getByRole('option', { name: 'ada@example.org' })).toBeHidden()
  await expect(page.getByRole('option', { name: 'grace@example.org' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: 'As' })).toHaveText('grace@example.org')

  await page.getByRole('radio', { name: 'Limits' }).click()
  await page.getByRole('textbox', { name: 'Origins' }).fill('https://app.example.org')
  await page.getByRole('textbox', { name: 'Requests a minute of one key' }).fill('1000')
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Save limits' }).click()
  await expect(page.getByText('The limits are saved.')).toBeVisible()
  await page.getByRole('textbox', { name: 'Origins' }).fill('app.example.org/path')
  await page.getByRole('button', { name: 'Save limits' }).click()
  await expect(page.getByRole('alert')).toContainText('An origin looks like')

  await page.getByRole('radio', { name: 'Requests' }).click()
  await expect(page.getByText('What apps ask of this project appears here.')).toBeVisible()
  await page.getByRole('combobox', { name: 'Method' }).click()
  await page.getByRole('option', { name: 'DELETE' }).click()
  await expect(page.getByText('Nothing matches these filters.')).toBeVisible()
  expect(await axeFindings(page)).toEqual([])

  await page.goto(new URL(`/projects/${projectId}`, page.url()).href)
  await expect(page.getByText(/createClient\('http:.*\/p\/\w+', 'tessera_pub_/)).toBeVisible()
})
