import type { HttpBindings } from '@hono/node-server'
import { AppError } from '@shared/app-error'
import { type Context, Hono } from 'hono'
import { contentSecurityPolicy, readRendererFile } from '../renderer-files'
import { errorResponse, noSuchRoute } from './error-response'
import { isOwnOrigin } from './host-guard'
import { noSessionPage } from './no-session-page'
import type { WebSession } from './web-session'

export interface StudioPagesOptions {
  readonly session: WebSession
  /** `out/renderer`. */
  readonly rendererDir: string
}

/** The studio in a browser: its files, and the way in. */
export function createStudioPages({ session, rendererDir }: StudioPagesOptions) {
  const pages = new Hono<{ Bindings: HttpBindings }>()

  /** Whether the browser still has its session; for a page whose WebSocket does not open. */
  pages.get('/session', async (c) => {
    const { incoming } = c.env
    if (incoming.headers.origin !== undefined && !isOwnOrigin(incoming)) return errorResponse(foreignOrigin())
    if ((await session.of(incoming)) !== null) return new Response(null, { status: 204 })
    return errorResponse(noSession())
  })

  pages.get('*', async (c) => {
    const url = new URL(c.req.url)
    const file = await readRendererFile(rendererDir, url.pathname)
    if (file === null) return errorResponse(noSuchRoute)
    const isPage = file.headers['content-type']?.startsWith('text/html') === true
    if (!isPage) return new Response(file.body, { headers: file.headers })
    const key = url.searchParams.get('key')
    if (key !== null) return enter(c, key)
    if ((await session.of(c.env.incoming)) === null) {
      session.announceLink()
      return html(noSessionPage('none'), 401)
    }
    const policy = contentSecurityPolicy([`ws://${c.req.header('host')}`])
    return new Response(file.body, { headers: { ...file.headers, 'content-security-policy': policy } })
  })

  async function enter(c: Context<{ Bindings: HttpBindings }>, key: string): Promise<Response> {
    const cookie = await session.enter(key, c.env.incoming)
    if (cookie === null) {
      if ((await session.of(c.env.incoming)) !== null) return redirect()
      session.announceLink()
      return html(noSessionPage('spent'), 401)
    }
    // From a page of another site (a web mail, say) the redirect would not carry a SameSite=Strict cookie; a page of
    // our own that leads on does.
    const response =
      c.req.header('sec-fetch-site') === 'cross-site'
        ? html('<!doctype html><title>Tessera Studio</title><meta http-equiv="refresh" content="0;url=/">', 200)
        : redirect()
    response.headers.set('set-cookie', cookie)
    return response
  }

  return pages
}

export function noSession(): AppError {
  return new AppError('UNAUTHENTICATED', 'This browser has no session. Open the link that the studio printed.')
}

export function foreignOrigin(): AppError {
  return new AppError('FORBIDDEN', 'A page of another origin may not use the studio.')
}

function redirect(): Response {
  return new Response(null, { status: 303, headers: { location: '/', 'cache-control': 'no-store' } })
}

function html(body: string, status: number): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(),
    },
  })
}
