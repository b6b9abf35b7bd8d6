import { existsSync } from 'node:fs'
import { type Browser, chromium } from '@playwright/test'

export async function launchBrowser(): Promise<Browser> {
  const found = [process.env.TESSERA_CHROMIUM, '/usr/bin/chromium', chromium.executablePath()].find(
    (path) => path !== undefined && existsSync(path),
  )
  return chromium.launch({
    ...(found === undefined ? {} : { executablePath: found }),
    args: ['--no-sandbox', '--disable-background-networking'],
  })
}
