import { readFile } from 'node:fs/promises'
import { openSample, people, threePeople } from './sample'
import { expect, test } from './studio'

const csv = `Name,Age,Joined,Note
Ada,36,2026-01-02,"first, of all"
Grace,45,2026-01-03,
Linus,x,2026-01-04,wrong age
`

test('a CSV file is looked at, imported into a new table, and undone', async ({ studio: { page }, client }) => {
  await openSample(page, client, people, threePeople)
  await page.getByRole('button', { name: 'Import a file' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import a file' })
  await dialog
    .getByLabel('File to import')
    .setInputFiles({ name: 'Team.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await expect(dialog.getByRole('textbox', { name: 'Name of the table' })).toHaveValue('team')
  await expect(dialog.getByRole('switch', { name: 'The first row names the columns' })).toBeChecked()
  await expect(dialog.getByRole('region', { name: 'First records' })).toContainText('first, of all')

  // What was guessed can be changed: the age is a number, whatever the third row says.
  await dialog.getByRole('combobox', { name: 'Type of Age' }).click()
  await page.keyboard.type('integer')
  await page.keyboard.press('Enter')
  await dialog.getByRole('checkbox', { name: 'Import Note' }).click()
  await dialog.getByRole('button', { name: 'Import 3 records' }).click()
  const done = page.getByRole('dialog', { name: 'Imported' })
  await expect(done.getByRole('status')).toContainText('2 records imported, 1 rejected')
  await expect(done.getByRole('row').filter({ hasText: 'is not a whole number' })).toContainText('4')

  const download = page.waitForEvent('download')
  await done.getByRole('button', { name: 'Save the rejected records' }).click()
  const file = await (await download).path()
  expect(await readFile(file, 'utf8')).toContain('Linus,x')

  await done.getByRole('button', { name: 'Undo the import' }).click()
  await expect(done).toBeHidden()
  await expect(page.getByRole('link', { name: /^team/ })).toHaveCount(0)
})

test('rows that are pasted go into a table that is there, by its key', async ({ studio: { page }, client }) => {
  const { databaseId } = await openSample(
    page,
    client,
    {
      name: 'stock',
      columns: [
        { name: 'code', type: 'text', primary_key: true },
        { name: 'amount', type: 'integer' },
      ],
    },
    [{ code: 'a', amount: 1 }],
  )
  await page.getByRole('button', { name: 'Actions for stock' }).click()
  await page.getByRole('menuitem', { name: 'Import into it' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import into stock' })
  await dialog.getByRole('textbox', { name: 'Or paste rows' }).fill('code\tamount\na\t5\nb\t6\n')
  await dialog.getByRole('button', { name: 'Read the pasted rows' }).click()
  await dialog.getByRole('combobox', { name: 'Records that are there' }).click()
  await page.getByRole('option', { name: 'Change those with the same key, add the rest' }).click()
  await dialog.getByRole('button', { name: 'Import 2 records' }).click()
  await expect(page.getByRole('dialog', { name: 'Imported' }).getByRole('status')).toContainText(
    '1 record imported, 1 changed',
  )
  const { records } = await client.records.query({
    databaseId,
    tableName: 'stock',
    sort: [{ column: 'code', direction: 'asc' }],
  })
  expect(records).toMatchObject([
    { code: 'a', amount: 5 },
    { code: 'b', amount: 6 },
  ])
})

test('a file is dropped on the tables, on a table, and on the dialog', async ({ studio: { page }, client }) => {
  const { databaseId } = await openSample(page, client, people, threePeople)
  const dropped = async (name: string, text: string) =>
    page.evaluateHandle(
      ([fileName, content]) => {
        const transfer = new DataTransfer()
        transfer.items.add(new File([content], fileName, { type: 'text/csv' }))
        return transfer
      },
      [name, text] as const,
    )
  // Over a table: into that table, and it says so while the file is held over it.
  const grid = page.getByRole('grid', { name: 'Records of people' })
  const more = await dropped('more.csv', 'name,age\nBarbara,60\n')
  await grid.dispatchEvent('dragenter', { dataTransfer: more })
  await expect(page.getByText('Import into people', { exact: true })).toBeVisible()
  await grid.dispatchEvent('dragleave', { dataTransfer: more })
  await expect(page.getByText('Import into people', { exact: true })).toBeHidden()
  await grid.dispatchEvent('dragenter', { dataTransfer: more })
  await grid.dispatchEvent('dragover', { dataTransfer: more })
  await grid.dispatchEvent('drop', { dataTransfer: more })
  const into = page.getByRole('dialog', { name: 'Import into people' })
  await into.getByRole('button', { name: 'Import 1 record' }).click()
  const done = page.getByRole('dialog', { name: 'Imported' })
  await expect(done.getByRole('status')).toContainText('1 record imported')
  await page.keyboard.press('Escape')
  await expect(done).toBeHidden()
  await expect(grid).toContainText('Barbara')

  // Beside the tables: a new one, or another file in the dialog that is open.
  const list = page.getByRole('list', { name: 'Tables' })
  await list.dispatchEvent('drop', { dataTransfer: await dropped('Cities.csv', 'city\nOslo\nRoma\n') })
  const dialog = page.getByRole('dialog', { name: 'Import a file' })
  await expect(dialog.getByRole('textbox', { name: 'Name of the table' })).toHaveValue('cities')
  await dialog.getByRole('button', { name: 'Import 2 records' }).click()
  await expect(done.getByRole('status')).toContainText('2 records imported')
  await page.keyboard.press('Escape')
  await expect(list.getByRole('link', { name: /^cities/ })).toBeVisible()
  await page.getByRole('button', { name: 'Import a file' }).click()
  const source = dialog.getByText('Drop a file here')
  await source.dispatchEvent('drop', { dataTransfer: await dropped('Rivers.csv', 'river\nRhein\n') })
  await dialog.getByRole('button', { name: 'Import 1 record' }).click()
  await expect(done.getByRole('status')).toContainText('1 record imported')
  const { tables } = await client.tables.list({ databaseId })
  expect(tables.map(({ table_name }) => table_name).sort()).toEqual(['cities', 'people', 'rivers', 'users'])
})

test('a table and the database are exported whole', async ({ studio: { page }, client }) => {
  await openSample(page, client, people, threePeople)
  await page.getByRole('button', { name: 'Actions for people' }).click()
  await page.getByRole('menuitem', { name: 'Export', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Export people' })
  await dialog.getByRole('radio', { name: /^JSON/ }).click()
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Export' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toMatch(/^people-.*\.json$/)
  expect(JSON.parse(await readFile(await saved.path(), 'utf8'))).toHaveLength(3)
  await expect(dialog).toBeHidden()

  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('export the database')
  await page.keyboard.press('Enter')
  const all = page.getByRole('dialog', { name: 'Export the database' })
  const second = page.waitForEvent('download')
  await all.getByRole('button', { name: 'Export' }).click()
  expect(await readFile(await (await second).path(), 'utf8')).toContain('CREATE TABLE public."people"')
  await expect(all).toBeHidden()

  // As JSON it comes back as its tables: into those that are there, and into new ones.
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('export the database')
  await page.keyboard.press('Enter')
  await all.getByRole('radio', { name: /^JSON/ }).click()
  const third = page.waitForEvent('download')
  await all.getByRole('button', { name: 'Export' }).click()
  const json = JSON.parse(await readFile(await (await third).path(), 'utf8'))
  await page.getByRole('button', { name: 'Import a file' }).click()
  const back = page.getByRole('dialog', { name: 'Import a file' })
  await back.getByLabel('File to import').setInputFiles({
    name: 'back.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ ...json, notes: [{ text: 'first' }] })),
  })
  await expect(back.getByLabel('Tables of the same name')).toContainText('Change those with the same key')
  await expect(back.getByRole('row', { name: /people is there/ })).toContainText('3')
  await expect(back.getByRole('row', { name: /notes new/ })).toContainText('1')
  await back.getByRole('button', { name: 'Import 4 records' }).click()
  await expect(page.getByRole('dialog', { name: 'Imported' }).getByRole('status')).toContainText(
    '1 record imported, 3 changed',
  )
  await page.getByRole('dialog', { name: 'Imported' }).getByRole('button', { name: 'Undo the import' }).click()
  await expect(page.getByRole('link', { name: /^notes/ })).toHaveCount(0)
})
