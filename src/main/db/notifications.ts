import { Client } from 'pg'
import { reach } from './pool'

export interface Notifications {
  /**
   * `onListening` is called whenever Postgres has begun to listen on the channel: at once when it does already, and
   * again after every lost connection. What was committed before that may not have been told.
   */
  listen(channel: string, receive: (payload: string) => void, onListening?: () => void): () => void
  close(): Promise<void>
}

interface Receiver {
  readonly receive: (payload: string) => void
  readonly onListening: () => void
}

interface Channel {
  readonly receivers: Set<Receiver>
  /** Postgres has confirmed it on the connection that is there now. */
  listening: boolean
}

/**
 * One connection for all channels, made when the first is listened to. A lost connection is made again (0.1 s later,
 * then less often, at least every 5 s) and listens again; what was sent in between is gone, as LISTEN has it.
 */
export function openNotifications(connectionString: string, onError: (error: unknown) => void): Notifications {
  const channels = new Map<string, Channel>()
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let closed = false
  /** Settles when the last statement has: a client takes one after the other. */
  let said: Promise<unknown> = Promise.resolve()

  async function connect(): Promise<void> {
    timer = undefined
    const fresh = new Client({ connectionString, application_name: 'tessera-listen', ...reach })
    client = fresh
    fresh.on('error', (error) => lose(fresh, error))
    fresh.on('end', () => lose(fresh, new Error('The listening connection ended')))
    fresh.on('notification', ({ channel, payload }) => {
      for (const { receive } of channels.get(channel)?.receivers ?? []) receive(payload ?? '')
    })
    try {
      said = fresh.connect()
      await said
      for (const [name, channel] of channels) await begin(fresh, name, channel)
      failures = 0
    } catch (error) {
      lose(fresh, error)
    }
  }

  async function begin(current: Client, name: string, channel: Channel): Promise<void> {
    await say(current, `listen ${current.escapeIdentifier(name)}`)
    if (client !== current || channels.get(name) !== channel || channel.listening) return
    channel.listening = true
    for (const { onListening } of channel.receivers) onListening()
  }

  function say(current: Client, statement: string): Promise<unknown> {
    const turn = said.then(() => current.query(statement))
    said = turn
    return turn
  }

  function lose(lost: Client, error: unknown): void {
    if (client !== lost) return
    client = undefined
    for (const channel of channels.values()) channel.listening = false
    lost.end().catch(() => undefined)
    if (closed) return
    onError(error)
    failures += 1
    timer = setTimeout(() => void connect(), Math.min(5000, 100 * 2 ** (failures - 1)))
  }

  function join(name: string): Channel {
    const channel: Channel = { receivers: new Set(), listening: false }
    channels.set(name, channel)
    const current = client
    // Without a connection the next one listens to all channels there are by then.
    if (current !== undefined) begin(current, name, channel).catch((error: unknown) => lose(current, error))
    else if (timer === undefined && !closed) void connect()
    return channel
  }

  function leave(name: string): void {
    channels.delete(name)
    const current = client
    if (current === undefined) return
    say(current, `unlisten ${current.escapeIdentifier(name)}`).catch((error: unknown) => lose(current, error))
  }

  return {
    listen(name, receive, onListening = () => undefined) {
      const receiver: Receiver = { receive, onListening }
      const channel = channels.get(name) ?? join(name)
      channel.receivers.add(receiver)
      if (channel.listening) onListening()
      return () => {
        channel.receivers.delete(receiver)
        if (channel.receivers.size === 0 && channels.get(name) === channel) leave(name)
      }
    },
    async close() {
      closed = true
      clearTimeout(timer)
      const last = client
      client = undefined
      await last?.end().catch(() => undefined)
    },
  }
}
