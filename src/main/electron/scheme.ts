import { app, protocol } from 'electron'
import { contentSecurityPolicy, readRendererFile } from '../renderer-files'

const scheme = 'tessera'
const host = 'studio'

export const studioUrl = `${scheme}://${host}/`

/** While developing, electron-vite serves the page, with hot reload. */
export const developmentUrl = app.isPackaged ? null : (process.env.ELECTRON_RENDERER_URL ?? null)

/** Before Electron is ready. A scheme of our own has an origin of its own, which file: has not. */
export function registerStudioScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

export function serveStudio(rendererDir: string): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url)
    const file =
      url.host === host && request.method === 'GET' ? await readRendererFile(rendererDir, url.pathname) : null
    if (file === null) return new Response('Not found', { status: 404 })
    return new Response(new Uint8Array(file.body), {
      headers: {
        ...file.headers,
        'content-security-policy': contentSecurityPolicy(),
        'x-content-type-options': 'nosniff',
      },
    })
  })
}

/** Whether a page is the studio's own. */
export function isStudioPage(url: string): boolean {
  return url.startsWith(studioUrl) || (developmentUrl !== null && url.startsWith(developmentUrl))
}
