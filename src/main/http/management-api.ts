import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { StandardOpenAPIHandler } from '@orpc/openapi/standard'
import { AppError, isErrorCode } from '@shared/app-error'
import { contract } from '@shared/contract'
import { type Context, Hono } from 'hono'
import type { App } from '../app'
import type { Principal, RequestContext } from '../context'
import { rateHeaders } from '../features/api/rates'
import { errorBody, errorResponse, headersOf, noSuchRoute } from './error-response'
import { readJsonBody } from './json-body'
import { openApiDocument } from './openapi'
import { createRouteTable } from './routes'
import { createTransferRoutes } from './transfer-routes'

type NodeContext = Context<{ Bindings: HttpBindings }>

/** The contract's procedures that have a route, for callers with an access token. Cookies mean nothing here. */
export function createManagementApi(app: App): Hono<{ Bindings: HttpBindings }> {
  const handler = new StandardOpenAPIHandler<RequestContext>(app.router, {
    customJsonSerializers: [{ condition: isPlainObject, serialize: (value: object) => new Untouched(value) }],
    // A procedure without a route is for the studio's windows.
    filter: ({ contract }) => contract['~orpc'].route.path !== undefined,
    customErrorResponseBodyEncoder: ({ code, message, data }) =>
      isErrorCode(code)
        ? errorBody({ code, message, details: data })
        : errorBody(new AppError('INTERNAL', 'Something went wrong on our side. Try again; if it stays, see the log.')),
  })
  const methodsOf = createRouteTable(contract)
  const api = new Hono<{ Bindings: HttpBindings }>()

  api.use('/api/*', async (c, next) => {
    const { incoming } = c.env
    const id = incoming.socket.remoteAddress ?? ''
    const state = await app.rates.take([{ kind: 'address', id: `management ${id}`, limit: app.usualRates.address }])
    await next()
    for (const [name, value] of Object.entries(rateHeaders(state))) c.res.headers.set(name, value)
  })

  api.get('/api/openapi.json', async () => Response.json(await openApiDocument(app.version)))
  api.route(
    '/',
    createTransferRoutes(app, { principal: (c) => requestContext(app, c.env.incoming).principal(), cancelled }),
  )
  api.all('/api/*', async (c) => {
    const path = new URL(c.req.url).pathname
    const methods = methodsOf(path)
    if (methods.length === 0) return errorResponse(noSuchRoute)
    if (!methods.includes(c.req.method)) return methodNotAllowed(c.req.method, methods)
    const body = hasBody(c.req.method) ? await readJsonBody(c.env.incoming) : undefined
    const { response } = await handler.handle(
      {
        method: c.req.method === 'HEAD' ? 'GET' : c.req.method,
        url: new URL(c.req.url),
        headers: { ...c.env.incoming.headers },
        body: async () => body,
        signal: cancelled(c),
      },
      { context: requestContext(app, c.env.incoming) },
    )
    if (response === undefined) return errorResponse(noSuchRoute)
    const answer = response.body instanceof Untouched ? response.body.value : response.body
    const empty = answer === undefined || response.status === 204 || c.req.method === 'HEAD'
    return new Response(empty ? null : JSON.stringify(answer), {
      status: response.status,
      headers: {
        'cache-control': 'no-store',
        ...(empty ? {} : { 'content-type': 'application/json' }),
        ...errorHeaders(response.status, answer),
      },
    })
  })
  return api
}

/**
 * Hides an answer, which is JSON already, from the router's serializer: that copies it member by member, and so loses
 * those of a jsonb value that are called `__proto__`.
 */
class Untouched {
  constructor(readonly value: object) {}
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Untouched)
}

function requestContext(app: App, request: IncomingMessage): RequestContext {
  let principal: Promise<Principal | null> | undefined
  const token = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  return {
    principal() {
      principal ??= token === undefined ? Promise.resolve(null) : app.verifyAccessToken(token)
      return principal
    },
    bearer: token ?? null,
    session: null,
    userAgent: request.headers['user-agent']?.slice(0, 500) ?? null,
    address: request.socket.remoteAddress ?? null,
  }
}

/** Aborts when the caller goes away before the answer is sent. */
function cancelled(c: NodeContext): AbortSignal {
  const controller = new AbortController()
  const { outgoing } = c.env
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort()
  })
  return controller.signal
}

function hasBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function methodNotAllowed(method: string, allowed: readonly string[]): Response {
  const allow = allowed.join(', ')
  return errorResponse({
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    message: `This address does not answer ${method}. It answers ${allow}.`,
    headers: { allow },
  })
}

function errorHeaders(status: number, body: unknown): Record<string, string> {
  if (status < 400 || typeof body !== 'object' || body === null || !('code' in body)) return {}
  return headersOf(String(body.code), 'details' in body ? body.details : undefined)
}
