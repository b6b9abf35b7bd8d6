import { RPCLink } from '@orpc/client/message-port'
import { AppError } from '@shared/app-error'
import { type PortSource, portGiven } from '@shared/handover'
import type { Carrier } from './carrier'
import { connectionSource } from './connection'

/** Asks the preload for this page's port to the host; calls wait until it is there. */
export function messagePortCarrier(source: PortSource, page: Window): Carrier {
  const connection = connectionSource('connecting')
  const port = askForPort(source, page).then((given) => {
    given.start()
    // Electron 25 crashes the page when a port in use is still open while the page is unloaded (by a reload, say).
    page.addEventListener('pagehide', () => given.close(), { once: true })
    connection.set('connected')
    return { given, link: new RPCLink({ port: given }) }
  })
  // Calls report the failure; without any there is nothing to report.
  port.catch(() => connection.set('refused'))
  return {
    link: { call: async (path, input, options) => (await port).link.call(path, input, options) },
    connection,
    close: () => void port.then(({ given }) => given.close()),
  }
}

/** Long enough for a machine under load; the port itself takes some milliseconds. */
const longestWait = 30_000

function askForPort(source: PortSource, page: Window): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      page.removeEventListener('message', receive)
      reject(new AppError('UNAVAILABLE', 'The window could not reach the studio. Close the window and open it again.'))
    }, longestWait)
    const receive = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports
      if (event.source !== page || event.data !== portGiven || port === undefined) return
      clearTimeout(timer)
      page.removeEventListener('message', receive)
      resolve(port)
    }
    page.addEventListener('message', receive)
    source.requestPort()
  })
}
