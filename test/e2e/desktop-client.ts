import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ElectronApplication } from '@playwright/test'
import { portWanted } from '../../src/shared/handover'
import type { OpenClient } from './page-client'

interface MainPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  start(): void
}

/**
 * Calls as a desktop page makes them, over a message port of its own that stays in the main process: it lives on when the
 * page is loaded anew.
 */
export async function openDesktopClient(app: ElectronApplication): Promise<OpenClient> {
  const held = await app.evaluateHandle(({ ipcMain }, wanted) => {
    const arrived: unknown[] = []
    const state: { port: MainPort | null; wake: (() => void) | null } = { port: null, wake: null }
    const frame = {
      url: 'tessera://studio/',
      postMessage(_channel: string, _message: unknown, [given]: readonly [MainPort]) {
        state.port = given
        given.on('message', ({ data }) => {
          arrived.push(data)
          state.wake?.()
        })
        given.start()
      },
    }
    ipcMain.emit(wanted, { sender: { id: -1, mainFrame: frame }, senderFrame: frame })
    return {
      send: (message: string) => state.port?.postMessage(message),
      async next(): Promise<unknown> {
        while (arrived.length === 0)
          await new Promise<void>((done) => {
            state.wake = done
          })
        return arrived.shift()
      },
    }
  }, portWanted)
  let open = true
  const listeners: ((event: { readonly data: unknown }) => void)[] = []
  const listen = async (): Promise<void> => {
    while (open) {
      const data = await held.evaluate((port) => port.next())
      for (const listener of listeners) listener({ data })
    }
  }
  // It ends with the studio.
  listen().catch(() => undefined)
  const port = {
    postMessage: (message: unknown) => void held.evaluate((port, sent) => port.send(sent), String(message)),
    on: (event: string, listener: (event?: { readonly data: unknown }) => void) => {
      if (event === 'message') listeners.push(listener)
    },
  }
  return {
    client: createORPCClient(new RPCLink({ port })),
    close() {
      open = false
    },
  }
}
