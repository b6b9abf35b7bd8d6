import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type Page } from '@playwright/test'
import { desktopLaunch, electronExecutable } from '../e2e/studio'
import { emptyPage, type Host, measureStarts } from './start-to-usable'

export const name = 'Start to usable: from the start of the process to the first painted table, in the window'

export async function run(print: (line: string) => void): Promise<void> {
  const electron = electronExecutable()
  if (electron === null) print('There is no Electron runtime or no display here.')
  else await measureStarts(print, async (dataDir) => openDesktop(electron, dataDir))
}

async function openDesktop(executablePath: string, dataDir: string): Promise<Host> {
  const plain = await mkdtemp(join(tmpdir(), 'tessera-plain-window-'))
  await writeFile(join(plain, 'package.json'), JSON.stringify({ name: 'plain-window', main: 'main.js' }))
  await writeFile(
    join(plain, 'main.js'),
    `const { app, BrowserWindow } = require('electron')
     app.whenReady().then(() => new BrowserWindow().loadURL(${JSON.stringify(emptyPage)}))`,
  )
  const studio = desktopLaunch(dataDir)
  const open = async (launch: typeof studio, see: (page: Page) => Promise<unknown>): Promise<number> => {
    const start = performance.now()
    const app = await _electron.launch({ executablePath, ...launch })
    await see(await app.firstWindow())
    const took = performance.now() - start
    await app.close()
    return took
  }
  return {
    start: (see) => open(studio, see),
    blank: () =>
      open({ ...studio, args: [plain, ...studio.args.slice(1)] }, (page) => page.getByRole('heading').waitFor()),
    close: () => rm(plain, { recursive: true, force: true }),
  }
}
