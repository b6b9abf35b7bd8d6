import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import type { AppError } from '@shared/app-error'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { App } from '../app'
import type { HostSession, RequestContext } from '../context'
import { errorBody } from './error-response'
import { isOwnOrigin } from './host-guard'
import { bodyLimit } from './json-body'
import { createSocketPulse } from './socket-pulse'
import { foreignOrigin, noSession } from './studio-pages'
import type { WebSession } from './web-session'

export interface WebSocketCarrier {
  /** Takes an upgrade to /rpc, if it comes from the studio's own page with a session. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

/** Bytes that may wait for a slow reader before the socket is given up: it will come again and ask anew. */
const mostBuffered = 64 * 1024 * 1024

export function createWebSocketCarrier(app: App, session: WebSession): WebSocketCarrier {
  const server = new WebSocketServer({ noServer: true, maxPayload: bodyLimit, perMessageDeflate: false })
  const handler = new RPCHandler<RequestContext>(app.router, {
    rootInterceptors: [({ next }) => app.calls.pass(next)],
  })
  const pulse = createSocketPulse(server)

  function carry(socket: WebSocket, request: IncomingMessage, found: HostSession): void {
    pulse.watch(socket)
    socket.on('error', (error) => app.logger.debug({ err: error }, 'websocket'))
    void handler.upgrade(guarded(socket), {
      context: {
        principal: () => found.principal(),
        session: found,
        userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
        address: request.socket.remoteAddress ?? null,
      },
    })
  }

  return {
    upgrade(request, socket, head) {
      if (!isOwnOrigin(request)) return refuse(socket, foreignOrigin())
      socket.on('error', () => socket.destroy())
      session.of(request).then(
        (found) => {
          if (found === null) return refuse(socket, noSession())
          server.handleUpgrade(request, socket, head, (open) => carry(open, request, found))
        },
        (error: unknown) => {
          app.logger.error({ err: error }, 'websocket session')
          socket.destroy()
        },
      )
    },
    close: pulse.close,
  }
}

/** Answers an upgrade that is refused, in the form of every error. */
export function refuse(socket: Duplex, error: AppError): void {
  const body = JSON.stringify(errorBody(error))
  const lines = [
    `HTTP/1.1 ${error.status} Refused`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/**
 * The same socket. A message is taken for sent when there is room for it, so fast streams keep to their reader's pace;
 * one that is no call ends the connection (1007, RFC 6455), since whoever sent it is not the studio.
 */
function guarded(socket: WebSocket): Pick<WebSocket, 'addEventListener' | 'send'> {
  const send = (data: string | Buffer | Uint8Array): Promise<void> | undefined => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > mostBuffered) return void socket.terminate()
    return new Promise((resolve) => socket.send(data, () => resolve()))
  }
  return {
    send,
    addEventListener(type, listener, options) {
      const receive: typeof listener = (event) => {
        if (event.type === 'message' && 'data' in event && !isCall(event.data)) socket.close(1007)
        else if (typeof listener === 'function') listener(event)
        else listener.handleEvent(event)
      }
      socket.addEventListener(type, receive, options)
    },
  }
}

/** A call, its abort (4) or an event of a stream it sends (3), as oRPC writes them. Nothing here takes binary data. */
const message = z.union([
  z.object({ i: z.string(), t: z.literal(1).optional(), p: z.object({ u: z.string().startsWith('/') }) }),
  z.object({ i: z.string(), t: z.literal(3), p: z.object({ e: z.string() }) }),
  z.object({ i: z.string(), t: z.literal(4) }),
])

function isCall(data: unknown): boolean {
  try {
    return typeof data === 'string' && message.safeParse(JSON.parse(data)).success
  } catch {
    return false
  }
}
