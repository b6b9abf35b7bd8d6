import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { AppError } from '@shared/app-error'
import { Hono } from 'hono'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { App } from '../app'
import { readMetrics } from '../cluster-metrics'
import { errorResponse } from './error-response'

/** What those who run the server look at: is it alive, may it be sent requests, how is it doing. */
export interface Operations {
  readonly routes: Hono<{ Bindings: HttpBindings }>
  /** Counts one answer. */
  answered(api: 'data' | 'other', method: string, status: number, ms: number): void
}

export function createOperations(app: App): Operations {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const labels = ['api', 'method', 'status'] as const
  const requests = new Counter({
    name: 'tessera_http_requests_total',
    help: 'Answers, by API, method and class of status',
    labelNames: labels,
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'tessera_http_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['api'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  // Names are looked up once, and not for each answer.
  const counted = new Map<string, ReturnType<typeof requests.labels>>()
  const timed = { data: durations.labels('data'), other: durations.labels('other') }
  const metrics = readMetrics(registry)
  const routes = new Hono<{ Bindings: HttpBindings }>()
  routes.get('/healthz', () => Response.json({ status: 'ok' }))
  routes.get('/readyz', async () => {
    try {
      const db = await app.database()
      await db.withoutTenant(async () => undefined, { readOnly: true, statementTimeout: 2_000 })
      return Response.json({ status: 'ready' })
    } catch {
      return errorResponse(new AppError('UNAVAILABLE', 'The database does not answer. Try again in a moment.'))
    }
  })
  routes.get('/metrics', async (c) => {
    if (!mayLook(c.env.incoming))
      return errorResponse(new AppError('FORBIDDEN', 'Metrics are for this machine, or for who has METRICS_TOKEN.'))
    return new Response(await metrics(), { headers: { 'content-type': registry.contentType } })
  })
  return {
    routes,
    answered(api, method, status, ms) {
      const known = methods.has(method) ? method : 'other'
      const name = `${api} ${known} ${Math.floor(status / 100)}`
      const child = counted.get(name) ?? requests.labels(api, known, `${Math.floor(status / 100)}xx`)
      counted.set(name, child)
      child.inc()
      timed[api].observe(ms / 1000)
    },
  }
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

function mayLook({ socket, headers }: IncomingMessage): boolean {
  const token = process.env.METRICS_TOKEN
  if (token) return isSame(headers.authorization ?? '', `Bearer ${token}`)
  return ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(socket.remoteAddress ?? '')
}

/** In a time that tells nothing of where they differ. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest())
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}
