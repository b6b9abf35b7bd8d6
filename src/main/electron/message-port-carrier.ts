import { RPCHandler } from '@orpc/server/message-port'
import { portGiven, portWanted } from '@shared/handover'
import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain } from 'electron'
import type { Logger } from 'pino'
import type { App } from '../app'
import type { RequestContext } from '../context'
import { isStudioPage } from './scheme'

/**
 * Gives each page of the studio one port to the router. Only the main frame of our own scheme gets it; whatever else
 * might run in a window is not answered. Calls that come before the studio is open wait in the port.
 */
export function carryOverMessagePorts(opening: Promise<App>, logger: Logger): void {
  const carrier = opening.then((app) => ({
    session: app.openSession(app.tokenStore('desktop')),
    handler: new RPCHandler<RequestContext>(app.router, {
      rootInterceptors: [({ next }) => app.calls.pass(next)],
    }),
  }))
  const ports = new Map<number, MessagePortMain>()

  ipcMain.on(portWanted, (event) => {
    const frame = ownMainFrame(event)
    if (frame === null) {
      logger.warn('a page that is not the studio asked for a port')
      return
    }
    const { port1, port2 } = new MessageChannelMain()
    // A page that was loaded anew asks again; what the old one had asked for is cancelled.
    ports.get(event.sender.id)?.close()
    ports.set(event.sender.id, port1)
    // Whoever opens the studio hears that it failed.
    carrier.then(
      ({ handler, session }) => {
        handler.upgrade(port1, {
          context: { principal: () => session.principal(), session, userAgent: 'Tessera Studio', address: null },
        })
        port1.start()
      },
      () => undefined,
    )
    frame.postMessage(portGiven, null, [port2])
  })
}

function ownMainFrame({ sender, senderFrame }: IpcMainEvent) {
  if (senderFrame === null || senderFrame !== sender.mainFrame || !isStudioPage(senderFrame.url)) return null
  return senderFrame
}
