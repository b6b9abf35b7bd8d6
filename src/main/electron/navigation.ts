import { type Session, shell, type WebContents } from 'electron'
import { isStudioPage } from './scheme'

/** The only places outside the studio that a link may open, in the system's browser. */
const knownHosts = ['www.postgresql.org', 'docs.mistral.ai', 'console.mistral.ai', 'supabase.com']

/** A window shows the studio and nothing else. */
export function guardNavigation(contents: WebContents): void {
  const stay = (event: { preventDefault(): void }, url: string): void => {
    if (!isStudioPage(url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

/** Writing to the clipboard is what "Copy" does; nothing else is ever asked for. */
const granted = new Set<string>(['clipboard-sanitized-write'])

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(granted.has(permission) && isStudioPage(contents.getURL())),
  )
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => granted.has(permission) && isStudioPage(`${origin}/`),
  )
}

function mayOpenOutside(url: string): boolean {
  try {
    const { protocol, hostname } = new URL(url)
    return protocol === 'https:' && knownHosts.includes(hostname)
  } catch {
    return false
  }
}
