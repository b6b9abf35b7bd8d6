import { AppError } from '@shared/app-error'
import { jsonProblem } from '@shared/domain/text-problem'
import { isJson, type JsonValue } from '@shared/json'
import pg from 'pg'
import { isoTimestamp } from '../../db/pg-types'
import type { SqlParam } from '../../db/sql-login'

/** A value in Postgres' text form as canonical JSON; types that JSON has no form for stay text. */
export function readValue(typeId: number, text: string | null): JsonValue {
  if (text === null) return null
  const read = readers.get(typeId)
  if (read !== undefined) return read(text)
  const element = elementTypes.get(typeId)
  return element === undefined ? text : readArray(text, element)
}

/**
 * JSON as Postgres reads it. An array is a list for parameters of an array type, JSON for all others. VALIDATION when it
 * holds what Postgres cannot store.
 */
export function writeParam(value: JsonValue, index: number): SqlParam {
  const problem = jsonProblem(value)
  if (problem) throw new AppError('VALIDATION', `Parameter $${index + 1} ${problem}. Take it out.`)
  if (value === null || typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  const json = JSON.stringify(value)
  if (!Array.isArray(value)) return json
  return (typeId) => (arrayTypes.has(typeId) ? writeArray(value) : json)
}

function writeArray(values: readonly JsonValue[]): string {
  const parts = values.map((value) => {
    if (value === null) return 'NULL'
    if (Array.isArray(value)) return writeArray(value)
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return `"${text.replace(/["\\]/g, '\\$&')}"`
  })
  return `{${parts.join(',')}}`
}

const textArray: number = 1009
const parseTextArray = pg.types.getTypeParser(textArray, 'text')

function readArray(text: string, element: number): JsonValue {
  const map = (value: unknown): JsonValue =>
    Array.isArray(value) ? value.map(map) : typeof value === 'string' ? readValue(element, value) : null
  return map(parseTextArray(text))
}

/** A JS number where that is the same number; digits that it would lose stay text. */
function readNumber(text: string): JsonValue {
  const number = Number(text)
  // NaN and infinity are no JSON.
  return Number.isFinite(number) ? number : text
}

/** The document, or its text when a JS number would lose digits of one of its numbers. */
function readJson(text: string): JsonValue {
  if (losesDigits(text)) return text
  const value: unknown = JSON.parse(text)
  return isJson(value) ? value : text
}

/** Strings are looked over; a number of at most 15 digits and no exponent is always kept. */
const numbers = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

export function losesDigits(json: string): boolean {
  for (const [token] of json.matchAll(numbers)) {
    if (token.startsWith('"') || (token.length <= 15 && !/[eE]/.test(token))) continue
    if (plainDigits(token) !== plainDigits(String(Number(token)))) return true
  }
  return false
}

/** The significant digits and their exponent: 1.50 and 15e-1 are one number. */
function plainDigits(token: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token)
  if (match === null) return token
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return `${sign === '' ? '' : '-'}0`
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length)
  return `${sign}${significant}e${scale}`
}

const readers: ReadonlyMap<number, (text: string) => JsonValue> = new Map([
  [16, (text: string) => text === 't'], // boolean
  [21, readNumber], // smallint
  [23, readNumber], // integer
  [26, readNumber], // oid
  [700, readNumber], // real
  [701, readNumber], // double precision
  [114, readJson], // json
  [3802, readJson], // jsonb
  [1184, isoTimestamp], // timestamptz
  [1114, isoTimestamp], // timestamp
])

/** Types of arrays and of what is in them, as far as their elements are not simply text. */
const elementTypes: ReadonlyMap<number, number> = new Map([
  [1000, 16], // boolean[]
  [1005, 21], // smallint[]
  [1007, 23], // integer[]
  [1028, 26], // oid[]
  [1021, 700], // real[]
  [1022, 701], // double precision[]
  [199, 114], // json[]
  [3807, 3802], // jsonb[]
  [1185, 1184], // timestamptz[]
  [1115, 1114], // timestamp[]
  [1009, 25], // text[]
  [1015, 1043], // varchar[]
  [1014, 1042], // char(n)[]
  [1002, 18], // "char"[]
  [1003, 19], // name[]
  [1016, 20], // bigint[]
  [1231, 1700], // numeric[]
  [1182, 1082], // date[]
  [1183, 1083], // time[]
  [1270, 1266], // timetz[]
  [1187, 1186], // interval[]
  [2951, 2950], // uuid[]
  [1001, 17], // bytea[]
  [1041, 869], // inet[]
  [651, 650], // cidr[]
  [2211, 2206], // regtype[]
])
const arrayTypes: ReadonlySet<number> = new Set(elementTypes.keys())

/** The SQL names of common types, so that most results need no question for them. */
const typeNames: ReadonlyMap<number, string> = new Map([
  [16, 'boolean'],
  [17, 'bytea'],
  [19, 'name'],
  [20, 'bigint'],
  [21, 'smallint'],
  [23, 'integer'],
  [25, 'text'],
  [26, 'oid'],
  [114, 'json'],
  [700, 'real'],
  [701, 'double precision'],
  [705, 'unknown'],
  [1009, 'text[]'],
  [1016, 'bigint[]'],
  [1007, 'integer[]'],
  [1082, 'date'],
  [1083, 'time without time zone'],
  [1114, 'timestamp without time zone'],
  [1184, 'timestamp with time zone'],
  [1186, 'interval'],
  [1700, 'numeric'],
  [1043, 'character varying'],
  [2950, 'uuid'],
  [3802, 'jsonb'],
])

/** Null when Postgres has to be asked. */
export function knownTypeName(typeId: number, modifier: number): string | null {
  return modifier === -1 ? (typeNames.get(typeId) ?? null) : null
}
