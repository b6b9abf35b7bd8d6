import { RestError } from './rest-error'

export interface Preferences {
  readonly return: 'minimal' | 'representation' | 'headers-only'
  readonly count: 'exact' | 'planned' | 'estimated' | null
  readonly resolution: 'merge-duplicates' | 'ignore-duplicates' | null
  readonly missing: 'default' | 'null'
  readonly isRolledBack: boolean
  readonly isStrict: boolean
  /** Records; null when left out. */
  readonly maxAffected: number | null
  /** What was understood, for the header `Preference-Applied`. */
  readonly applied: readonly string[]
}

const known: Readonly<Record<string, readonly string[]>> = {
  return: ['minimal', 'representation', 'headers-only'],
  count: ['exact', 'planned', 'estimated', 'none'],
  resolution: ['merge-duplicates', 'ignore-duplicates'],
  missing: ['default', 'null'],
  tx: ['commit', 'rollback'],
  handling: ['strict', 'lenient'],
}

/** The header `Prefer`: what is not understood is left aside, unless `handling=strict` asks for an error. */
export function parsePrefer(header: string | undefined): Preferences {
  const preferences = preferredBy.get(header) ?? readPrefer(header)
  if (preferredBy.size < mostHeaders) preferredBy.set(header, preferences)
  return preferences
}

const preferredBy = new Map<string | undefined, Preferences>()
/** Headers in memory: a client sends the same few. */
const mostHeaders = 200

function readPrefer(header: string | undefined): Preferences {
  const found = new Map<string, string>()
  const unknown: string[] = []
  for (const word of (header ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const [name = '', value = ''] = word.split('=', 2).map((one) => one.trim())
    if (known[name]?.includes(value) || (name === 'max-affected' && /^\d{1,9}$/.test(value)) || name === 'timezone') {
      if (!found.has(name)) found.set(name, value)
    } else unknown.push(word)
  }
  const isStrict = found.get('handling') === 'strict'
  if (isStrict && unknown.length > 0)
    throw new RestError(400, 'PGRST122', 'Invalid preferences given with handling=strict', {
      details: `Invalid preferences: ${unknown.join(', ').slice(0, 200)}`,
    })
  const maxAffected = found.get('max-affected')
  const pick = <T extends string>(name: string, options: readonly T[]): T | null =>
    options.find((one) => one === found.get(name)) ?? null
  return {
    return: pick('return', ['representation', 'headers-only']) ?? 'minimal',
    count: pick('count', ['exact', 'planned', 'estimated']),
    resolution: pick('resolution', ['merge-duplicates', 'ignore-duplicates']),
    missing: pick('missing', ['default']) ?? 'null',
    isRolledBack: found.get('tx') === 'rollback',
    isStrict,
    maxAffected: maxAffected === undefined || !isStrict ? null : Number(maxAffected),
    applied: [...found].filter(([name]) => name !== 'timezone').map(([name, value]) => `${name}=${value}`),
  }
}

export type Format = 'array' | 'object' | 'csv'

export interface Accepted {
  readonly format: Format
  readonly isStripped: boolean
}

const acceptedBy = new Map<string | undefined, Accepted>()

/** The header `Accept`. */
export function parseAccept(header: string | undefined): Accepted {
  const known = acceptedBy.get(header)
  if (known) return known
  const accepted = readAccept(header)
  if (acceptedBy.size < mostHeaders) acceptedBy.set(header, accepted)
  return accepted
}

function readAccept(header: string | undefined): Accepted {
  const types = (header ?? '*/*')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
  for (const one of types) {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim())
    const isStripped = parameters.includes('nulls=stripped')
    if (type === 'application/vnd.pgrst.object+json' || type === 'application/vnd.pgrst.object')
      return { format: 'object', isStripped }
    if (type === 'application/vnd.pgrst.array+json' || type === 'application/vnd.pgrst.array')
      return { format: 'array', isStripped }
    if (type === 'text/csv') return { format: 'csv', isStripped: false }
    if (['application/json', 'application/*', '*/*', ''].includes(type)) return { format: 'array', isStripped: false }
  }
  throw new RestError(406, 'PGRST107', `None of these media types are available: ${types.join(', ').slice(0, 200)}`)
}

/** Only the one schema is served. */
export function checkProfile(header: string | undefined): void {
  if (header === undefined || header === 'public') return
  throw new RestError(406, 'PGRST106', `Invalid schema: ${header.slice(0, 100)}`, {
    hint: 'Only the following schemas are exposed: public',
  })
}

export function badBody(message: string): RestError {
  return new RestError(400, 'PGRST102', message)
}
