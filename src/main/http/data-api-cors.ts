import type { IncomingMessage } from 'node:http'
import type { RestAnswer } from '../features/rest/rest-call'

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
const usualHeaders =
  'authorization, apikey, x-client-info, content-type, prefer, accept-profile, content-profile, x-supabase-api-version, x-retry-count, accept, range, range-unit'
const exposed =
  'Content-Range, Content-Location, Content-Length, Location, Preference-Applied, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Supabase-Api-Version'

const toEverybody = { 'access-control-allow-origin': '*', 'access-control-expose-headers': exposed }

/** Whether pages of this origin may read answers: all may, where the project names none. */
export function corsHeaders(
  { headers: { origin } }: IncomingMessage,
  origins: readonly string[] | null,
): Readonly<Record<string, string>> {
  if (origins === null) return toEverybody
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' }
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed, vary: 'Origin' }
}

/** What a browser asks before a call from another origin. It carries no key, so it tells nothing else. */
export function preflight(
  { headers }: IncomingMessage,
  origins: readonly string[] | null,
  allow = methods,
): RestAnswer {
  const isAllowed = origins === null || (headers.origin !== undefined && origins.includes(headers.origin))
  const asked = headers['access-control-request-headers']
  const allowed: Record<string, string> = isAllowed
    ? {
        'access-control-allow-methods': methods,
        'access-control-allow-headers':
          typeof asked === 'string' && /^[\w\-, ]{1,2000}$/.test(asked) ? asked : usualHeaders,
        'access-control-max-age': '3600',
      }
    : {}
  return { status: 204, headers: { ...allowed, allow }, body: null }
}
