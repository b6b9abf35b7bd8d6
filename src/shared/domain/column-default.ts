import type { JsonValue } from '../json'
import { coerceTimestamp } from './coerce-time'
import { parseValue } from './coerce-value'
import { type BaseType, type ColumnType, parseColumnType } from './column-type'
import type { ColumnSchema } from './table-schema'

/** What a column that was left out gets. */
export type ColumnDefault =
  | { readonly kind: 'none' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'now' }
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** The default does not fit the column: the end of a sentence that begins with it. */
  | { readonly kind: 'misfit'; readonly reason: string }

const moments: ReadonlySet<BaseType> = new Set(['date', 'time', 'timestamp', 'timestamptz'])
const texts: ReadonlySet<BaseType> = new Set(['text', 'varchar'])

export function columnDefault(column: ColumnSchema): ColumnDefault {
  const type = parseColumnType(column.type)
  if (column.default === undefined || !type) return { kind: 'none' }
  const word = column.default.trim().toLowerCase()
  // In a text column these are two harmless texts, and Postgres' functions would not fit it.
  if (!texts.has(type.base) || type.array) {
    if (word === 'now()')
      return moments.has(type.base) && !type.array ? { kind: 'now' } : { kind: 'misfit', reason: 'is a moment' }
    if (word === 'gen_random_uuid()')
      return type.base === 'uuid' && !type.array ? { kind: 'uuid' } : { kind: 'misfit', reason: 'is a uuid' }
  }
  const coerced = parseValue(type, column.default)
  return coerced.ok ? { kind: 'value', value: coerced.value } : { kind: 'misfit', reason: coerced.reason }
}

/** `now` (ISO 8601, UTC, microseconds) as a value of a date or time column. */
export function nowAs(type: ColumnType, now: string): JsonValue {
  switch (type.base) {
    case 'date':
      return now.slice(0, 10)
    case 'time':
      return now.slice(11, 26)
    case 'timestamp':
      return now.slice(0, 26)
    default: {
      const coerced = coerceTimestamp(now, true)
      return coerced.ok ? coerced.value : null
    }
  }
}

/** `updated_at` is set with every write, where it is a moment that begins as now. */
export function isTouchedOnWrite(column: ColumnSchema): boolean {
  return column.name === 'updated_at' && column.type === 'timestamptz' && columnDefault(column).kind === 'now'
}
