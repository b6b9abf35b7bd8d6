import { createORPCClient } from '@orpc/client'
import { WebSocket } from 'ws'
import type { StudioClient } from '../../src/renderer/src/bridge/api'
import type { Carrier } from '../../src/renderer/src/bridge/carrier'
import { webSocketCarrier } from '../../src/renderer/src/bridge/websocket-carrier'

/** What a browser keeps after it has opened a one-time link. */
export async function openLink(link: string): Promise<string> {
  const response = await fetch(link, { redirect: 'manual' })
  const cookie = response.headers.get('set-cookie')?.split(';')[0]
  if (cookie === undefined) throw new Error(`The link set no cookie: ${response.status}`)
  return cookie
}

export interface WebClient {
  readonly client: StudioClient
  readonly carrier: Carrier
  /** The sockets that were opened, newest last. */
  readonly sockets: readonly WebSocket[]
}

/** The renderer's own carrier, with the headers that a browser would send. */
export function openWebClient(url: string, cookie: string, options: { readonly patience?: number } = {}): WebClient {
  const sockets: WebSocket[] = []
  const carrier = webSocketCarrier(`${url.replace('http', 'ws')}/rpc`, {
    ...options,
    firstDelay: 20,
    open(address) {
      const socket = openSocket(address, { origin: url, cookie })
      sockets.push(socket)
      return socket as unknown as globalThis.WebSocket
    },
  })
  const client: StudioClient = createORPCClient(carrier.link)
  return { client, carrier, sockets }
}

/** Like a browser's: a failure is a close, and nothing is thrown at nobody. */
export function openSocket(address: string, headers: Record<string, string>): WebSocket {
  return new WebSocket(address, { headers }).on('error', () => undefined)
}
