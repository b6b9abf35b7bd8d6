import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '@shared/app-error'
import { WebSocketServer } from 'ws'
import type { App } from '../../app'
import { ratesOf } from '../../features/api/api-projects.service'
import { asCaller } from '../../features/api/as-caller.service'
import { createSocketPulse } from '../socket-pulse'
import { refuse } from '../websocket-carrier'
import { phoenixForm } from './phoenix-message'
import { type Admitted, carry } from './realtime-session'

/** `/p/<ref>/realtime/v1/websocket`: the address that the official client makes of its base. */
const address = /^\/p\/([a-z0-9_-]{1,63})\/realtime\/v1\/websocket$/

/** Bytes of a message. */
const mostReceived = 256 * 1024

export interface RealtimeSockets {
  takes(pathname: string): boolean
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

/** What apps hear over the socket of the official client: `channel().on('postgres_changes', ...)`. */
export function createRealtimeSockets(app: App): RealtimeSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: mostReceived, perMessageDeflate: false })
  const pulse = createSocketPulse(server)

  /** The address, the key and their limits are looked at before anything is opened. */
  async function admitted(request: IncomingMessage): Promise<Admitted> {
    const [pathname = '', search = ''] = (request.url ?? '').split('?', 2)
    const ref = address.exec(pathname)?.[1] ?? ''
    const asked = new URLSearchParams(search)
    const form = phoenixForm(asked.get('vsn'))
    if (form === null) throw new AppError('VALIDATION', 'vsn is 1.0.0 or 2.0.0.')
    const project = await app.apiProjects.find(ref)
    if (!project) throw new AppError('NOT_FOUND', 'There is no project at this address.')
    const rates = ratesOf(project, app.usualRates)
    const from = `${project.projectId} ${request.socket.remoteAddress ?? ''}`
    await app.rates.take([{ kind: 'address', id: from, limit: rates.address }])
    const apikey = asked.get('apikey') ?? [request.headers.apikey].flat()[0]
    const callers = { projects: app.apiProjects, verify: app.verifyEndUser }
    const known = await asCaller(callers, ref, () => ({ apikey, bearer: undefined }))(async ({ who }) => who)
    if (known === null) throw new AppError('UNAUTHENTICATED', 'The key is not one of this project, or it was revoked.')
    const take = async (): Promise<void> => {
      await app.rates.take([{ kind: 'key', id: known.key.id, limit: rates.key }])
    }
    await take()
    await app.quotas.check({ ...project, plan: project.settings.plan }, 'request')
    return { form, take, asBearer: (bearer) => asCaller(callers, ref, () => ({ apikey, bearer: bearer() })) }
  }

  return {
    takes: (pathname) => address.test(pathname),
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      admitted(request).then(
        (allowed) =>
          server.handleUpgrade(request, socket, head, (open) => {
            pulse.watch(open)
            open.on('error', (error) => app.logger.debug({ err: error }, 'realtime'))
            carry(app, open, allowed)
          }),
        (error: unknown) => {
          if (!(error instanceof AppError)) app.logger.error({ err: error }, 'realtime')
          refuse(
            socket,
            error instanceof AppError ? error : new AppError('INTERNAL', 'Something went wrong. Try again.'),
          )
        },
      )
    },
    close: pulse.close,
  }
}
