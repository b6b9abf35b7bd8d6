import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Asker } from '../db/one-trip'
import type { Credentials, Identified } from '../features/api/api-caller.service'
import type { ApiProject } from '../features/api/api-projects.service'
import type { RateState } from '../features/api/rates'
import { checkProfile, parseAccept, parsePrefer } from '../features/rest/prefer'
import { parseQuery, parseRange, type RestQuery } from '../features/rest/request-grammar'
import type { RestCall } from '../features/rest/rest-call'
import { notAllowed } from './data-answer'
import { type DataBody, readDataBody } from './data-body'

/** `/p/<ref>/rest/v1/<table>`, and `/rest/v1/<ref>/` for the description alone. */
const address = /^\/p\/([^/]+)\/rest\/v1(?:\/(.*))?$/
const live = /^\/p\/([^/]+)\/realtime\/v1\/changes\/?$/
const description = /^\/rest\/v1(?:\/([^/]+))?\/?$/

export function isDataAddress(pathname: string): boolean {
  return address.test(pathname) || live.test(pathname) || description.test(pathname)
}

export function isLiveAddress(url: string): boolean {
  return live.test(url.split('?', 1)[0] ?? '')
}

/** What a table answers. */
export const tableMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

const nothing: DataBody = { value: undefined, isText: false }

export interface Asked extends Asker {
  readonly request: IncomingMessage
  readonly ref: string | null
  /** What stands behind `/rest/v1/`. */
  readonly rest: string | undefined
  readonly search: string
  /** Where the API is, for its description. */
  readonly base: string
  readonly address: string
  rate: RateState | null
  project: ApiProject | null
  who: Identified | null
  body: Promise<DataBody> | null
}

export function readAddress(request: IncomingMessage, response: ServerResponse): Asked {
  const [pathname = '', search = ''] = splitOnce(request.url ?? '/', '?')
  const matched = address.exec(pathname)
  const ref = decoded(matched?.[1] ?? description.exec(pathname)?.[1])
  let signal: AbortSignal | undefined
  return {
    request,
    ref: ref ?? decoded(live.exec(pathname)?.[1]) ?? null,
    rest: decoded(matched?.[2]),
    search,
    base: `http://${request.headers.host ?? ''}/p/${ref ?? ''}`,
    isGone: () => response.destroyed && !response.writableFinished,
    // Hardly ever heard, and dear to make: it is made for who asks for it.
    get signal() {
      signal ??= whenGone(response)
      return signal
    },
    address: request.socket.remoteAddress ?? '',
    rate: null,
    project: null,
    who: null,
    body: null,
  }
}

/** Aborted when the caller has gone before the answer. */
function whenGone(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const end = (): void => {
    if (!response.writableFinished) controller.abort()
  }
  if (response.destroyed) end()
  else response.once('close', end)
  return controller.signal
}

export async function readCall(asked: Asked, rest: string, project: ApiProject, who: Identified): Promise<RestCall> {
  const { request, search } = asked
  const { headers } = request
  const method = methodOf(request)
  const isRead = method === 'GET' || method === 'HEAD'
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH'
  checkProfile(textOf(isRead ? headers['accept-profile'] : headers['content-profile']))
  const body = hasBody ? await bodyOf(asked) : nothing
  let query: RestQuery | undefined
  return {
    method,
    search,
    // Most calls are known by their address already.
    get query() {
      query ??= parseQuery(search)
      return query
    },
    tableName: rest.replace(/\/$/, ''),
    prefer: parsePrefer(textOf(headers.prefer)),
    accept: parseAccept(headers.accept),
    range: isRead ? parseRange(headers.range) : null,
    body: body.value,
    isTextBody: body.isText,
    caller: who.caller,
    principal: who.principal,
    rules: project.rules,
  }
}

/** Once, however often the call is looked at. */
function bodyOf(asked: Asked): Promise<DataBody> {
  asked.body ??= readDataBody(asked.request)
  return asked.body
}

/** The names of what a call of a function brings: in its body, or in the address. */
export async function argumentsOf(asked: Asked): Promise<readonly string[]> {
  const inAddress = new Set(new URLSearchParams(asked.search).keys())
  inAddress.delete('apikey')
  if (asked.request.method !== 'POST') return [...inAddress]
  const { value } = await bodyOf(asked)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
}

function methodOf(request: IncomingMessage): RestCall['method'] {
  const { method } = request
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'POST':
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return method
    default:
      throw notAllowed(request.method ?? '', tableMethods)
  }
}

/** As supabase-js sends them; a key may also stand in the address. */
export function credentials(request: IncomingMessage, search: string): Credentials {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  const apikey =
    textOf(request.headers.apikey) ?? (search.includes('apikey=') ? new URLSearchParams(search).get('apikey') : null)
  return { apikey: apikey ?? undefined, bearer }
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.join(', ')
}

export function decoded(text: string | undefined): string | undefined {
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
