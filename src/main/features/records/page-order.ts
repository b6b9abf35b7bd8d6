import { createHash } from 'node:crypto'
import { AppError } from '@shared/app-error'
import { coerceValue } from '@shared/domain/coerce-value'
import type { Filter, Sort } from '@shared/domain/filter'
import { isJson, type JsonValue } from '@shared/json'
import type { StoredTable } from '../tables/stored-table'
import { loose } from './filter.sql'
import { type FilterTarget, resolveTarget } from './filter-target'
import type { RecordRow } from './record'

/** The order of a query's records, and the place in it where a page ends. */

export interface OrderPart {
  readonly target: FilterTarget
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}

/** The last record of a page: its value in each part of the order, and its id. */
export interface Place {
  readonly values: readonly JsonValue[]
  readonly id: string
}

/** A cursor's content: the place, or only the id where the values are too long to carry around. */
export type Cursor = Place | { readonly id: string; readonly values: null }

/** What the contract lets a cursor be, less room for its id and hash in base64. */
const longestPlace = 12_000

/** Always total. */
export interface Order {
  readonly parts: readonly OrderPart[]
  /** How `_id` comes last: in the direction of the part before it, as an index has it. Null when it is a part. */
  readonly last: 'asc' | 'desc' | null
}

export function pageOrder(table: StoredTable, sort: readonly Sort[]): Order {
  const parts = sort.map(({ column, direction, nulls }) => ({
    target: resolveTarget(table, column),
    direction,
    nulls: nulls ?? (direction === 'asc' ? 'last' : 'first'),
  }))
  const id = parts.findIndex(({ target }) => target.isIdentity)
  // What comes after the identity decides nothing.
  return id < 0 ? { parts, last: parts.at(-1)?.direction ?? 'asc' } : { parts: parts.slice(0, id + 1), last: null }
}

export function placeOfRow({ parts }: Order, row: RecordRow): Place {
  return { values: parts.map(({ target }) => target.read(row)), id: row.id }
}

export function writeCursor(query: string, place: Place): string {
  const values = JSON.stringify(place.values).length > longestPlace ? null : place.values
  return Buffer.from(JSON.stringify([query, place.id, values])).toString('base64url')
}

/** VALIDATION unless it is a cursor of this very query. */
export function readCursor(query: string, { parts }: Order, text: string): Cursor {
  const parsed = parse(text)
  if (!Array.isArray(parsed) || parsed.length !== 3) throw foreign()
  const [hash, id, values]: readonly JsonValue[] = parsed
  if (hash !== query || typeof id !== 'string' || !coerceValue({ base: 'uuid', array: false }, id).ok) throw foreign()
  if (values === null) return { id, values }
  if (!Array.isArray(values) || values.length !== parts.length) throw foreign()
  const given: readonly JsonValue[] = values
  return {
    id,
    values: parts.map(({ target }, index) => {
      const coerced = coerceValue(loose(target.type), given[index] ?? null)
      if (!coerced.ok) throw foreign()
      return coerced.value
    }),
  }
}

/** Tells a cursor of this query from all others. */
export function queryHash(table: StoredTable, filter: Filter, sort: readonly Sort[]): string {
  const text = JSON.stringify([
    table.id,
    filter,
    sort.map(({ column, direction, nulls }) => [column, direction, nulls]),
  ])
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

function parse(text: string): JsonValue {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return isJson(value) ? value : null
  } catch {
    return null
  }
}

export function foreign(): AppError {
  return new AppError(
    'VALIDATION',
    'This cursor is not of this query. Ask for the first page again, with the same filters and sort for every page.',
  )
}
