import type { Filter } from '@shared/domain/filter'
import type { StoredTable } from '../tables/stored-table'

/** What is kept about a table's columns names them by their layout keys: a rename changes nothing there. */

export function keysOf({ layout }: StoredTable): ReadonlyMap<string, string> {
  return new Map(Object.entries(layout.columns).map(([name, { key }]) => [name, key]))
}

/** Today's names, by key; a key that is not there is a column's that is gone. */
export function namesOf(table: StoredTable): ReadonlyMap<string, string> {
  return new Map([...keysOf(table)].map(([name, key]) => [key, name]))
}

/** The column at the beginning of a path by its other name; null where it has none. */
export function renamed(path: string, names: ReadonlyMap<string, string>): string | null {
  if (path === '_id' || path === '_revision') return path
  const [head = '', ...rest] = path.split('.')
  const name = names.get(head)
  return name === undefined ? null : [name, ...rest].join('.')
}

/** Without the conditions whose column is gone; null when nothing is left of it. */
export function mapFilter(filter: Filter, nameOf: (name: string) => string | null): Filter | null {
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

/** Every column, or path into one, that the filter speaks of. */
export function columnsOfFilter(filter: Filter): readonly string[] {
  if ('column' in filter) return [filter.column]
  if ('not' in filter) return columnsOfFilter(filter.not)
  return ('and' in filter ? filter.and : filter.or).flatMap(columnsOfFilter)
}
