import type { SavedView } from '@shared/contract/views.contract'
import type { Filter, Sort } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { JsonObject } from '@shared/json'
import { filterSql } from '../records/filter.sql'
import { resolveTarget } from '../records/filter-target'
import { pageOrder } from '../records/page-order'
import type { StoredTable } from '../tables/stored-table'

type ViewColumns = SavedView['columns']

/** As it is stored: every column by its layout key, in conditions and sorts with the path into it behind. */
export interface ViewDefinition {
  readonly filter: Filter | null
  readonly sort: readonly Sort[]
  readonly columns: ViewColumns
}

export interface DefinitionInput {
  readonly filters?: Filter | JsonObject | null | undefined
  readonly sort?: readonly Sort[] | undefined
  readonly columns?: ViewColumns | undefined
}

/** VALIDATION where it could not be asked of the table; what is left out stays as `known` has it. */
export function writeDefinition(table: StoredTable, input: DefinitionInput, known: ViewDefinition): ViewDefinition {
  const { filters, sort, columns } = input
  const filter = filters ? normaliseFilter(filters) : null
  if (filter) filterSql(table, filter)
  if (sort) pageOrder(table, sort)
  const keys = keysOf(table)
  const keyOf = (name: string) => {
    resolveTarget(table, name)
    return renamed(name, keys) ?? name
  }
  return {
    filter: filters === undefined ? known.filter : filter && mapFilter(filter, keyOf),
    sort: sort ? sort.map((one) => ({ ...one, column: keyOf(one.column) })) : known.sort,
    columns: columns ? columns.map((one) => ({ ...one, column: keyOf(one.column) })) : known.columns,
  }
}

/** With today's names, and without what is gone. */
export function readDefinition(
  table: StoredTable,
  { filter, sort, columns }: ViewDefinition,
): Pick<SavedView, 'filters' | 'sort' | 'columns'> {
  const names = new Map([...keysOf(table)].map(([name, key]) => [key, name]))
  const nameOf = (key: string) => renamed(key, names)
  const named = <T extends { readonly column: string }>(items: readonly T[]) =>
    items.flatMap((one) => {
      const column = nameOf(one.column)
      return column === null ? [] : [{ ...one, column }]
    })
  return { filters: filter && asJson(mapFilter(filter, nameOf)), sort: named(sort), columns: named(columns) }
}

function keysOf({ layout }: StoredTable): ReadonlyMap<string, string> {
  return new Map(Object.entries(layout.columns).map(([name, { key }]) => [name, key]))
}

/** The column at the beginning of a path by its other name; null where it has none. */
function renamed(path: string, names: ReadonlyMap<string, string>): string | null {
  if (path === '_id' || path === '_revision') return path
  const [head = '', ...rest] = path.split('.')
  const name = names.get(head)
  return name === undefined ? null : [name, ...rest].join('.')
}

/** Without the conditions whose column is gone; null when nothing is left of it. */
function mapFilter(filter: Filter, nameOf: (name: string) => string | null): Filter | null {
  if ('column' in filter) {
    const column = nameOf(filter.column)
    return column === null ? null : { ...filter, column }
  }
  if ('not' in filter) {
    const not = mapFilter(filter.not, nameOf)
    return not && { not }
  }
  const isAnd = 'and' in filter
  const parts = isAnd ? filter.and : filter.or
  const kept = parts.flatMap((part) => mapFilter(part, nameOf) ?? [])
  // An "or" of nothing would match nothing, and an "and" of nothing everything.
  if (kept.length === 0 && parts.length > 0) return null
  return isAnd ? { and: kept } : { or: kept }
}

function asJson(filter: Filter | null): JsonObject | null {
  if (filter === null) return null
  if ('column' in filter) return { column: filter.column, op: filter.op, value: filter.value }
  if ('not' in filter) return { not: asJson(filter.not) }
  return 'and' in filter ? { and: filter.and.map(asJson) } : { or: filter.or.map(asJson) }
}
