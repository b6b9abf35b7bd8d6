import type { SavedView } from '@shared/contract/views.contract'
import type { Filter, Sort } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { JsonObject } from '@shared/json'
import { keysOf, mapFilter, namesOf, renamed } from '../records/column-keys'
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
  const names = namesOf(table)
  const nameOf = (key: string) => renamed(key, names)
  const named = <T extends { readonly column: string }>(items: readonly T[]) =>
    items.flatMap((one) => {
      const column = nameOf(one.column)
      return column === null ? [] : [{ ...one, column }]
    })
  return { filters: filter && asJson(mapFilter(filter, nameOf)), sort: named(sort), columns: named(columns) }
}

function asJson(filter: Filter | null): JsonObject | null {
  if (filter === null) return null
  if ('column' in filter) return { column: filter.column, op: filter.op, value: filter.value }
  if ('not' in filter) return { not: asJson(filter.not) }
  return 'and' in filter ? { and: filter.and.map(asJson) } : { or: filter.or.map(asJson) }
}
