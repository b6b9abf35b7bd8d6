import { type ClientContext, type ClientLink, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { AppError } from '@shared/app-error'
import type { Carrier } from './carrier'
import { connectionSource } from './connection'
import { pause } from './pause'

type Socket = Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState' | 'close'>

export interface WebSocketCarrierOptions {
  readonly open?: (url: string) => Socket
  /** Milliseconds a call waits for a connection before it fails with UNAVAILABLE. */
  readonly patience?: number
  /** Milliseconds before the first new try; doubled with each, up to 5 s. */
  readonly firstDelay?: number
  /** Asked after a try that never opened: false when the host answers, but knows no session of this browser. */
  readonly hasSession?: () => Promise<boolean>
}

interface OpenLink {
  readonly socket: Socket
  readonly link: ClientLink<ClientContext>
}

const longestDelay = 5_000

/**
 * A WebSocket that is opened again whenever it closes. A call waits for it, is sent once and never again: whether a
 * call that lost its answer was carried out is not known here, so it fails with UNAVAILABLE and its caller decides.
 */
export function webSocketCarrier(url: string, options: WebSocketCarrierOptions = {}): Carrier {
  const { open = openSocket, patience = 10_000, firstDelay = 200, hasSession = async () => true } = options
  const connection = connectionSource('connecting')
  const closing = new AbortController()
  let current: OpenLink | null = null
  void keepOpen()

  async function keepOpen(): Promise<void> {
    for (let failures = 0; !closing.signal.aborted; ) {
      const opened = await tryOnce()
      if (closing.signal.aborted) return
      if (!opened && !(await hasSession())) return connection.set('refused')
      failures = opened ? 0 : failures + 1
      if (connection.current() === 'connected') connection.set('reconnecting')
      const delay = Math.min(firstDelay * 2 ** failures, longestDelay)
      await pause(delay * (0.75 + Math.random() / 2), closing.signal)
    }
  }

  /** Resolves when the socket has closed, with whether it had been open. */
  function tryOnce(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = open(url)
      const opened: OpenLink = { socket, link: new RPCLink({ websocket: socket }) }
      socket.addEventListener('open', () => {
        current = opened
        connection.set('connected')
      })
      socket.addEventListener('close', () => {
        const wasOpen = current === opened
        current = null
        resolve(wasOpen)
      })
      closing.signal.addEventListener('abort', () => socket.close(), { once: true })
    })
  }

  async function connected(signal: AbortSignal | undefined): Promise<OpenLink> {
    if (current === null) await change(connection, () => current !== null, patience, signal)
    if (signal?.aborted) throw signal.reason
    if (current !== null) return current
    const refused = connection.current() === 'refused'
    throw refused
      ? new AppError('UNAUTHENTICATED', 'This browser is not signed in to the studio. Open a new link from its window.')
      : new AppError('UNAVAILABLE', 'The studio does not answer. It is tried again until it does.')
  }

  return {
    link: {
      async call(path, input, callOptions) {
        const { link, socket } = await connected(callOptions.signal)
        try {
          return await link.call(path, input, callOptions)
        } catch (error) {
          const answered = error instanceof ORPCError || callOptions.signal?.aborted === true
          if (answered || socket.readyState === openState) throw error
          throw new AppError(
            'UNAVAILABLE',
            'The connection was lost before the answer came. Look whether it was done.',
            {
              cause: error,
            },
          )
        }
      },
    },
    connection,
    close: () => closing.abort(),
  }
}

/** `WebSocket.OPEN`, also where there is no such global. */
const openState = 1

function openSocket(url: string): Socket {
  return new WebSocket(url)
}

/** Waits until `done`, for so long at most; every change of the connection is looked at. */
function change(
  connection: Carrier['connection'],
  done: () => boolean,
  longest: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const ended = new AbortController()
    const look = (): void => {
      if (done() || connection.current() === 'refused') end()
    }
    const unsubscribe = connection.subscribe(look)
    const end = (): void => {
      unsubscribe()
      signal?.removeEventListener('abort', end)
      ended.abort()
      resolve()
    }
    signal?.addEventListener('abort', end, { once: true })
    void pause(longest, ended.signal).then(end)
    look()
  })
}
