import { filesHolding } from './files-holding'
import { expect, test } from './studio'

const key = 'sk-of-a-crash-1618-0339'
test.use({ environment: { MISTRAL_API_KEY: key } })

test('what fails writes no key: not to the log, to the person, nor to a file; no crash is reported', async ({
  studio: { app, page, dataDir },
  client,
}) => {
  if (!app) throw new Error('This is a test of the desktop')
  let said = ''
  app.process().stderr?.on('data', (text: Buffer) => {
    said += text.toString()
  })
  await client.assistant.saveSettings({ key: `${key}-own` })

  await app.evaluate(({ dialog }) => {
    Reflect.set(globalThis, 'told', [])
    dialog.showMessageBox = async (options: unknown) => {
      Reflect.get(globalThis, 'told').push(options)
      return { response: 0, checkboxChecked: false }
    }
  })
  await app.evaluate((_, secret) => {
    setTimeout(() => {
      throw new Error(`uncaught here with ${secret}`)
    })
    setTimeout(() => void Promise.reject(new Error(`rejected here with ${secret}-own`)))
  }, key)
  const told = () => app.evaluate(() => JSON.stringify(Reflect.get(globalThis, 'told')))
  await expect.poll(told).toContain('uncaught here with')
  expect(await told()).not.toContain(key)
  await expect.poll(() => said).toContain('uncaught here with (not logged)')
  await expect.poll(() => said).toContain('rejected here with (not logged)')
  // The window goes on.
  await expect(page.getByRole('heading', { name: 'Welcome to Tessera Studio' })).toBeVisible()
  expect(await page.content()).not.toContain(key)

  const crashed = page.waitForEvent('crash')
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
  await crashed
  expect(await app.evaluate(({ crashReporter }) => crashReporter.getUploadedReports().length)).toBe(0)
  expect(await filesHolding(dataDir, key)).toEqual([])
  expect(said).not.toContain(key)
})
