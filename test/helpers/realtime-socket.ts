import { WebSocket } from 'ws'
import type { JoinProbe } from './realtime-attacks'

/** A socket of the official client's protocol, by hand. */
export interface RawSocket {
  /** Everything that came. */
  readonly frames: readonly string[]
  /** The code it was closed with; null while it is open. */
  readonly closed: number | null
  send(frame: string | Buffer): void
  /** Answers everything that came for the topic up to its answer, or up to the end of the socket. */
  join(probe: Pick<JoinProbe, 'topic' | 'payload'>): Promise<readonly string[]>
  leave(topic: string): void
  close(): void
}

/** The status of the refusal, when it is not let in. */
export function openSocket(
  base: string,
  apikey: string | undefined,
  version: JoinProbe['version'] = '2.0.0',
  headers: Readonly<Record<string, string>> = {},
): Promise<RawSocket | number> {
  const search = new URLSearchParams({ vsn: version, ...(apikey === undefined ? {} : { apikey }) })
  const socket = new WebSocket(`${base.replace('http', 'ws')}/realtime/v1/websocket?${search}`, { headers })
  const frames: string[] = []
  const listeners = new Set<() => void>()
  let closed: number | null = null
  let ref = 0
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  socket.on('message', (data) => {
    frames.push(String(data))
    tell()
  })
  socket.on('close', (code) => {
    closed = code
    tell()
  })
  const write = (topic: string, event: string, payload: object): string => {
    const own = `own ${++ref}`
    socket.send(
      version === '2.0.0'
        ? JSON.stringify([own, own, topic, event, payload])
        : JSON.stringify({ topic, event, payload, ref: own, join_ref: own }),
    )
    return own
  }
  const raw: RawSocket = {
    frames,
    get closed() {
      return closed
    },
    send: (frame) => socket.send(frame),
    join({ topic, payload }) {
      const from = frames.length
      const own = write(topic, 'phx_join', payload)
      return new Promise((resolve) => {
        const look = (): void => {
          const heard = frames.slice(from)
          const isAnswered = heard.some((frame) => frame.includes('"phx_reply"') && refOf(frame) === own)
          if (!isAnswered && closed === null) return
          listeners.delete(look)
          resolve(heard.filter((frame) => refOf(frame) === own || frame.includes(JSON.stringify(topic))))
        }
        listeners.add(look)
        look()
      })
    },
    leave: (topic) => void write(topic, 'phx_leave', {}),
    close: () => socket.terminate(),
  }
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(raw))
    socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0))
    socket.on('error', (error) => {
      if (closed === null) reject(error)
    })
  })
}

function refOf(frame: string): unknown {
  const message: unknown = JSON.parse(frame)
  if (Array.isArray(message)) return message[1]
  return typeof message === 'object' && message !== null && 'ref' in message ? message.ref : null
}
