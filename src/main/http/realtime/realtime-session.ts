import type { JsonObject } from '@shared/json'
import type { WebSocket } from 'ws'
import type { App } from '../../app'
import type { AsCaller } from '../../features/api/as-caller.service'
import { toRestError } from '../../features/rest/rest-error'
import { type JoinConfig, readJoin } from './join-config'
import type { PhoenixForm, PhoenixMessage } from './phoenix-message'
import { openChannel, type RealtimeChannel } from './realtime-channel'

/** Of one socket. */
const mostChannels = 100
/** Tables that the channels of one socket follow, each once for every time it is asked for. */
const mostFollowed = 300
/** Bytes that may wait for a slow reader before the socket is given up: it will come again. */
const mostBuffered = 16 * 1024 * 1024

/** What a socket may do. */
export interface Admitted {
  readonly form: PhoenixForm
  readonly asBearer: (bearer: () => string | undefined) => AsCaller
  /** Counts a join like a request. RATE_LIMITED when it is one too many. */
  readonly take: () => Promise<void>
}

interface Joined {
  accessToken: string | undefined
  channel: RealtimeChannel | null
}

interface Waiting {
  readonly asked: PhoenixMessage
  readonly config: JoinConfig
  readonly place: Joined
}

/** The messages of one socket, until it closes. */
export function carry(app: App, socket: WebSocket, { form, asBearer, take }: Admitted): void {
  const joined = new Map<string, Joined>()
  /** By topic. One is opened at a time: a flood of joins is answered by no more than one connection of the database. */
  const waiting = new Map<string, Waiting>()
  let isOpening = false
  let followed = 0

  function send(message: PhoenixMessage): void {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > mostBuffered) socket.terminate()
    else socket.send(form.write(message))
  }

  function reply(to: PhoenixMessage, status: 'ok' | 'error', response: JsonObject = {}): void {
    send({ ...to, event: 'phx_reply', payload: { status, response } })
  }

  function leave(topic: string, place = joined.get(topic)): void {
    place?.channel?.close()
    if (joined.get(topic) !== place) return
    joined.delete(topic)
    waiting.delete(topic)
  }

  function join(asked: PhoenixMessage): void {
    const { topic } = asked
    leave(topic)
    const config = readJoin(asked.payload)
    if (config === null || !topic.startsWith('realtime:'))
      return void reply(asked, 'error', { reason: 'The channel cannot be read.' })
    if (joined.size >= mostChannels)
      return void reply(asked, 'error', { reason: `At most ${mostChannels} channels are open.` })
    const place: Joined = { accessToken: config.accessToken ?? undefined, channel: null }
    joined.set(topic, place)
    waiting.set(topic, { asked, config, place })
    void openWaiting()
  }

  async function openWaiting(): Promise<void> {
    if (isOpening) return
    isOpening = true
    // What comes in meanwhile is taken by the same loop.
    for (const [topic, next] of waiting) {
      waiting.delete(topic)
      if (socket.readyState === socket.OPEN) await open(next)
    }
    isOpening = false
  }

  async function open({ asked, config, place }: Waiting): Promise<void> {
    const { topic, joinRef } = asked
    const tell = (event: string, payload: JsonObject): void => {
      if (joined.get(topic) === place) send({ topic, joinRef, ref: null, event, payload })
    }
    const say = (status: string, message: string): void =>
      tell('system', { channel: topic.slice('realtime:'.length), extension: 'postgres_changes', status, message })
    try {
      await take()
      place.channel = await openChannel({
        db: await app.database(),
        as: asBearer(() => place.accessToken),
        changes: config.changes,
        follow() {
          if (followed === mostFollowed) return false
          followed += 1
          return true
        },
        giveBack(count) {
          followed -= count
        },
        tell,
        ended(because) {
          say('error', because)
          tell('phx_close', {})
          leave(topic, place)
        },
      })
    } catch (error) {
      const known = toRestError(error)
      if (!known) app.logger.error({ err: error }, 'realtime')
      reply(asked, 'error', { reason: known?.message ?? 'Something went wrong on our side. Join again.' })
      return leave(topic, place)
    }
    // It was left, or joined anew, meanwhile.
    if (joined.get(topic) !== place) return place.channel.close()
    reply(asked, 'ok', { postgres_changes: place.channel.bindings })
    if (config.changes.length > 0) say('ok', 'Subscribed to PostgreSQL')
    place.channel.start()
  }

  function receive(message: PhoenixMessage): void {
    const place = joined.get(message.topic)
    switch (message.event) {
      case 'heartbeat':
        reply(message, 'ok')
        break
      case 'phx_join':
        join(message)
        break
      case 'phx_leave':
        leave(message.topic)
        reply(message, 'ok')
        send({ ...message, event: 'phx_close', payload: {} })
        break
      case 'access_token': {
        const { access_token: token } = message.payload
        if (place && typeof token === 'string') place.accessToken = token
        break
      }
      default:
        if (message.ref !== null)
          reply(message, 'error', { reason: 'Channels here tell changes of tables, and nothing else.' })
    }
  }

  socket.on('message', (data, isBinary) => {
    // Broadcasts between clients come as bytes; there is nobody to pass them on to.
    if (isBinary) return
    const message = form.read(data.toString())
    if (message) receive(message)
    else socket.close(1007)
  })
  socket.on('close', () => {
    for (const topic of [...joined.keys()]) leave(topic)
  })
}
