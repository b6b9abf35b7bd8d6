import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import type { Page } from '@playwright/test'
import type { Contract } from '@shared/contract'
import { WebSocket } from 'ws'

export interface OpenClient {
  readonly client: ContractRouterClient<Contract>
  close(): void
}

/** Calls as the page makes them, with its cookie: what a test needs to be there, and what another window does. */
export async function openClient(page: Page): Promise<OpenClient> {
  const { origin } = new URL(page.url())
  const cookies = await page.context().cookies(origin)
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/rpc`, {
    headers: { origin, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
  })
  await new Promise((done, failed) => socket.once('open', done).once('error', failed))
  return {
    client: createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })),
    close: () => socket.close(),
  }
}
