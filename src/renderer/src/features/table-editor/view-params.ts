import type { Sort } from '@shared/domain/filter'
import { type ChipMatch, type FilterChip, isChipOperator } from './filter-chips'

/** What of a table is shown and in which order: it lives in the address, so that it can be shared and gone back to. */
export interface TableView {
  readonly chips: readonly FilterChip[]
  readonly match: ChipMatch
  readonly sort: readonly Sort[]
}

export const wholeTable: TableView = { chips: [], match: 'all', sort: [] }

/** `?where=email:contains:ada&where=age:gte:18&match=any&sort=created_at:desc` */
export function viewToParams(view: TableView): URLSearchParams {
  const params = new URLSearchParams()
  for (const { column, op, value } of view.chips) params.append('where', `${encodeURIComponent(column)}:${op}:${value}`)
  if (view.match === 'any' && view.chips.length > 1) params.set('match', 'any')
  for (const { column, direction } of view.sort) params.append('sort', `${encodeURIComponent(column)}:${direction}`)
  return params
}

/** Reads what it can; a piece that makes no sense (an old link) is left out. */
export function viewFromParams(params: URLSearchParams): TableView {
  return {
    chips: params.getAll('where').flatMap(readChipText),
    match: params.get('match') === 'any' ? 'any' : 'all',
    sort: params.getAll('sort').flatMap(readSortText),
  }
}

/** Sorting by click: ascending, descending, not at all; with `add` the other columns keep their place. */
export function cycleSort(sort: readonly Sort[], column: string, add: boolean): readonly Sort[] {
  const current = sort.find((one) => one.column === column)
  const next: readonly Sort[] =
    current === undefined
      ? [{ column, direction: 'asc' }]
      : current.direction === 'asc'
        ? [{ column, direction: 'desc' }]
        : []
  if (!add) return next
  if (current === undefined) return [...sort, ...next]
  return sort.flatMap((one) => (one === current ? next : [one]))
}

function readChipText(text: string): readonly FilterChip[] {
  const [, column, op, value] = /^([^:]+):([^:]+):([\s\S]*)$/.exec(text) ?? []
  const name = decode(column)
  return name !== null && op !== undefined && isChipOperator(op) ? [{ column: name, op, value: value ?? '' }] : []
}

function readSortText(text: string): readonly Sort[] {
  const [, column, direction] = /^([^:]+):(asc|desc)$/.exec(text) ?? []
  const name = decode(column)
  return name === null ? [] : [{ column: name, direction: direction === 'desc' ? 'desc' : 'asc' }]
}

function decode(text: string | undefined): string | null {
  if (text === undefined) return null
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
