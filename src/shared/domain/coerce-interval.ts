import type { JsonValue } from '../json'
import { type Coerced, fits, misfit } from './coerced'

/** Months, days and microseconds, as Postgres keeps an interval. */
interface Interval {
  readonly months: number
  readonly days: number
  readonly micros: bigint
}

type Field = keyof typeof fieldSizes

/** What one of each unit is: whole months or days, or microseconds. */
const fieldSizes = {
  millennium: { months: 12_000 },
  century: { months: 1200 },
  decade: { months: 120 },
  year: { months: 12 },
  month: { months: 1 },
  week: { days: 7 },
  day: { days: 1 },
  hour: { micros: 3_600_000_000 },
  minute: { micros: 60_000_000 },
  second: { micros: 1_000_000 },
  millisecond: { micros: 1000 },
  microsecond: { micros: 1 },
} as const satisfies Record<
  string,
  { readonly months: number } | { readonly days: number } | { readonly micros: number }
>

const spellings: Readonly<Record<Field, readonly string[]>> = {
  millennium: ['millennium', 'millennia', 'mil', 'mils'],
  century: ['century', 'centuries', 'cent', 'c'],
  decade: ['decade', 'decades', 'dec', 'decs'],
  year: ['year', 'years', 'yr', 'yrs', 'y'],
  month: ['month', 'months', 'mon', 'mons'],
  week: ['week', 'weeks', 'w'],
  day: ['day', 'days', 'd'],
  hour: ['hour', 'hours', 'hr', 'hrs', 'h'],
  minute: ['minute', 'minutes', 'min', 'mins', 'm'],
  second: ['second', 'seconds', 'sec', 'secs', 's'],
  millisecond: ['millisecond', 'milliseconds', 'msec', 'msecs', 'ms'],
  microsecond: ['microsecond', 'microseconds', 'usec', 'usecs', 'us'],
}

const fieldOf: ReadonlyMap<string, Field> = new Map(
  Object.entries(spellings).flatMap(([field, words]) => words.map((word) => [word, field as Field] as const)),
)

const isoPattern =
  /^P(?=.)(?:(N)Y)?(?:(N)M)?(?:(N)W)?(?:(N)D)?(?:T(?=.)(?:(N)H)?(?:(N)M)?(?:(N)S)?)?$/.source.replaceAll(
    'N',
    '[+-]?\\d{1,18}(?:[.,]\\d{1,30})?',
  )
const iso = new RegExp(isoPattern, 'i')
const isoFields: readonly Field[] = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second']
const part =
  /\s*(?:([+-]?)(\d{1,10}):(\d{2})(?::(\d{2}(?:\.\d{1,30})?))?(?![\d.:])|([+-]?(?:\d{1,18}(?:\.\d{0,30})?|\.\d{1,30}))\s*([a-z]+)(?![a-z]))/y

export function coerceInterval(value: JsonValue): Coerced {
  if (typeof value !== 'string') return misfit('is not an interval')
  const text = value.trim().toLowerCase()
  const terms = text.length > 1000 ? null : (isoTerms(text) ?? wordTerms(text))
  if (!terms) return misfit('is not an interval like 2 days 03:00:00 or P2DT3H')
  const interval = terms.reduce(addTerm, { months: 0, days: 0, micros: 0n })
  if (!inRange(interval)) return misfit('is out of the range of interval')
  return fits(writeInterval(interval))
}

interface Term {
  readonly field: Field
  /** Decimal text with its sign. */
  readonly amount: string
}

function isoTerms(text: string): readonly Term[] | null {
  const match = iso.exec(text)
  if (!match) return null
  return isoFields.flatMap((field, index) => {
    const amount = match[index + 1]?.replace(',', '.')
    return amount === undefined ? [] : [{ field, amount }]
  })
}

function wordTerms(text: string): readonly Term[] | null {
  const ago = / ago$/.test(text)
  const body = text.replace(/^@\s*/, '').replace(/ ago$/, '')
  const terms: Term[] = []
  part.lastIndex = 0
  let end = 0
  while (end < body.length) {
    const match = part.exec(body)
    if (!match) return null
    end = part.lastIndex
    const [, sign, hours, minutes, seconds, amount, word] = match
    if (hours !== undefined && minutes !== undefined) {
      if (Number(minutes) > 59 || Number(seconds ?? 0) >= 60) return null
      terms.push({ field: 'hour', amount: `${sign}${hours}` }, { field: 'minute', amount: `${sign}${minutes}` })
      if (seconds !== undefined) terms.push({ field: 'second', amount: `${sign}${seconds}` })
    } else {
      const field = fieldOf.get(word ?? '')
      if (!field || amount === undefined) return null
      terms.push({ field, amount })
    }
  }
  if (terms.length === 0 || new Set(terms.map(({ field }) => field)).size < terms.length) return null
  return ago ? terms.map((term) => ({ ...term, amount: negate(term.amount) })) : terms
}

/** A part of a unit goes to the next smaller one: half a month is 15 days, half a day 12 hours. */
function addTerm(sum: Interval, { field, amount }: Term): Interval {
  const negative = amount.startsWith('-')
  const [wholeText = '0', fractionText = ''] = amount.replace(/^[+-]/, '').split('.')
  const sign = negative ? -1 : 1
  const whole = Number(wholeText || '0') * sign
  const fraction = Number(`0.${fractionText || '0'}`) * sign
  const size = fieldSizes[field]
  if ('micros' in size) {
    const micros = BigInt(wholeText || '0') * BigInt(size.micros) * BigInt(sign)
    return { ...sum, micros: sum.micros + micros + BigInt(Math.round(fraction * size.micros)) }
  }
  if ('days' in size) {
    const more = fraction * size.days
    return addDays({ ...sum, days: sum.days + whole * size.days }, more)
  }
  if (size.months >= 12)
    return { ...sum, months: sum.months + whole * size.months + Math.round(fraction * size.months) }
  return addDays({ ...sum, months: sum.months + whole }, fraction * 30)
}

function addDays(sum: Interval, days: number): Interval {
  // Sevenths and thirtieths of a day are not exact in binary; nine digits are enough for a microsecond.
  const exact = Number(days.toFixed(9))
  const whole = Math.trunc(exact)
  const micros = Math.round(Number((exact - whole).toFixed(12)) * 86_400_000_000)
  return { ...sum, days: sum.days + whole, micros: sum.micros + BigInt(micros) }
}

function inRange({ months, days, micros }: Interval): boolean {
  const most = 2_147_483_647
  return Math.abs(months) <= most && Math.abs(days) <= most && micros < 2n ** 63n && micros > -(2n ** 63n)
}

/** ISO 8601 as Postgres writes it (IntervalStyle iso_8601): each part has a sign of its own, zero is PT0S. */
function writeInterval({ months, days, micros }: Interval): string {
  const date = writeParts([
    [Math.trunc(months / 12), 'Y'],
    [months % 12, 'M'],
    [days, 'D'],
  ])
  const seconds = micros / 1_000_000n
  const clock = writeParts([
    [seconds / 3600n, 'H'],
    [(seconds / 60n) % 60n, 'M'],
  ])
  const [second, rest] = [seconds % 60n, micros % 1_000_000n]
  const fraction = String(rest < 0n ? -rest : rest)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const sign = second < 0n || rest < 0n ? '-' : ''
  const last =
    second === 0n && rest === 0n
      ? ''
      : `${sign}${second < 0n ? -second : second}${fraction === '' ? '' : `.${fraction}`}S`
  const time = clock + last
  if (date === '' && time === '') return 'PT0S'
  return `P${date}${time === '' ? '' : `T${time}`}`
}

function writeParts(parts: readonly (readonly [number | bigint, string])[]): string {
  return parts.map(([amount, unit]) => (amount === 0 || amount === 0n ? '' : `${amount}${unit}`)).join('')
}

function negate(amount: string): string {
  return amount.startsWith('-') ? amount.slice(1) : `-${amount.replace(/^\+/, '')}`
}
