import { Client } from 'pg'

export interface Notifications {
  listen(channel: string, receive: (payload: string) => void): () => void
  close(): Promise<void>
}

/**
 * One connection for all channels, made when the first is listened to. A lost connection is made again (0.1 s later,
 * then less often, at least every 5 s) and listens again; what was sent in between is gone, as LISTEN has it.
 */
export function openNotifications(connectionString: string, onError: (error: unknown) => void): Notifications {
  const channels = new Map<string, Set<(payload: string) => void>>()
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let closed = false

  async function connect(): Promise<void> {
    timer = undefined
    const fresh = new Client({ connectionString, application_name: 'tessera-listen', keepAlive: true })
    client = fresh
    fresh.on('error', (error) => lose(fresh, error))
    fresh.on('end', () => lose(fresh, new Error('The listening connection ended')))
    fresh.on('notification', ({ channel, payload }) => {
      for (const receive of channels.get(channel) ?? []) receive(payload ?? '')
    })
    try {
      await fresh.connect()
      for (const channel of channels.keys()) await fresh.query(`listen ${fresh.escapeIdentifier(channel)}`)
      failures = 0
    } catch (error) {
      lose(fresh, error)
    }
  }

  function lose(lost: Client, error: unknown): void {
    if (client !== lost) return
    client = undefined
    lost.end().catch(() => undefined)
    if (closed) return
    onError(error)
    failures += 1
    timer = setTimeout(() => void connect(), Math.min(5000, 100 * 2 ** (failures - 1)))
  }

  function tell(statement: 'listen' | 'unlisten', channel: string): void {
    const current = client
    // Without a connection there is nothing to tell: the next one listens to all channels there are by then.
    current?.query(`${statement} ${current.escapeIdentifier(channel)}`).catch((error: unknown) => lose(current, error))
  }

  return {
    listen(channel, receive) {
      const receivers = channels.get(channel) ?? new Set()
      receivers.add(receive)
      if (!channels.has(channel)) {
        channels.set(channel, receivers)
        if (client !== undefined) tell('listen', channel)
        else if (timer === undefined && !closed) void connect()
      }
      return () => {
        receivers.delete(receive)
        if (receivers.size > 0 || channels.get(channel) !== receivers) return
        channels.delete(channel)
        tell('unlisten', channel)
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
