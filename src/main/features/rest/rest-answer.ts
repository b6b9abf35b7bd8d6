import { writeArrayLiteral } from '@shared/domain/array-literal'
import type { ColumnType } from '@shared/domain/column-type'
import { stringify } from 'csv-stringify/sync'
import type { Accepted, Preferences } from './prefer'
import type { RestAnswer } from './rest-call'
import { notOne } from './rest-error'
import type { Output } from './rest-node.sql'

export interface Answered {
  /** A JSON array, as text; null when nothing is to be answered. */
  readonly body: string | null
  readonly count: number
  /** Of the columns, for CSV. */
  readonly outputs?: readonly Output[]
}

const mediaTypes = {
  array: 'application/json; charset=utf-8',
  object: 'application/vnd.pgrst.object+json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const

/** The records in the form that was asked for. PGRST116 when one was asked for and there is not exactly one. */
export function answer(
  status: number,
  { body, count, outputs = [] }: Answered,
  accept: Accepted,
  prefer: Preferences,
  headers: Readonly<Record<string, string>> = {},
): RestAnswer {
  if (accept.format === 'object' && body !== null && count !== 1) throw notOne(count)
  const applied: Record<string, string> =
    prefer.applied.length === 0 ? {} : { 'preference-applied': prefer.applied.join(', ') }
  if (body === null) return { status, headers: { ...applied, ...headers }, body }
  const text = accept.format === 'csv' ? csvOf(body, outputs) : accept.format === 'object' ? body.slice(1, -1) : body
  return { status, headers: { 'content-type': mediaTypes[accept.format], ...applied, ...headers }, body: text }
}

/** `0-9/57`; without a count `*` stands for it, and without records for the range. */
export function contentRange(offset: number, count: number, total: number | null): string {
  return `${count === 0 ? '*' : `${offset}-${offset + count - 1}`}/${total ?? '*'}`
}

/** As Postgres writes a row: arrays in braces, booleans as one letter, no line after the last. */
function csvOf(body: string, outputs: readonly Output[]): string {
  const rows: Record<string, unknown>[] = JSON.parse(body)
  const names = rows[0] ? Object.keys(rows[0]) : outputs.map(({ name }) => name)
  const types = new Map(outputs.map(({ name, type }) => [name, type]))
  const cells = rows.map((row) => names.map((name) => cellOf(row[name], types.get(name))))
  return stringify([names, ...cells]).replace(/\n$/, '')
}

function cellOf(value: unknown, type: ColumnType | undefined): unknown {
  if (type?.array === true && Array.isArray(value)) return writeArrayLiteral(value)
  if (typeof value === 'boolean') return type?.base === 'boolean' ? (value ? 't' : 'f') : String(value)
  return value
}
