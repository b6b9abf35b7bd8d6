import { stringify } from 'csv-stringify/sync'
import type { Accepted, Preferences } from './prefer'
import type { RestAnswer } from './rest-call'
import { notOne } from './rest-error'

export interface Answered {
  /** A JSON array, as text; null when nothing is to be answered. */
  readonly body: string | null
  readonly count: number
}

const mediaTypes = {
  array: 'application/json; charset=utf-8',
  object: 'application/vnd.pgrst.object+json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const

/** The records in the form that was asked for. PGRST116 when one was asked for and there is not exactly one. */
export function answer(
  status: number,
  { body, count }: Answered,
  accept: Accepted,
  prefer: Preferences,
  headers: Readonly<Record<string, string>> = {},
): RestAnswer {
  if (accept.format === 'object' && body !== null && count !== 1) throw notOne(count)
  const applied: Record<string, string> =
    prefer.applied.length === 0 ? {} : { 'preference-applied': prefer.applied.join(', ') }
  if (body === null) return { status, headers: { ...applied, ...headers }, body }
  const text = accept.format === 'csv' ? csvOf(body) : accept.format === 'object' ? body.slice(1, -1) : body
  return { status, headers: { 'content-type': mediaTypes[accept.format], ...applied, ...headers }, body: text }
}

/** `0-9/57`; without a count `*` stands for it, and without records for the range. */
export function contentRange(offset: number, count: number, total: number | null): string {
  return `${count === 0 ? '*' : `${offset}-${offset + count - 1}`}/${total ?? '*'}`
}

function csvOf(body: string): string {
  const rows: Record<string, unknown>[] = JSON.parse(body)
  const [first] = rows
  if (!first) return ''
  return stringify(rows, {
    header: true,
    columns: Object.keys(first).map((key) => ({ key, header: key })),
    cast: { boolean: String },
  })
}
