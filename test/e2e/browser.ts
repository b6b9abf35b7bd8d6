import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from '@playwright/test'

export async function launchBrowser(more: Pick<LaunchOptions, 'ignoreDefaultArgs'> = {}): Promise<Browser> {
  return chromium.launch({ ...options(), ...more })
}

/** A browser whose profile (cookies, storage) is kept in `folder`, as a person's is. */
export async function launchProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...options(), viewport: { width: 1440, height: 900 } })
}

function options() {
  const found = [process.env.TESSERA_CHROMIUM, '/usr/bin/chromium', chromium.executablePath()].find(
    (path) => path !== undefined && existsSync(path),
  )
  return {
    ...(found === undefined ? {} : { executablePath: found }),
    args: ['--no-sandbox', '--disable-background-networking'],
  }
}
