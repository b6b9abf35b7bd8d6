import type { WebSocket, WebSocketServer } from 'ws'

/** Milliseconds between pings; a socket that missed one answer is ended. */
const heartbeat = 30_000
/** Milliseconds that a peer has to answer a close before it is cut off. */
const patience = 1_000

export interface SocketPulse {
  /** A socket that has just been opened. */
  watch(socket: WebSocket): void
  /** Ends all of them. */
  close(): void
}

/** Ends the sockets of a server whose peers are gone without a word. */
export function createSocketPulse(server: WebSocketServer): SocketPulse {
  const answering = new WeakSet<WebSocket>()
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (answering.delete(socket)) socket.ping()
      else socket.terminate()
    }
  }, heartbeat)
  timer.unref()
  return {
    watch(socket) {
      answering.add(socket)
      socket.on('pong', () => answering.add(socket))
    },
    close() {
      clearInterval(timer)
      // 1001: going away (RFC 6455, section 7.4.1).
      for (const socket of server.clients) socket.close(1001)
      setTimeout(() => {
        for (const socket of server.clients) socket.terminate()
      }, patience).unref()
      server.close()
    },
  }
}
