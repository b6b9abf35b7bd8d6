import { createORPCClient } from '@orpc/client'
import type { PortSource } from '@shared/handover'
import type { Bridge, StudioClient } from './api'
import { messagePortCarrier } from './message-port-carrier'
import { webSocketCarrier } from './websocket-carrier'

declare global {
  interface Window {
    /** Made by the preload; a browser has none. */
    readonly tessera?: PortSource
  }
}

/** The one place of the renderer that knows which host it runs in. */
export function connect(page: Window = window): Bridge {
  const { link, connection } = page.tessera
    ? messagePortCarrier(page.tessera, page)
    : webSocketCarrier(new URL('/rpc', page.location.href.replace(/^http/, 'ws')).href, { hasSession })
  const client: StudioClient = createORPCClient(link)
  return { client, connection }
}

async function hasSession(): Promise<boolean> {
  try {
    const { status } = await fetch('/session')
    return status !== 401
  } catch {
    return true
  }
}
