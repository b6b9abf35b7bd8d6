import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

/** One file of the built renderer, as every host serves it. */
export interface RendererFile {
  readonly body: Buffer<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

/**
 * What the page may load and reach. Styles may be inline: Radix and the virtualised grid position with style
 * attributes. `connect` is the WebSocket of the web host; older browsers do not count it as 'self'.
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    ["connect-src 'self'", ...connect].join(' '),
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ')
}

/**
 * The file at an address; index.html for every address that is a place inside the studio (it has no file extension),
 * null for a file that is not there.
 */
export async function readRendererFile(folder: string, address: string): Promise<RendererFile | null> {
  const path = decode(address)
  if (path === null) return null
  const name = extname(path) === '' ? '/index.html' : path
  const full = normalize(join(folder, name))
  if (!full.startsWith(folder + sep)) return null
  const type = types[extname(full).toLowerCase()]
  if (type === undefined) return null
  try {
    return { body: await readFile(full), headers: { 'content-type': type, 'cache-control': caching(name) } }
  } catch {
    return null
  }
}

function decode(address: string): string | null {
  try {
    const path = decodeURIComponent(address)
    return path.includes('\0') ? null : path
  } catch {
    return null
  }
}

/** Files below /assets carry a hash of their content in their name. */
function caching(name: string): string {
  return name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}
