import { createORPCClient } from '@orpc/client'
import type { SupportedMessagePort } from '@orpc/client/message-port'
import { RPCLink } from '@orpc/client/message-port'
import { RPCHandler } from '@orpc/server/message-port'
import type { App } from '../../src/main/app'
import type { HostSession, RequestContext } from '../../src/main/context'
import type { StudioClient } from '../../src/renderer/src/bridge/api'

export interface OpenCarrier {
  readonly client: StudioClient
  close(): Promise<void>
}

/** The wire format without a wire: what one end posts, the other receives in a later turn. */
export function openMemoryCarrier(app: App, session: HostSession): OpenCarrier {
  const [inside, outside] = memoryPorts()
  return openPortCarrier(app, session, inside, outside, async () => inside.close())
}

/** A client on `outside` of the router on `inside`. */
export function openPortCarrier(
  app: App,
  session: HostSession,
  inside: SupportedMessagePort,
  outside: SupportedMessagePort,
  close: () => Promise<void>,
): OpenCarrier {
  new RPCHandler<RequestContext>(app.router, { rootInterceptors: [({ next }) => app.calls.pass(next)] }).upgrade(
    inside,
    {
      context: { principal: () => session.principal(), session, userAgent: 'tests', address: null },
    },
  )
  const client: StudioClient = createORPCClient(new RPCLink({ port: outside }))
  return { client, close }
}

interface MemoryPort {
  postMessage(data: unknown): void
  on(event: string, listen: (event?: { data: unknown }) => void): void
  close(): void
}

function memoryPorts(): [MemoryPort, MemoryPort] {
  const ends = [
    new Map<string, (event?: { data: unknown }) => void>(),
    new Map<string, (event?: { data: unknown }) => void>(),
  ]
  const portOf = (own: number): MemoryPort => ({
    postMessage(data) {
      const copy: unknown = structuredClone(data)
      queueMicrotask(() => ends[1 - own]?.get('message')?.({ data: copy }))
    },
    on: (event, listen) => void ends[own]?.set(event, listen),
    close() {
      for (const end of ends) queueMicrotask(() => end.get('close')?.())
    },
  })
  return [portOf(0), portOf(1)]
}
