import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Config } from '../config'
import type { ListenAddress } from './host-guard'
import { listen } from './listen'

/** What is done with those who come. */
export interface Answers {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  broken(error: NodeJS.ErrnoException, socket: Duplex): void
}

/** A server that listens; who comes before it is open waits. */
export interface Door {
  readonly server: Server
  readonly address: ListenAddress
  /** Once. */
  open(answers: Answers): void
}

/**
 * Listens on HOST and PORT at once, so that a browser finds its way here (0.2 s) while the program that answers is read
 * (0.3 s). ConfigError when the address cannot be had.
 */
export async function makeDoor(config: Pick<Config, 'host' | 'port'>): Promise<Door> {
  let open: (answers: Answers) => void = () => undefined
  const opened = new Promise<Answers>((resolve) => {
    open = resolve
  })
  let answers: Answers | null = null
  const then = (answer: (answers: Answers) => void): void => {
    if (answers) answer(answers)
    else void opened.then(answer)
  }
  // Node would refuse one without a Host by itself, and without a word; the host guard does it in the form of all errors.
  const server = createServer({ requireHostHeader: false }, (request, response) =>
    then((by) => by.request(request, response)),
  )
  server.on('upgrade', (request, socket, head) => {
    // Node listens no more: a window that is closed while it waits would end the program.
    socket.on('error', () => socket.destroy())
    then((by) => by.upgrade(request, socket, head))
  })
  server.on('clientError', (error, socket) => then((by) => by.broken(error, socket)))
  // An expectation that is not known may be ignored (RFC 9110, section 10.1.1); Node would answer without a word.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  return {
    server,
    address: { host: config.host, port: await listen(server, config) },
    open(given) {
      answers = given
      open(given)
    },
  }
}
