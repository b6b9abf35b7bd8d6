import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '@shared/app-error'
import type { App } from '../app'
import { type Identification, type Identified, identify } from '../features/api/api-caller.service'
import { type ApiProject, OutdatedProject } from '../features/api/api-projects.service'
import { type Caller, type RateSettings, type RateState, rateHeaders, stateOfRefusal } from '../features/api/rates'
import type { LoggedRequest } from '../features/api/requests.sql'
import { badBody, checkProfile, parseAccept, parsePrefer } from '../features/rest/prefer'
import { parseQuery, parseRange } from '../features/rest/request-grammar'
import { callTable } from '../features/rest/rest.service'
import type { RestAnswer, RestCall } from '../features/rest/rest-call'
import { RestError, restErrorBody, toRestError } from '../features/rest/rest-error'
import { describeApi } from '../features/rest/rest-openapi.service'
import { corsHeaders, preflight } from './data-api-cors'
import { readJson } from './json-body'
import { serveLiveChanges } from './live-changes'
import type { Operations } from './operations-api'

/** `/p/<ref>/rest/v1/<table>`, and `/rest/v1/<ref>/` for the description alone. */
const address = /^\/p\/([^/]+)\/rest\/v1(?:\/(.*))?$/
/** Somebody who edits the schema all the time keeps nobody from being answered. */
const attempts = 10
const live = /^\/p\/([^/]+)\/realtime\/v1\/changes\/?$/
const description = /^\/rest\/v1(?:\/([^/]+))?\/?$/

export interface DataApi {
  /** Whether the address is one of this API; then it is answered, whatever happens. */
  takes(pathname: string): boolean
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** The data API of projects. It stands beside the router of the management API: apps ask it a thousand times a second. */
export function createDataApi(app: App, operations: Pick<Operations, 'answered'>): DataApi {
  /** Again when keys or rules changed meanwhile: nothing was done then. */
  async function answer(asked: Asked): Promise<RestAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await answerOnce(asked)
      } catch (error) {
        if (!(error instanceof OutdatedProject) || asked.ref === null || attempt === attempts) throw error
        app.apiProjects.forget(asked.ref)
      }
    }
  }

  async function answerOnce(asked: Asked): Promise<RestAnswer> {
    const { request, ref, rest } = asked
    const project = ref === null ? null : await app.apiProjects.find(ref)
    asked.project = project
    if (!project) throw noProject()
    await limit(asked, [
      { kind: 'address', id: `${project.projectId} ${asked.address}`, limit: ratesOf(project).address },
    ])
    const { method = 'GET' } = request
    if (method === 'OPTIONS') return preflight(request, project.settings.origins)
    const who = await known(asked, project)
    if (asked.who === null) {
      const { key, user } = who
      await limit(asked, [
        { kind: 'key', id: key.id, limit: ratesOf(project).key },
        ...(user ? [{ kind: 'user' as const, id: user.userId, limit: ratesOf(project).user }] : []),
      ])
      const place = { ...project, plan: project.settings.plan }
      await app.quotas.check(place, 'request')
      if (method === 'POST' || method === 'PATCH') await app.quotas.check(place, 'write')
    }
    asked.who = who
    if (rest === '' || rest === undefined) {
      if (method !== 'GET' && method !== 'HEAD') throw notAllowed('GET, HEAD, OPTIONS')
      return describeApi(await app.database(), project, who.caller, app.version, asked.base)
    }
    if (rest === 'rpc' || rest.startsWith('rpc/')) throw noFunction(rest.slice('rpc/'.length))
    return callTable(await app.database(), project, await readCall(asked, rest, project, who), asked.signal)
  }

  const ratesOf = ({ settings: { rates } }: ApiProject): RateSettings => ({
    key: rates?.key ?? app.usualRates.key,
    address: rates?.address ?? app.usualRates.address,
    user: rates?.user ?? app.usualRates.user,
  })

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
    const { request, search, signal, ref } = asked
    const stillKnown = async () => {
      const project = ref === null ? null : await app.apiProjects.find(ref)
      const found = project && (await identify(project, credentials(request, search), app.verifyEndUser))
      return project && found?.kind === 'known' ? { project, caller: found.who.caller } : null
    }
    try {
      const project = ref === null ? null : await app.apiProjects.find(ref)
      if (!project) throw noProject()
      asked.project = project
      const { caller } = await known(asked, project)
      const headers = { ...safetyHeaders, ...corsHeaders(request, project.settings.origins) }
      const tableName = new URLSearchParams(search).get('table') ?? ''
      await serveLiveChanges(app, { project, caller, tableName, response, headers, stillKnown, signal })
    } catch (error) {
      if (response.headersSent) return void response.end()
      send(asked, response, failed(app, error), corsHeaders(request, asked.project?.settings.origins ?? null))
    }
  }

  return {
    takes: (pathname) => address.test(pathname) || live.test(pathname) || description.test(pathname),
    async serve(request, response) {
      const started = performance.now()
      const asked = readAddress(request, response)
      if (live.test((request.url ?? '').split('?', 1)[0] ?? '') && request.method === 'GET')
        return void watch(asked, response)
      const answered = await answer(asked).catch((error: unknown) => failed(app, error))
      const origins = asked.project?.settings.origins ?? null
      const rate: Readonly<Record<string, string>> = asked.rate === null ? {} : rateHeaders(asked.rate)
      send(asked, response, answered, { ...corsHeaders(request, origins), ...rate })
      const ms = performance.now() - started
      operations.answered('data', request.method ?? '', answered.status, ms)
      if (asked.project && request.method !== 'OPTIONS') app.requests.note(logged(asked, asked.project, answered, ms))
    },
  }
}

interface Asked {
  readonly request: IncomingMessage
  readonly ref: string | null
  /** What stands behind `/rest/v1/`. */
  readonly rest: string | undefined
  readonly search: string
  /** Where the API is, for its description. */
  readonly base: string
  readonly signal: AbortSignal
  readonly address: string
  rate: RateState | null
  project: ApiProject | null
  who: Identified | null
  body: Promise<unknown> | null
}

function readAddress(request: IncomingMessage, response: ServerResponse): Asked {
  const [pathname = '', search = ''] = splitOnce(request.url ?? '/', '?')
  const matched = address.exec(pathname)
  const ref = decoded(matched?.[1] ?? description.exec(pathname)?.[1])
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return {
    request,
    ref: ref ?? decoded(live.exec(pathname)?.[1]) ?? null,
    rest: decoded(matched?.[2]),
    search,
    base: `http://${request.headers.host ?? ''}/p/${ref ?? ''}`,
    signal: controller.signal,
    address: request.socket.remoteAddress ?? '',
    rate: null,
    project: null,
    who: null,
    body: null,
  }
}

async function readCall(asked: Asked, rest: string, project: ApiProject, who: Identified): Promise<RestCall> {
  const { request, search } = asked
  const { headers } = request
  const method = methodOf(request)
  const isRead = method === 'GET' || method === 'HEAD'
  checkProfile(textOf(isRead ? headers['accept-profile'] : headers['content-profile']))
  return {
    method,
    tableName: rest.replace(/\/$/, ''),
    query: parseQuery(search),
    prefer: parsePrefer(textOf(headers.prefer)),
    accept: parseAccept(headers.accept),
    range: isRead ? parseRange(headers.range) : null,
    body: method === 'POST' || method === 'PATCH' ? await bodyOf(asked) : undefined,
    caller: who.caller,
    principal: who.principal,
    rules: project.rules,
  }
}

/** Once, however often the call is looked at. */
function bodyOf(asked: Asked): Promise<unknown> {
  asked.body ??= readBodyOf(asked.request)
  return asked.body
}

async function readBodyOf(request: IncomingMessage): Promise<unknown> {
  try {
    return await readJson(request)
  } catch (error) {
    if (error instanceof AppError && error.code === 'VALIDATION') throw badBody(error.message)
    throw error
  }
}

function methodOf({ method }: IncomingMessage): RestCall['method'] {
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'POST':
    case 'PATCH':
    case 'DELETE':
      return method
    default:
      throw notAllowed('GET, HEAD, POST, PATCH, DELETE, OPTIONS')
  }
}

/** As supabase-js sends them; a key may also stand in the address. */
function credentials(request: IncomingMessage, search: string) {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  const apikey =
    textOf(request.headers.apikey) ?? (search.includes('apikey=') ? new URLSearchParams(search).get('apikey') : null)
  return { apikey: apikey ?? undefined, bearer }
}

function failed(app: App, error: unknown): RestAnswer {
  const known = toRestError(error)
  if (!known) app.logger.error({ err: error }, 'data api')
  const shown =
    known ?? new RestError(500, 'PGRSTX00', 'Something went wrong on our side. Try again; if it stays, see the log.')
  const challenge: Record<string, string> = shown.status === 401 ? { 'www-authenticate': 'Bearer' } : {}
  return {
    status: shown.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...challenge,
      ...limitHeaders(error),
      ...shown.headers,
    },
    body: restErrorBody(shown),
  }
}

/** Without the key, where that stands in the address. */
function logged(asked: Asked, { projectId }: ApiProject, answer: RestAnswer, ms: number): LoggedRequest {
  const { request, who, address } = asked
  return {
    project_id: projectId,
    at: new Date().toISOString(),
    method: request.method ?? '',
    path: readable((request.url ?? '').replace(/([?&]apikey=)[^&]*/g, '$1(hidden)')),
    status: answer.status,
    ms: Math.round(ms * 100) / 100,
    key_id: who?.key.id ?? null,
    user_id: who?.user?.userId ?? null,
    address: address === '' ? null : address,
    error: answer.status >= 400 && answer.body !== null ? readable(messageOf(answer.body)) : null,
  }
}

/** What no text can hold is left out of the log, and what nobody reads is cut. */
function readable(path: string): string {
  const text = decoded(path.replaceAll('+', ' ')) ?? path
  return Buffer.from(text.replaceAll('\0', '').slice(0, 1_000)).toString()
}

function messageOf(body: string): string {
  const { message }: { message?: unknown } = JSON.parse(body)
  return String(message ?? '')
}

function send(
  asked: Asked,
  response: ServerResponse,
  answer: RestAnswer,
  cors: Readonly<Record<string, string>>,
): void {
  const { request } = asked
  if (response.destroyed) return
  // What was not read of a body that was refused would be taken for the next request.
  const isUnread = !request.complete && answer.status >= 400
  const isBare = request.method === 'HEAD' || answer.body === null
  response.writeHead(answer.status, {
    ...safetyHeaders,
    ...cors,
    ...answer.headers,
    ...(isUnread ? { connection: 'close' } : {}),
    ...(answer.body === null ? {} : { 'content-length': String(Buffer.byteLength(answer.body)) }),
  })
  response.end(isBare ? undefined : answer.body)
}

/** Answers are data for scripts, from any page that the project lets in; they are nothing to show. */
const safetyHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'cross-origin',
}

function limitHeaders(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof AppError) || error.code !== 'RATE_LIMITED') return {}
  const state = stateOfRefusal(error.details)
  return state === null ? {} : { ...rateHeaders(state), 'retry-after': String(state.reset) }
}

function unknownCaller(found: Exclude<Identification, { kind: 'known' }>): RestError {
  switch (found.kind) {
    case 'no key':
      return new RestError(401, 'PGRST301', 'No API key found in request', {
        hint: 'No `apikey` request header or url param was found.',
      })
    case 'bad key':
      return new RestError(401, 'PGRST301', 'Invalid API key', { hint: found.because })
    case 'bad token':
      return new RestError(401, 'PGRST301', 'JWT invalid', {
        hint: 'The access token is forged, expired, or of a sign-in that has ended. Sign in again.',
      })
  }
}

function noProject(): RestError {
  return new RestError(404, 'PGRST000', 'There is no project at this address.')
}

function noFunction(name: string): RestError {
  return new RestError(
    404,
    'PGRST202',
    `Could not find the function public.${name.slice(0, 200)} without parameters in the schema cache`,
    { details: 'Projects have tables and no functions.' },
  )
}

function notAllowed(allow: string): RestError {
  return new RestError(405, 'PGRST117', 'Unsupported HTTP method', { headers: { allow } })
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(', ')
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
