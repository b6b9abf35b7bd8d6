import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server that can go dead as a network does: everything stays open, and nothing comes through. */
export interface MuteProxy {
  /** The same connection string, by this way. */
  through(url: string): string
  /** Connections that are there, and those that come, are silent for ever. */
  mute(): void
  /** Both ends learn that the silent ones are gone, and new ones come through again. */
  heal(): void
  close(): Promise<void>
}

export async function openMuteProxy(target: string): Promise<MuteProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const dead = new WeakSet<Socket>()
  let isMute = false
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    if (isMute) dead.add(near)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => {
        if (!dead.has(near)) other.write(bytes)
      })
      socket.on('close', () => {
        sockets.delete(socket)
        if (!dead.has(near)) other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const own = typeof address === 'object' && address !== null ? address.port : 0
  return {
    through(url) {
      const parsed = new URL(url)
      parsed.hostname = '127.0.0.1'
      parsed.port = String(own)
      return parsed.href
    },
    mute() {
      isMute = true
      for (const socket of sockets) dead.add(socket)
    },
    heal() {
      isMute = false
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
