import { assertNever } from '../assert-never'
import type { JsonValue } from '../json'
import { parseArrayLiteral, writeArrayLiteral } from './array-literal'
import { coerceInterval } from './coerce-interval'
import { coerceFloat, coerceInteger, coerceNumeric } from './coerce-number'
import { coerceDate, coerceTime, coerceTimestamp } from './coerce-time'
import { type Coerced, fits, misfit } from './coerced'
import type { ColumnType } from './column-type'
import { jsonProblem, textProblem } from './text-problem'

/**
 * Puts a JSON value into the canonical form of a column type: the form it is stored in, compared in and answered
 * with. Strict: what is not exactly a value of the type does not fit. JSON null is NULL and fits every type.
 */
export function coerceValue(type: ColumnType, value: JsonValue): Coerced {
  if (value === null) return fits(null)
  if (type.array) return coerceArray(type, value)
  switch (type.base) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return coerceInteger(type.base, value)
    case 'numeric':
      return coerceNumeric(value, type)
    case 'real':
    case 'double':
      return coerceFloat(type.base, value)
    case 'text':
    case 'varchar':
      return coerceText(value, type.length)
    case 'boolean':
      return coerceBoolean(value)
    case 'date':
      return coerceDate(value)
    case 'time':
      return coerceTime(value)
    case 'timestamp':
    case 'timestamptz':
      return coerceTimestamp(value, type.base === 'timestamptz')
    case 'interval':
      return coerceInterval(value)
    case 'uuid':
      return coerceUuid(value)
    case 'jsonb':
      return coerceJson(value)
    case 'bytea':
      return coerceBytes(value)
    default:
      return assertNever(type.base)
  }
}

/** Reads the type's text form: what a default is written in, and what a value looks like as text. */
export function parseValue(type: ColumnType, text: string): Coerced {
  if (type.base !== 'jsonb' || type.array) return coerceValue(type, text)
  try {
    const value: JsonValue = JSON.parse(text)
    return coerceJson(value)
  } catch {
    return misfit('is not JSON')
  }
}

/** The text form of a canonical value. */
export function renderValue(type: ColumnType, value: JsonValue): string {
  if (type.array && Array.isArray(value)) {
    const element: ColumnType = { ...type, array: false }
    return writeArrayLiteral(value.map((item: JsonValue) => (item === null ? null : renderValue(element, item))))
  }
  return type.base !== 'jsonb' && typeof value === 'string' ? value : JSON.stringify(value)
}

function coerceArray(type: ColumnType, value: JsonValue): Coerced {
  const element: ColumnType = { ...type, array: false }
  const isText = typeof value === 'string'
  const items: readonly JsonValue[] | null = isText ? parseArrayLiteral(value) : Array.isArray(value) ? value : null
  if (!items) return misfit('is not an array')
  const coerced: JsonValue[] = []
  for (const [index, item] of items.entries()) {
    const one = isText && typeof item === 'string' ? parseValue(element, item) : coerceValue(element, item)
    if (!one.ok) return misfit(`does not fit: element ${index + 1} ${one.reason}`)
    coerced.push(one.value)
  }
  return fits(coerced)
}

function coerceText(value: JsonValue, length: number | undefined): Coerced {
  if (typeof value !== 'string') return misfit('is not text')
  const problem = textProblem(value)
  if (problem) return misfit(problem)
  // A character is a code point, as varchar(n) counts; a text of at most n units needs no counting.
  if (length !== undefined && value.length > length && [...value].length > length)
    return misfit(`is longer than ${length} ${length === 1 ? 'character' : 'characters'}`)
  return fits(value)
}

/** Postgres takes every beginning of these words that is not ambiguous. */
function coerceBoolean(value: JsonValue): Coerced {
  if (typeof value === 'boolean') return fits(value)
  if (typeof value !== 'string') return misfit('is not true or false')
  const word = value.trim().toLowerCase()
  if (word !== '' && ('true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on' || word === '1'))
    return fits(true)
  if (word !== '' && ('false'.startsWith(word) || 'no'.startsWith(word) || ['of', 'off', '0'].includes(word)))
    return fits(false)
  return misfit('is not true or false')
}

function coerceUuid(value: JsonValue): Coerced {
  const match =
    typeof value === 'string'
      ? /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i.exec(value.trim())
      : null
  return match ? fits(match.slice(1).join('-').toLowerCase()) : misfit('is not a uuid')
}

function coerceJson(value: JsonValue): Coerced {
  const problem = jsonProblem(value)
  return problem ? misfit(problem) : fits(value)
}

function coerceBytes(value: JsonValue): Coerced {
  if (typeof value !== 'string' || !/^\\x(?:[0-9a-f]{2})*$/i.test(value))
    return misfit('is not bytes written as \\x and pairs of hexadecimal digits')
  return fits(value.toLowerCase())
}
