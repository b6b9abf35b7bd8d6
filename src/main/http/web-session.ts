import type { IncomingMessage } from 'node:http'
import type { App } from '../app'
import type { HostSession } from '../context'
import { type BrowserSessions, browserSessionLifetime, createBrowserSessions } from './browser-sessions'
import { announceLink, createOneTimeLink, type OneTimeLink } from './one-time-link'

/** How browsers get into the web host: a link that works once, then a cookie. */
export interface WebSession {
  /** The sign-in behind the request's cookie; null when there is no valid cookie. */
  of(request: IncomingMessage): Promise<HostSession | null>
  /** A Set-Cookie value for the right key, once; the cookie that the browser has, if that is valid. */
  enter(key: string, request: IncomingMessage): Promise<string | null>
  /** Tells about a link that is good now, if it is a new one. */
  announceLink(): void
}

export interface WebSessionOptions {
  /** Where this server listens. */
  readonly url: string
  readonly port: number
  readonly link?: OneTimeLink
  readonly announce: (link: string) => void
}

export function createWebSession(
  app: App,
  { url, port, announce, link = createOneTimeLink() }: WebSessionOptions,
): WebSession {
  const sessions: BrowserSessions = createBrowserSessions(app.config.dataDir)
  // One for each browser: two over the same place would spend each other's refresh tokens.
  const opened = new Map<string, HostSession>()
  // Cookies do not know ports, and a second studio may listen on another.
  const cookieName = `tessera_${port}`

  return {
    async of(request) {
      const cookie = readCookie(request.headers.cookie, cookieName)
      const name = cookie === null ? null : await sessions.find(cookie)
      if (name === null) return null
      let session = opened.get(name)
      if (session === undefined) {
        session = app.openSession(app.tokenStore(`browser-${name}`))
        opened.set(name, session)
      }
      return session
    },
    async enter(key, request) {
      if (!link.spend(key)) return null
      // Each start of the studio opens a new link: a new session would sign its person out of a shared server.
      const had = readCookie(request.headers.cookie, cookieName)
      const cookie = had !== null && (await sessions.find(had)) !== null ? had : await sessions.begin()
      return `${cookieName}=${cookie}; Path=/; Max-Age=${browserSessionLifetime}; HttpOnly; SameSite=Strict`
    },
    announceLink: () => announceLink(link, url, announce),
  }
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name && value) return value
  }
  return null
}
