import type { ServerResponse } from 'node:http'
import { AppError } from '@shared/app-error'
import type { App } from '../app'
import type { Identification } from '../features/api/api-caller.service'
import type { ApiProject } from '../features/api/api-projects.service'
import { rateHeaders, stateOfRefusal } from '../features/api/rates'
import type { LoggedRequest } from '../features/api/requests.sql'
import type { RestAnswer } from '../features/rest/rest-call'
import { RestError, restErrorBody, toRestError } from '../features/rest/rest-error'
import { corsHeaders } from './data-api-cors'
import { type Asked, decoded } from './data-request'

export function failed(app: App, error: unknown): RestAnswer {
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
export function logged(asked: Asked, { projectId }: ApiProject, answer: RestAnswer, ms: number): LoggedRequest {
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

/** Nothing is encoded, and nothing can be cut in two. */
const plain = /^[\x20-\x24\x26-\x2a\x2c-\x7e]*$/

/** What no text can hold is left out of the log, and what nobody reads is cut. */
function readable(path: string): string {
  if (plain.test(path)) return path.slice(0, 1_000)
  const text = decoded(path.replaceAll('+', ' ')) ?? path
  return Buffer.from(text.replaceAll('\0', '').slice(0, 1_000)).toString()
}

function messageOf(body: string): string {
  const { message }: { message?: unknown } = JSON.parse(body)
  return String(message ?? '')
}

export function send(asked: Asked, response: ServerResponse, { status, headers, body }: RestAnswer): void {
  const { request } = asked
  if (response.destroyed) return
  const head = headOf(asked, headers)
  // What was not read of a body that was refused would be taken for the next request.
  if (!request.complete && status >= 400) head.push('connection', 'close')
  // Without a length Node sends an empty answer in two pieces. None stands with 204 (RFC 9110, section 8.6).
  if (body !== null) head.push('content-length', String(Buffer.byteLength(body)))
  else if (status !== 204) head.push('content-length', '0')
  response.writeHead(status, head)
  response.end(request.method === 'HEAD' || body === null ? undefined : body)
}

/** Names and values in turn, which Node writes as they are: an object would be put together anew for every answer. */
export function headOf({ request, project, rate }: Asked, own: Readonly<Record<string, string>>): string[] {
  const head = [...safetyHeaders]
  const add = (headers: Readonly<Record<string, string>>): void => {
    for (const name in headers) head.push(name, headers[name] ?? '')
  }
  add(corsHeaders(request, project?.settings.origins ?? null))
  // A refusal tells of the limit that it is for.
  if (rate !== null && !('ratelimit-limit' in own)) add(rateHeaders(rate))
  add(own)
  return head
}

/** Answers are data for scripts, from any page that the project lets in; they are nothing to show. */
const safetyHeaders: readonly string[] = [
  ...['cache-control', 'no-store'],
  ...['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ...['x-content-type-options', 'nosniff'],
  ...['x-frame-options', 'DENY'],
  ...['referrer-policy', 'no-referrer'],
  ...['cross-origin-resource-policy', 'cross-origin'],
]

function limitHeaders(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof AppError) || error.code !== 'RATE_LIMITED') return {}
  const state = stateOfRefusal(error.details)
  return state === null ? {} : { ...rateHeaders(state), 'retry-after': String(state.reset) }
}

export function unknownCaller(found: Exclude<Identification, { kind: 'known' }>): RestError {
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

export function noProject(): RestError {
  return new RestError(404, 'PGRST000', 'There is no project at this address.')
}

/** `given` are the names of what was sent along. */
export function noFunction(name: string, given: readonly string[]): RestError {
  const called = `public.${name.slice(0, 200)}`
  const names = given.join(', ').slice(0, 500)
  return new RestError(
    404,
    'PGRST202',
    `Could not find the function ${called}${given.length === 0 ? ' without parameters' : `(${names})`} in the schema cache`,
    {
      details: `Searched for the function ${called} ${given.length === 0 ? 'without parameters' : `with ${given.length === 1 ? 'parameter' : 'parameters'} ${names}`}, but no matches were found in the schema cache.`,
      hint: 'Projects have tables and no functions.',
    },
  )
}

export function notAllowed(method: string, allow: string): RestError {
  return new RestError(405, 'PGRST117', `Unsupported HTTP method: ${method}`, { headers: { allow } })
}
