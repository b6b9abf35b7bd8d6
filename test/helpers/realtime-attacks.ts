import type { Target } from './attack-target'
import { targetTables } from './attack-target'
import { leakIn } from './data-api-attacks'

/** A join of a channel, by the key of an address and the token of a person. */
export interface JoinProbe {
  readonly name: string
  readonly apikey: string
  readonly version: '1.0.0' | '2.0.0'
  readonly topic: string
  readonly payload: object
  /** Nobody who sends this may be let in; otherwise what is answered must be harmless. */
  readonly isRefused: boolean
}

const events = ['*', 'INSERT', 'UPDATE', 'DELETE'] as const
const versions = ['1.0.0', '2.0.0'] as const

/** Filters of who wants more than the table. `$` stands for an id of a hidden record. */
const filters = [
  undefined,
  'id=eq.$',
  'id=in.($)',
  'word=like.*',
  'or=(id.eq.$,id.not.is.null)',
  'not.and=(id.is.null)',
  'password_hash=like.*a*',
  'users.password_hash=like.*',
  'meta->>secret=neq.x',
  'select=password_hash',
  'id=not.is.null&select=users(*)',
  'limit=1000',
  'project_id=not.is.null',
  'word=eq.x) or (1=1',
] as const

/** person x table x event x filter x version: everybody who must hear nothing of the victim's. */
export function joinProbes(
  victim: Target,
  strangers: ReadonlyMap<string, string | undefined>,
  tables: readonly string[] = [...targetTables, 'nothing', '*'],
): readonly JoinProbe[] {
  const probes: JoinProbe[] = []
  for (const [who, token] of strangers)
    for (const table of tables)
      for (const event of events)
        for (const filter of filters)
          for (const version of versions) {
            const asked = { event, schema: 'public', table, filter: filter?.replaceAll('$', victim.hidden[0] ?? '') }
            probes.push({
              name: `${event} of ${table} where ${filter ?? 'nothing'} as ${who}, ${version}`,
              apikey: victim.publishable,
              version,
              topic: `realtime:${probes.length}`,
              payload: { config: { postgres_changes: [asked] }, access_token: token },
              // What the key opens to everybody is open to them as well, if they come without a token.
              isRefused: token !== undefined || !['open', '*'].includes(table) || isBroken(filter),
            })
          }
  return probes
}

/** A filter that no table has the columns for, or that is none. */
function isBroken(filter: string | undefined): boolean {
  return /^(?:password_hash|users|meta|select|limit|project_id)\b/.test(filter ?? '')
}

/** Hostile texts in every place of a join, by somebody who is signed in. */
export function hostileJoins(victim: Target, texts: readonly string[]): readonly JoinProbe[] {
  return texts.flatMap((text, at) => {
    const asked = { event: '*', schema: 'public', table: 'owned' }
    const join = (place: string, changes: readonly object[], more: object = {}): JoinProbe => ({
      name: `${JSON.stringify(text).slice(0, 60)} as ${place}`,
      apikey: victim.publishable,
      version: versions[at % 2] ?? '2.0.0',
      topic: `realtime:${place} ${at}`,
      payload: { config: { postgres_changes: changes }, access_token: victim.token, ...more },
      isRefused: false,
    })
    return [
      join('a table', [{ ...asked, table: text }]),
      join('a schema', [{ ...asked, schema: text }]),
      join('an event', [{ ...asked, event: text }]),
      join('a filter', [{ ...asked, filter: text }]),
      join('a value', [{ ...asked, filter: `word=eq.${text}` }]),
      join('a pattern', [{ ...asked, filter: `word=ilike.${text}` }]),
      join('a list', [{ ...asked, filter: `word=in.(${text})` }]),
      join('a column', [{ ...asked, filter: `${text}=eq.1` }]),
      join('an operator', [{ ...asked, filter: `word=${text}` }]),
      join('a search', [{ ...asked, filter: `word=wfts.${text}` }]),
      join('a tree', [{ ...asked, filter: `or=(word.eq.${text},id.is.null)` }]),
      join('a token', [asked], { access_token: text }),
      { ...join('a topic', [asked]), topic: `realtime:${text}` },
    ]
  })
}

/** Frames that are no messages, or messages that are none of a client. */
export function brokenFrames(): readonly (string | Buffer)[] {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
  return [
    '',
    'null',
    '[]',
    '{',
    '{}',
    '7',
    '"text"',
    deep,
    '[null,null,7,"phx_join",{}]',
    '[null,null,"realtime:x",7,{}]',
    '[{},{},"realtime:x","phx_join",[]]',
    '{"topic":"realtime:x","event":"phx_join","payload":{"config":[]},"ref":"1"}',
    '{"topic":"realtime:x","event":"phx_join","payload":{"config":{"postgres_changes":{}}},"ref":"1"}',
    '{"__proto__":{"topic":"realtime:x"},"event":"phx_join","ref":"1"}',
    '{"topic":"phoenix","event":"phx_join","payload":{},"ref":"1"}',
    JSON.stringify(['1', '1', `realtime:${'x'.repeat(200_000)}`, 'phx_join', {}]),
    JSON.stringify(['1', '1', 'realtime:x', 'phx_join', { config: { postgres_changes: Array(10_000).fill({}) } }]),
    JSON.stringify(['1', '1', 'realtime:x', 'broadcast', { type: 'broadcast', event: 'x', payload: {} }]),
    Buffer.from([0, 1, 2, 255]),
    'x'.repeat(300_000),
  ]
}

/** Why what was told counts as a leak; null when it is none. `mayShow` are secrets of who listens. */
export function leakOfFrames(probe: JoinProbe, frames: readonly string[]): string | null {
  const text = frames.join('\n')
  if (frames.length === 0) return 'was not answered'
  if (probe.isRefused && /"status":"ok"/.test(text)) return `was let in: ${text.slice(0, 200)}`
  if (text.includes('Something went wrong')) return `broke something: ${text.slice(0, 200)}`
  return leakIn(text, probe.isRefused ? 'nothing' : 'own')
}
