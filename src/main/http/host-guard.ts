import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export interface ListenAddress {
  /** As configured: a name or an IP address. */
  readonly host: string
  readonly port: number
}

const loopback = ['127.0.0.1', 'localhost', '[::1]']
const wildcards = ['0.0.0.0', '::']

/**
 * Whether a request was meant for this server. A page of somebody else's can point its own name at 127.0.0.1 (DNS
 * rebinding), but the Host header still says that name.
 */
export function isOwnHost(
  host: string | undefined,
  listening: ListenAddress,
  publicHosts: readonly string[] = [],
): boolean {
  const { name, port } = splitHost(host ?? '')
  if (publicHosts.includes(name) || publicHosts.includes(host?.toLowerCase() ?? '')) return true
  if (port !== listening.port) return false
  if (loopback.includes(name) || name === bracketed(listening.host).toLowerCase()) return true
  // No name is involved in an IP address, so it cannot be rebound.
  return wildcards.includes(listening.host) && isIP(name.replace(/^\[|\]$/g, '')) !== 0
}

/** Whether the page that asks is the studio's own: its origin is the very address it asks. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host?.toLowerCase()}`
}

/** `http://HOST:PORT`, as it is printed and opened. */
export function urlOf({ host, port }: ListenAddress): string {
  return `http://${wildcards.includes(host) ? '127.0.0.1' : bracketed(host)}:${port}`
}

function splitHost(host: string): { readonly name: string; readonly port: number } {
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host.toLowerCase())
  return { name: match?.[1] ?? '', port: Number(match?.[2] ?? 80) }
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}
