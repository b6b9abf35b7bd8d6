import type { JsonValue } from '@shared/json'
import pg from 'pg'
import { splitList } from './gold-notation'

/** Rows as text that can be compared, whichever way they came. */
export interface TextRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Null when the rows are the same; otherwise what differs, in words. */
export function difference(query: string, plain: TextRows, logical: TextRows): string | null {
  if (plain.columns.join() !== logical.columns.join())
    return `the columns are ${logical.columns.join(', ')} and not ${plain.columns.join(', ')}`
  if (plain.rows.length !== logical.rows.length) return `${logical.rows.length} rows and not ${plain.rows.length}`
  const [theirs, ours] = [sorted(plain.rows), sorted(logical.rows)]
  const off = theirs.findIndex((row, index) => row !== ours[index])
  if (off >= 0) return `a row is ${ours[off]} and not ${theirs[off]}`
  const keys = orderKeys(query, plain.columns)
  const place = (row: readonly string[] | undefined) => JSON.stringify(keys.map((key) => row?.[key]))
  const at = plain.rows.findIndex((row, index) => place(row) !== place(logical.rows[index]))
  if (at >= 0) return `row ${at + 1} has ${place(logical.rows[at])} and not ${place(plain.rows[at])}`
  return null
}

/** The query without its LIMIT, when it has one at its end; rows that tie under it may be any of them. */
export function withoutLimit(query: string): string | null {
  const match = /\s+limit\s+\d+(?:\s+offset\s+\d+)?\s*$/i.exec(query)
  return match === null ? null : query.slice(0, match.index)
}

/** Places of the columns that the query sorts by, as far as they are among its columns. */
function orderKeys(query: string, columns: readonly string[]): readonly number[] {
  const text = withoutLimit(query) ?? query
  const tail = outside(text).lastIndexOf('order by')
  if (tail < 0) return []
  const keys: number[] = []
  for (const item of splitList(text.slice(tail + 'order by'.length))) {
    const word = item.replace(/\s+(?:asc|desc)?\s*(?:nulls\s+(?:first|last))?\s*$/i, '').trim()
    const name = word.split('.').at(-1)?.replaceAll('"', '').toLowerCase() ?? ''
    const place = /^\d+$/.test(word) ? Number(word) - 1 : columns.indexOf(name)
    if (place < 0) break
    keys.push(place)
  }
  return keys
}

/** In lower case, with what stands in brackets and quotes blanked. */
function outside(text: string): string {
  let depth = 0
  let quoted = false
  return [...text.toLowerCase()]
    .map((character) => {
      if (character === "'") quoted = !quoted
      if (quoted) return ' '
      if (character === '(') depth++
      if (character === ')') depth--
      return depth > 0 ? ' ' : character
    })
    .join('')
}

function sorted(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}

/** A value as Postgres wrote it, with TimeZone UTC, in the one form. */
export function textOfPlain(oid: number, text: string | null): string {
  if (text === null) return 'NULL'
  const element = arrayElements.get(oid)
  if (element !== undefined) {
    const items: readonly (string | null)[] = parseArray(text)
    return `[${items.map((item) => (Array.isArray(item) ? JSON.stringify(item) : textOfPlain(element, item))).join()}]`
  }
  if (oid === 16) return text === 't' ? 'true' : 'false'
  if (oid === 700) return roundedFloat(text, 6)
  if (oid === 701) return roundedFloat(text, 12)
  if (oid === 114 || oid === 3802) return JSON.stringify(JSON.parse(text))
  return moment(text)
}

/** The same of a value that came as JSON. */
export function textOfJson(oid: number, value: JsonValue): string {
  if (value === null) return 'NULL'
  if (oid === 114 || oid === 3802) return JSON.stringify(value)
  const element = arrayElements.get(oid)
  if (element !== undefined && Array.isArray(value))
    return `[${value.map((item: JsonValue) => (Array.isArray(item) ? JSON.stringify(item) : textOfJson(element, item))).join()}]`
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (oid === 700) return roundedFloat(text, 6)
  if (oid === 701) return roundedFloat(text, 12)
  return moment(text)
}

/** Sums of floats depend on the order of their rows in the last digits. */
function roundedFloat(text: string, digits: number): string {
  const value = Number(text)
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : text
}

/** `2026-01-02 03:04:05.1+00` and `2026-01-02T03:04:05.100000Z` are one moment. */
function moment(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?(\+00|Z)?$/.exec(text)
  if (match === null) return text
  const [, date, time, fraction = '', zone] = match
  const rest = fraction.replace(/0+$/, '')
  return `${date}T${time}${rest === '' ? '' : `.${rest}`}${zone === undefined ? '' : 'Z'}`
}

const textArray: number = 1009
const parseArray = pg.types.getTypeParser(textArray, 'text')

/** Types by oid (pg_type.dat): arrays and what they are of. */
const arrayElements: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1005, 21],
  [1007, 23],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1231, 1700],
  [1009, 25],
  [1015, 1043],
  [1115, 1114],
  [1185, 1184],
  [1182, 1082],
  [1187, 1186],
  [2951, 2950],
  [199, 114],
  [3807, 3802],
])
