import type { JsonValue } from '../json'
import { type Coerced, fits, misfit } from './coerced'

/**
 * Numbers, exactly: decimal arithmetic on text, so nothing passes through a double that a double cannot hold. Rules
 * and limits are Postgres' own (numeric-value round half away from zero, 131,072 digits before and 16,383 after the
 * point).
 */

interface Decimal {
  readonly negative: boolean
  /** Without leading zeros; empty for zero. The value is digits / 10^scale. */
  readonly digits: string
  readonly scale: number
}

const integerRanges = {
  smallint: ['32768', '32767'],
  integer: ['2147483648', '2147483647'],
  bigint: ['9223372036854775808', '9223372036854775807'],
} as const

export type IntegerType = keyof typeof integerRanges

export function coerceInteger(type: IntegerType, value: JsonValue): Coerced {
  if (typeof value === 'number' && !Number.isInteger(value)) return misfit('is not a whole number')
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    return misfit('is larger than a JSON number can say exactly; send it as a string')
  if (typeof value !== 'number' && typeof value !== 'string') return misfit('is not a whole number')
  const match = /^([+-]?)0*(\d+)$/.exec(String(value).trim())
  if (!match) return misfit('is not a whole number')
  const [, sign, digits = '0'] = match
  const limit = integerRanges[type][sign === '-' ? 0 : 1]
  if (digits.length > limit.length || (digits.length === limit.length && digits > limit))
    return misfit(`is out of the range of ${type}`)
  const text = sign === '-' && digits !== '0' ? `-${digits}` : digits
  return fits(type === 'bigint' ? text : Number(text))
}

export function coerceNumeric(
  value: JsonValue,
  size: { readonly precision?: number; readonly scale?: number },
): Coerced {
  if (typeof value === 'number' && !isExactNumber(value))
    return misfit('has more digits than a JSON number can say exactly; send it as a string')
  if (typeof value !== 'number' && typeof value !== 'string') return misfit('is not a number')
  const special = typeof value === 'string' ? specialNumber(value) : null
  if (special !== null)
    return special !== 'NaN' && size.precision !== undefined ? misfit('is out of range') : fits(special)
  const decimal = parseDecimal(String(value))
  if (!decimal) return misfit('is not a number')
  if (decimal.digits.length - decimal.scale > 131_072 || decimal.scale > 16_383)
    return misfit('has more digits than numeric can hold')
  if (size.precision === undefined) return fits(writeDecimal(decimal))
  const rounded = roundDecimal(decimal, size.scale ?? 0)
  if (rounded.digits.length > size.precision)
    return misfit(`needs more digits than numeric(${size.precision},${size.scale ?? 0}) has`)
  return fits(writeDecimal(rounded))
}

export function coerceFloat(type: 'real' | 'double', value: JsonValue): Coerced {
  if (typeof value !== 'number' && typeof value !== 'string') return misfit('is not a number')
  const special = typeof value === 'string' ? specialNumber(value) : null
  if (special !== null) return fits(special)
  const decimal = parseDecimal(String(value))
  if (!decimal) return misfit('is not a number')
  const number = Number(value)
  const stored = type === 'real' ? Math.fround(number) : number
  if (!Number.isFinite(stored) || (stored === 0 && decimal.digits !== ''))
    return misfit(`is out of the range of ${type}`)
  return fits(type === 'real' ? shortestReal(stored) : stored)
}

/** The value as plain digits for comparing: `1.50` and `1.5` are one number. */
export function sameNumber(left: string, right: string): boolean {
  const [a, b] = [parseDecimal(left), parseDecimal(right)]
  if (!a || !b) return left === right
  const scale = Math.max(a.scale, b.scale)
  return writeDecimal(roundDecimal(a, scale)) === writeDecimal(roundDecimal(b, scale))
}

/** 15 digits always survive the way through a double; whole numbers do up to 2^53. */
function isExactNumber(value: number): boolean {
  if (Number.isSafeInteger(value)) return true
  const [mantissa = ''] = String(value).split('e')
  return mantissa.replace(/^-?[0.]*|\./g, '').length <= 15
}

function specialNumber(text: string): 'NaN' | 'Infinity' | '-Infinity' | null {
  switch (text.trim().toLowerCase()) {
    case 'nan':
      return 'NaN'
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return 'Infinity'
    case '-infinity':
    case '-inf':
      return '-Infinity'
    default:
      return null
  }
}

function parseDecimal(text: string): Decimal | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text.trim())
  if (!match) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return null
  const digits = trimZeros(whole + fraction)
  const scale = fraction.length - Number(exponent)
  // Zero keeps no exponent: 0e99999 is 0.
  if (digits === '') return { negative: false, digits, scale: Math.max(0, scale) }
  if (scale >= 0) return { negative: sign === '-', digits, scale }
  return { negative: sign === '-', digits: digits + '0'.repeat(-scale), scale: 0 }
}

function roundDecimal(decimal: Decimal, scale: number): Decimal {
  const missing = scale - decimal.scale
  if (missing >= 0)
    return { ...decimal, digits: decimal.digits === '' ? '' : decimal.digits + '0'.repeat(missing), scale }
  const padded = decimal.digits.padStart(-missing + 1, '0')
  const kept = padded.slice(0, missing)
  const up = (padded.at(missing) ?? '0') >= '5'
  const digits = trimZeros(up ? increment(kept) : kept)
  return { negative: decimal.negative && digits !== '', digits, scale }
}

function increment(digits: string): string {
  const nines = /9*$/.exec(digits)?.[0].length ?? 0
  const head = digits.slice(0, digits.length - nines)
  const last = head.at(-1)
  const bumped = last === undefined ? '1' : head.slice(0, -1) + String(Number(last) + 1)
  return bumped + '0'.repeat(nines)
}

function writeDecimal({ negative, digits, scale }: Decimal): string {
  const padded = digits.padStart(scale + 1, '0')
  const text = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`
  return negative ? `-${text}` : text
}

function trimZeros(digits: string): string {
  return digits.replace(/^0+/, '')
}

/** The shortest decimal that reads back as the same 4-byte float, as Postgres writes it: 0.1 and not 0.10000000149. */
function shortestReal(value: number): number {
  for (let precision = 1; precision < 9; precision++) {
    const short = Number(value.toPrecision(precision))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
