import { spawn } from 'node:child_process'

/** Opens an address in the system's browser, if there is one; the address is printed as well. */
export function openBrowser(url: string): void {
  const [command, ...words] = openers[process.platform] ?? ['xdg-open']
  if (command === undefined) return
  const opener = spawn(command, [...words, url], { stdio: 'ignore', detached: true })
  opener.on('error', () => undefined)
  opener.unref()
}

/** `start` is a word of the shell, and takes a first argument in quotes for the title of its window. */
const openers: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
}
