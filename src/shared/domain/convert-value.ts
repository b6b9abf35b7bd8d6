import type { JsonValue } from '../json'
import { sameNumber } from './coerce-number'
import { coerceValue, parseValue, renderValue } from './coerce-value'
import type { Coerced } from './coerced'
import type { BaseType, ColumnType } from './column-type'

const whole: ReadonlySet<BaseType> = new Set(['smallint', 'integer', 'bigint'])
const broken: ReadonlySet<BaseType> = new Set(['numeric', 'real', 'double'])

/** What becomes of a canonical value when its column changes type: its text form, read as the new type. */
export function convertValue(from: ColumnType, to: ColumnType, value: JsonValue): Coerced {
  if (value === null) return { ok: true, value }
  if (to.base === 'jsonb' && !to.array && from.base !== 'text' && from.base !== 'varchar') return coerceValue(to, value)
  const text = renderValue(from, value)
  if (from.array || to.array) return parseValue(to, text)
  if (from.base === 'timestamp' || from.base === 'timestamptz') {
    if (to.base === 'date') return parseValue(to, text.slice(0, 10))
    if (to.base === 'time') return parseValue(to, text.slice(11).replace('Z', ''))
  }
  // 3.00 is a whole number; its text is not one.
  if (broken.has(from.base) && whole.has(to.base)) return parseValue(to, text.replace(/\.0*$/, ''))
  return parseValue(to, text)
}

/** Whether the way to the new type and back gives another value: something was rounded, cut or respelled. */
export function changesValue(from: ColumnType, to: ColumnType, before: JsonValue, after: JsonValue): boolean {
  const back = convertValue(to, from, after)
  if (!back.ok) return true
  const [old, now] = [renderValue(from, before), renderValue(from, back.value)]
  if (old === now) return false
  return from.base === 'numeric' && !from.array ? !sameNumber(old, now) : true
}

/**
 * Whether every value of `from` is the same value of `to`, so that none has to be looked at: `same` when it is also
 * spelt the same, `cast` when a cast gives its new form; null when values have to be converted one by one.
 */
export function wideningOf(from: ColumnType, to: ColumnType): 'same' | 'cast' | null {
  if (from.base === to.base && from.array === to.array && isWiderOrSame(from, to)) return 'same'
  if (from.array || to.array) return null
  if (from.base === 'varchar' && to.base === 'text') return 'same'
  if (from.base === 'text' && to.base === 'varchar') return to.length === undefined ? 'same' : null
  if (from.base === 'smallint' && to.base === 'integer') return 'same'
  if (from.base === 'bigint' && to.base === 'numeric') return to.precision === undefined ? 'same' : null
  if (isText(to) && (whole.has(from.base) || from.base === 'uuid' || from.base === 'boolean')) return 'cast'
  if (from.base !== 'smallint' && from.base !== 'integer') return null
  return to.base === 'bigint' || (to.base === 'numeric' && to.precision === undefined) ? 'cast' : null
}

function isText({ base, length }: ColumnType): boolean {
  return base === 'text' || (base === 'varchar' && length === undefined)
}

function isWiderOrSame(from: ColumnType, to: ColumnType): boolean {
  if (to.length !== undefined) return from.length !== undefined && from.length <= to.length
  if (to.precision === undefined) return true
  return from.precision !== undefined && from.precision <= to.precision && (from.scale ?? 0) === (to.scale ?? 0)
}
