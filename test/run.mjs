// `npm test`: everything, on a fresh machine. Finds or installs a browser, then runs the checks, the build and the
// end-to-end tests. Any argument is handed to Playwright.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

const environment = { ...process.env, TESSERA_CHROMIUM: await findBrowser() }

run('npm', ['run', 'check'])
run('npm', ['run', 'build'])
// A window needs a display: a virtual one where there is none.
const virtual = process.platform === 'linux' && !process.env.DISPLAY && onPath('xvfb-run') !== null
const playwright = ['playwright', 'test', ...process.argv.slice(2)]
if (virtual) run('xvfb-run', ['-a', 'npx', ...playwright])
else run('npx', playwright)

/** An installed browser; else Playwright's own; else Debian's. */
async function findBrowser() {
  const installed = () =>
    process.env.TESSERA_CHROMIUM ??
    (exists(chromium.executablePath()) ? chromium.executablePath() : null) ??
    ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(onPath).find((path) => path !== null)
  const found = installed()
  if (found) return found
  console.log('No browser found. Installing one for the end-to-end tests ...')
  attempt('npx', ['playwright', 'install', '--with-deps', 'chromium'])
  if (!installed() && onPath('apt-get')) {
    attempt('apt-get', ['update', '-qq'])
    attempt('apt-get', ['install', '-y', '-qq', 'chromium', 'xvfb'])
  }
  const made = installed()
  if (made) return made
  console.error('No browser could be installed. Install Chromium, or name one with TESSERA_CHROMIUM=/path/to/it.')
  process.exit(1)
}

function onPath(name) {
  const folder = (process.env.PATH ?? '').split(delimiter).find((folder) => exists(join(folder, name)))
  return folder === undefined ? null : join(folder, name)
}

function exists(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function attempt(command, args) {
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
}

function run(command, args) {
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: environment,
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}
