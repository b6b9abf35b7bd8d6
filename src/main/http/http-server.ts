import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server'
import { AppError } from '@shared/app-error'
import { Hono } from 'hono'
import type { App } from '../app'
import { ratesOf } from '../features/api/api-projects.service'
import { rateHeaders } from '../features/api/rates'
import { createDataApi } from './data-api'
import { type Door, makeDoor } from './door'
import { errorBody, errorResponse, type HttpFailure, noSuchRoute } from './error-response'
import { isOwnHost, type ListenAddress, urlOf } from './host-guard'
import { createManagementApi } from './management-api'
import type { OneTimeLink } from './one-time-link'
import { createOperations } from './operations-api'
import type { ProjectAuthDeps } from './project-auth/auth-request'
import { createProjectAuthApi } from './project-auth/project-auth-api'
import { createRealtimeSockets } from './realtime/realtime-socket'
import { createStudioPages } from './studio-pages'
import { createWebSession } from './web-session'
import { createWebSocketCarrier, refuse } from './websocket-carrier'

export interface HttpServerOptions {
  /** Where it listens already. */
  readonly door?: Door
  /** The studio in a browser; without it only the API is served. */
  readonly studio?: {
    /** `out/renderer`. */
    readonly rendererDir: string
    /** The one that has been announced already. */
    readonly link?: OneTimeLink
    /** Given every one-time link: the first at once, later ones when a browser comes without a session. */
    readonly announce: (link: string) => void
  }
}

export interface HttpServer {
  /** `http://127.0.0.1:4780` */
  readonly url: string
  /** Takes no more calls, waits for those in flight and ends the connections. */
  close(): Promise<void>
}

/** Milliseconds that closing waits for answers to be sent. */
const patience = 10_000

export async function startHttpServer(app: App, { studio, ...options }: HttpServerOptions): Promise<HttpServer> {
  const door = options.door ?? (await makeDoor(app.config))
  const { server, address } = door
  const url = urlOf(address)
  const session = studio ? createWebSession(app, { ...studio, url, port: address.port }) : null
  const carrier = session && createWebSocketCarrier(app, session)
  const hono = createHono(app, address)
  const operations = createOperations(app)
  hono.route('/', operations.routes)
  if (studio && session) hono.route('/', createStudioPages({ session, rendererDir: studio.rendererDir }))

  const dataApi = createDataApi(app, operations)
  const realtime = createRealtimeSockets(app)
  const others = getRequestListener(hono.fetch, {
    hostname: app.config.host,
    errorHandler: (error) => {
      if (error instanceof RequestError) return errorResponse(notHttp)
      app.logger.error({ err: error }, 'http')
      return errorResponse(wentWrong())
    },
  })
  app.listensAt(url)
  door.open({
    request(request, response) {
      const [pathname = '/'] = (request.url ?? '/').split('?', 1)
      if (!dataApi.takes(pathname) || !isOwnHost(request.headers.host, address, app.publicHosts)) {
        const started = performance.now()
        response.once('finish', () =>
          operations.answered('other', request.method ?? '', response.statusCode, performance.now() - started),
        )
        return void others(request, response)
      }
      void app.calls.pass(() => dataApi.serve(request, response))
    },
    upgrade(request, socket, head) {
      const [pathname = '/'] = (request.url ?? '/').split('?', 1)
      if (!isOwnHost(request.headers.host, address, app.publicHosts)) refuse(socket, foreignHost())
      else if (carrier && pathname === '/rpc') carrier.upgrade(request, socket, head)
      else if (realtime.takes(pathname)) realtime.upgrade(request, socket, head)
      else refuse(socket, noSuchRoute)
    },
    broken: answerBrokenRequest,
  })
  session?.announceLink()
  return {
    url,
    async close() {
      const ended = endOf(server)
      dataApi.close()
      await app.calls.idle(patience)
      carrier?.close()
      realtime.close()
      await ended
    },
  }
}

function createHono(app: App, address: ListenAddress): Hono<{ Bindings: HttpBindings }> {
  const hono = new Hono<{ Bindings: HttpBindings }>()
  hono.use('*', async (c, next) => {
    if (isOwnHost(c.env.incoming.headers.host, address, app.publicHosts)) await app.calls.pass(next)
    else c.res = errorResponse(foreignHost())
    for (const [name, value] of safetyHeaders) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  })
  hono.route('/', createManagementApi(app))
  hono.route('/', createProjectAuthApi(projectAuth(app)))
  hono.notFound(() => errorResponse(noSuchRoute))
  hono.onError((error) => {
    if (error instanceof AppError) return errorResponse(error)
    app.logger.error({ err: error }, 'http')
    return errorResponse(wentWrong())
  })
  return hono
}

function projectAuth(app: App): ProjectAuthDeps {
  return {
    async find(ref) {
      const project = await app.apiProjects.find(ref)
      return project && { ...project, origins: project.settings.origins, keyOf: project.keyNow }
    },
    async take(project, address) {
      const found = await app.apiProjects.find(project.ref)
      const limit = found ? ratesOf(found, app.usualRates).address : app.usualRates.address
      const id = `${project.projectId} ${address}`
      return rateHeaders(await app.rates.take([{ kind: 'address', id, limit }]))
    },
    auth: () => app.endUserAuth(),
    verify: app.verifyEndUser,
    baseUrl: () => app.apiUrl(),
    onError: (error) => app.logger.error({ err: error }, 'sign-in'),
  }
}

/** For every answer; pages set a policy of their own. */
const safetyHeaders: readonly (readonly [string, string])[] = [
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=()'],
]

const notHttp: HttpFailure = { status: 400, code: 'VALIDATION', message: 'This is not a valid HTTP request.' }

function wentWrong(): AppError {
  return new AppError('INTERNAL', 'Something went wrong on our side. Try again; if it stays, see the log.')
}

function foreignHost(): AppError {
  return new AppError('FORBIDDEN', 'This server does not answer under that name. Use the address it has printed.')
}

function endOf(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that has brought its answer is idle, and would be kept for another call.
    const idle = setInterval(() => server.closeIdleConnections(), 20)
    const late = setTimeout(() => server.closeAllConnections(), patience + 2_000)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(late)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** What is not HTTP at all never becomes a request; the answer has the form of all others nevertheless. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, message] =
    error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'The headers are too long.'] : [notHttp.status, notHttp.message]
  const body = JSON.stringify(errorBody({ code: 'VALIDATION', message }))
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
