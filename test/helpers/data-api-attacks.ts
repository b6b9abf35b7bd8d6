import { createHmac } from 'node:crypto'
import { type Target, targetTables } from './attack-target'
import type { RawCall } from './http-studio'
import { secretText } from './two-tenants'

export interface Probe {
  readonly name: string
  readonly call: RawCall
  /** Whose secret must not be in the answer: everybody's but that of the caller. */
  readonly mayShow: 'nothing' | 'own'
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Access tokens that speak for the victim's people, and were not given to anybody. */
export function forgedTokens(victim: Target): ReadonlyMap<string, string> {
  const exp = Math.floor(Date.now() / 1000) + 600
  const payload = { sub: victim.userId, role: 'authenticated', exp, session_id: crypto.randomUUID(), email: 'a@b.co' }
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...payload, role: 'service_role' })}`
  const signature = createHmac('sha256', victim.publishable).update(text).digest('base64url')
  const [head = '', , own = ''] = victim.token.split('.')
  return new Map([
    ['alg none', `${encode({ alg: 'none', typ: 'JWT' })}.${encode(payload)}.`],
    ['a forged service role', `${text}.${signature}`],
    ['a changed payload', `${head}.${encode({ ...payload, role: 'service_role' })}.${own}`],
  ])
}

/** Every way to say who one is without being it. */
function pretenders(victim: Target, intruder: Target): ReadonlyMap<string, Record<string, string>> {
  const as = (apikey: string, bearer = apikey) => ({ apikey, authorization: `Bearer ${bearer}` })
  return new Map<string, Record<string, string>>([
    ['no key', {}],
    ['an empty key', as('')],
    ['a made-up key', as(`tessera_sec_${'A'.repeat(32)}`)],
    ['a revoked key', as(victim.revoked)],
    ['an expired key', as(victim.expired)],
    ["another project's secret key", as(intruder.secret)],
    ["another project's publishable key", as(intruder.publishable)],
    ["another project's user", as(victim.publishable, intruder.token)],
    ["another project's secret key as bearer", as(victim.publishable, intruder.secret)],
    ...[...forgedTokens(victim)].map(([who, token]) => [who, as(victim.publishable, token)] as const),
    ['a token alone', { authorization: `Bearer ${victim.token}` }],
    ['the publishable key', as(victim.publishable)],
  ])
}

/** Ways to ask for what one may not see. `$` stands for an id of a hidden record. */
const reaches = [
  '',
  'select=*',
  'select=id,word',
  'id=eq.$',
  'id=in.($)',
  'or=(id.eq.$,id.not.is.null)',
  'not.and=(id.is.null)',
  'word=not.is.null',
  'select=password_hash',
  'select=users(password_hash)',
  'select=*,users(*)',
  'select=*,owned(*)',
  'select=owned!inner(word)',
  'order=word.desc',
  'order=password_hash',
  'password_hash=like.*a*',
  'select=count()',
  'select=word.max()',
  'select=word::text',
  'select=meta->>secret',
  'meta->>secret=eq.x',
  'select=...users(*)',
  'limit=1000&offset=0',
  'select=tableoid,ctid,data',
  'select=project_id,table_id',
] as const

const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'] as const

/** endpoint x pretender x verb x reach, each against the victim. */
export function identityProbes(victim: Target, intruder: Target): Probe[] {
  const probes: Probe[] = []
  for (const [who, headers] of pretenders(victim, intruder))
    for (const table of targetTables) {
      if (who === 'the publishable key' && table === 'open') continue
      for (const method of methods)
        for (const reach of method === 'POST' ? reaches.slice(0, 4) : reaches) {
          const search = reach.replaceAll('$', victim.hidden[0] ?? '')
          const body = method === 'POST' || method === 'PATCH' ? { body: JSON.stringify({ word: 'taken' }) } : {}
          probes.push({
            name: `${method} ${table}?${reach} as ${who}`,
            mayShow: 'nothing',
            call: {
              method,
              path: `/p/${victim.ref}/rest/v1/${table}?${search}`,
              headers: { ...headers, 'content-type': 'application/json', prefer: 'return=representation, count=exact' },
              ...body,
            },
          })
        }
    }
  return probes
}

/** Hostile texts in every place of a request, by somebody who has a valid key and a valid sign-in. */
export function injectionProbes(victim: Target, payloads: readonly string[]): Probe[] {
  const headers = {
    apikey: victim.publishable,
    authorization: `Bearer ${victim.token}`,
    'content-type': 'application/json',
  }
  return payloads.flatMap((payload) => {
    const text = encodeURIComponent(payload)
    const get = (search: string): RawCall => ({
      method: 'GET',
      path: `/p/${victim.ref}/rest/v1/owned?${search}`,
      headers,
    })
    const calls: readonly (readonly [string, RawCall])[] = [
      ['a value', get(`word=eq.${text}`)],
      ['a pattern', get(`word=ilike.${text}`)],
      ['a regular expression', get(`word=match.${text}`)],
      ['a list', get(`word=in.(${text})`)],
      ['a tree', get(`or=(word.eq.${text},id.is.null)`)],
      ['a whole tree', get(`and=${text}`)],
      ['a select', get(`select=${text}`)],
      ['a cast', get(`select=word::${text}`)],
      ['an order', get(`order=${text}`)],
      ['a column', get(`${text}=eq.1`)],
      ['a path', get(`select=meta->>${text}`)],
      ['a path in a filter', get(`meta->${text}=eq.1`)],
      ['a search', get(`word=wfts.${text}`)],
      ['an operator', get(`word=${text}`)],
      ['an embed', get(`select=id,${text}(*)`)],
      ['a table', { method: 'GET', path: `/p/${victim.ref}/rest/v1/${text}`, headers }],
      ['a function', { method: 'GET', path: `/p/${victim.ref}/rest/v1/rpc/${text}`, headers }],
      [
        'a body',
        {
          method: 'PATCH',
          path: `/p/${victim.ref}/rest/v1/owned?id=eq.${victim.hidden[0]}`,
          headers,
          body: JSON.stringify({ word: payload }),
        },
      ],
      [
        'a body column',
        { method: 'POST', path: `/p/${victim.ref}/rest/v1/closed`, headers, body: JSON.stringify({ [payload]: 1 }) },
      ],
      [
        'on_conflict',
        { method: 'POST', path: `/p/${victim.ref}/rest/v1/closed?on_conflict=${text}`, headers, body: '{}' },
      ],
    ]
    return calls.map(
      ([place, call]): Probe => ({ name: `${JSON.stringify(payload).slice(0, 60)} as ${place}`, call, mayShow: 'own' }),
    )
  })
}

/** Why an answer counts as a leak; null when it is none. */
export function leakOf({ mayShow }: Probe, status: number, text: string): string | null {
  return status >= 500 ? `answered ${status}: ${text.slice(0, 200)}` : leakIn(text, mayShow)
}

export function leakIn(text: string, mayShow: Probe['mayShow']): string | null {
  if (mayShow === 'nothing' && text.includes(secretText)) return `showed ${text.slice(0, 200)}`
  if (text.includes(`other-${secretText}`)) return `showed somebody else's: ${text.slice(0, 200)}`
  if (/\$2[aby]\$\d\d\$/.test(text)) return `showed a password hash: ${text.slice(0, 200)}`
  if (/project_data|studio_rows|syntax error at|pg_catalog/.test(text))
    return `told of the inside: ${text.slice(0, 200)}`
  return null
}
