import type { JsonValue } from '../json'

export const filterOperators = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'like',
  'ilike',
  'in',
  'is',
  'contains',
  'starts_with',
] as const

export type FilterOperator = (typeof filterOperators)[number]

export interface Condition {
  /** A column, or a path into a jsonb column: `meta.a.b`. */
  readonly column: string
  readonly op: FilterOperator
  readonly value: JsonValue
}

/** A condition tree. Filters travel as data; only `records.sql.ts` turns them into SQL. */
export type Filter =
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }
  | Condition

export interface Sort {
  readonly column: string
  readonly direction: 'asc' | 'desc'
  readonly nulls?: 'first' | 'last' | undefined
}
