import { setMaxListeners } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { anySignal } from '../any-signal'
import type { App } from '../app'
import { type Identified, identify } from '../features/api/api-caller.service'
import { type ApiProject, ratesOf } from '../features/api/api-projects.service'
import { asCaller, upToDate } from '../features/api/as-caller.service'
import type { Caller } from '../features/api/rates'
import { callTable } from '../features/rest/rest.service'
import type { RestAnswer } from '../features/rest/rest-call'
import { describeApi } from '../features/rest/rest-openapi.service'
import { failed, headOf, logged, noFunction, noProject, notAllowed, send, unknownCaller } from './data-answer'
import { preflight } from './data-api-cors'
import {
  type Asked,
  argumentsOf,
  credentials,
  isDataAddress,
  isLiveAddress,
  readAddress,
  readCall,
  tableMethods,
} from './data-request'
import { serveLiveChanges } from './live-changes'
import type { Operations } from './operations-api'

export interface DataApi {
  /** Whether the address is one of this API; then it is answered, whatever happens. */
  takes(pathname: string): boolean
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Ends the streams, which would go on by themselves. */
  close(): void
}

/** The data API of projects. It stands beside the router of the management API: apps ask it a thousand times a second. */
export function createDataApi(app: App, operations: Pick<Operations, 'answered'>): DataApi {
  const callers = { projects: app.apiProjects, verify: app.verifyEndUser }
  const closing = new AbortController()
  // One for each stream.
  setMaxListeners(0, closing.signal)

  async function answerOnce(asked: Asked): Promise<RestAnswer> {
    const { request, ref, rest } = asked
    const project = ref === null ? null : await app.apiProjects.find(ref)
    asked.project = project
    if (!project) throw noProject()
    await limitAddress(asked, project)
    const { method = 'GET' } = request
    if (method === 'OPTIONS') return preflight(request, project.settings.origins, tableMethods)
    const who = await known(asked, project)
    if (asked.who === null) {
      await limitCaller(asked, project, who)
      const place = { ...project, plan: project.settings.plan }
      if (method === 'POST' || method === 'PUT' || method === 'PATCH') await app.quotas.check(place, 'write')
    }
    asked.who = who
    if (rest === '' || rest === undefined) {
      if (method !== 'GET' && method !== 'HEAD') throw notAllowed(method, 'GET, HEAD, OPTIONS')
      return describeApi(await app.database(), project, who.caller, app.version, asked.base)
    }
    if (rest === 'rpc' || rest.startsWith('rpc/')) throw noFunction(rest.slice('rpc/'.length), await argumentsOf(asked))
    return callTable(await app.database(), project, await readCall(asked, rest, project, who), asked)
  }

  function limitAddress(asked: Asked, project: ApiProject): Promise<void> {
    const { address } = ratesOf(project, app.usualRates)
    return limit(asked, [{ kind: 'address', id: `${project.projectId} ${asked.address}`, limit: address }])
  }

  /** The caller's own rates, and the month's requests of the project. */
  async function limitCaller(asked: Asked, project: ApiProject, { key, user }: Identified): Promise<void> {
    const rates = ratesOf(project, app.usualRates)
    await limit(asked, [
      { kind: 'key', id: key.id, limit: rates.key },
      ...(user ? [{ kind: 'user' as const, id: user.userId, limit: rates.user }] : []),
    ])
    await app.quotas.check({ ...project, plan: project.settings.plan }, 'request')
  }

  /** The tightest of all limits is told with the answer. */
  async function limit(asked: Asked, callers: readonly Caller[]): Promise<void> {
    const isCounted = callers.some(({ kind }) => kind === 'address') && asked.rate !== null
    if (isCounted) return
    const state = await app.rates.take(callers)
    const { rate } = asked
    if (rate === null || state.remaining / state.limit < rate.remaining / rate.limit) asked.rate = state
  }

  async function known({ request, search }: Asked, project: ApiProject): Promise<Identified> {
    const found = await identify(project, credentials(request, search), app.verifyEndUser)
    if (found.kind !== 'known') throw unknownCaller(found)
    return found.who
  }

  /** A stream of events; an error before it begins is answered like any other. */
  async function watch(asked: Asked, response: ServerResponse): Promise<void> {
    const { request, search, ref } = asked
    const over = new AbortController()
    const signal = anySignal(asked.signal, closing.signal, over.signal)
    const started = performance.now()
    try {
      const project = ref === null ? null : await app.apiProjects.find(ref)
      if (!project) throw noProject()
      asked.project = project
      await limitAddress(asked, project)
      asked.who = await known(asked, project)
      await limitCaller(asked, project, asked.who)
      const tableName = new URLSearchParams(search).get('table') ?? ''
      const as = asCaller(callers, project.ref, () => credentials(request, search))
      await serveLiveChanges(app, { as, tableName, response, headOf: (own) => headOf(asked, own), signal })
    } catch (error) {
      if (response.headersSent) return void response.end()
      const answered = failed(app, error)
      send(asked, response, answered)
      if (asked.project) app.requests.note(logged(asked, asked.project, answered, performance.now() - started))
    } finally {
      over.abort()
    }
  }

  return {
    takes: isDataAddress,
    close: () => closing.abort(),
    async serve(request, response) {
      const started = performance.now()
      const asked = readAddress(request, response)
      if (isLiveAddress(request.url ?? '') && request.method === 'GET') return void watch(asked, response)
      const answered = await upToDate(app.apiProjects, asked.ref, () => answerOnce(asked)).catch((error: unknown) =>
        failed(app, error),
      )
      send(asked, response, answered)
      const ms = performance.now() - started
      operations.answered('data', request.method ?? '', answered.status, ms)
      if (asked.project && request.method !== 'OPTIONS') app.requests.note(logged(asked, asked.project, answered, ms))
    },
  }
}
