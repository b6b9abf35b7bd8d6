import { makeProject } from './sample'
import { axeFindings, expect, test } from './studio'

test('the API page: calls with the real key, keys that are shown once, rules and their trial, and the log', async ({
  studio,
  client,
}) => {
  const { page } = studio
  const { projectId } = await makeProject(client)
  await page.goto(new URL(`/projects/${projectId}/api`, page.url()).href)
  await expect(page.getByText(/createClient\('http:.*\/p\/\w+', 'tessera_pub_/)).toBeVisible()
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByText('401', { exact: true })).toBeVisible()

  await page.getByRole('radio', { name: 'Keys' }).click()
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('web app')
  await dialog.getByLabel('Name').press('Enter')
  await expect(page.getByRole('dialog', { name: 'The new key' }).getByText(/tessera_pub_/)).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('web app')).toBeVisible()

  await page.getByRole('radio', { name: 'Access rules' }).click()
  await page.getByRole('combobox', { name: 'Read users' }).click()
  await page.getByRole('option', { name: 'Everybody' }).click()
  await expect(page.getByText('Everybody may read every record.')).toBeVisible()
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('radio', { name: 'Requests' }).click()
  await expect(page.getByText('What apps ask of this project appears here.')).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
})
