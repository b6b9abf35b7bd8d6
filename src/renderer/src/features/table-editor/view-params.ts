import { filters } from '@shared/contract/fields'
import type { Filter, Sort } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import { type FilterChip, type FilterTree, isChipOperator, noFilters } from './filter-chips'

/** What of a table is shown and in which order: it lives in the address, so that it can be shared and gone back to. */
export interface TableView extends FilterTree {
  readonly sort: readonly Sort[]
  /** The saved view that was opened; what is shown may differ from it by now. */
  readonly viewId: string | null
}

export const wholeTable: TableView = { ...noFilters, sort: [], viewId: null }

/** `?where=email:contains:ada&where=age:gte:18&match=any&group1=a:eq:1&group1=b:eq:2&sort=created_at:desc&view=7d44…` */
export function viewToParams(view: TableView): URLSearchParams {
  const params = new URLSearchParams()
  for (const chip of view.chips) params.append('where', writeChip(chip))
  view.groups.forEach((group, index) => {
    for (const chip of group) params.append(`group${index + 1}`, writeChip(chip))
  })
  if (view.match === 'any' && view.chips.length + view.groups.length > 1) params.set('match', 'any')
  if (view.custom !== null) params.set('filter', JSON.stringify(view.custom))
  for (const { column, direction } of view.sort) params.append('sort', `${encodeURIComponent(column)}:${direction}`)
  if (view.viewId !== null) params.set('view', view.viewId)
  return params
}

/** Reads what it can; a piece that makes no sense (an old link) is left out. */
export function viewFromParams(params: URLSearchParams): TableView {
  const groupNames = [...new Set(params.keys())].filter((name) => /^group[1-9]\d?$/.test(name))
  return {
    chips: params.getAll('where').flatMap(readChipText),
    match: params.get('match') === 'any' ? 'any' : 'all',
    groups: groupNames.map((name) => params.getAll(name).flatMap(readChipText)).filter((group) => group.length > 0),
    custom: readCustom(params.get('filter')),
    sort: params.getAll('sort').flatMap(readSortText),
    viewId: params.get('view'),
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

function writeChip({ column, op, value }: FilterChip): string {
  return `${encodeURIComponent(column)}:${op}:${value}`
}

function readCustom(text: string | null): Filter | null {
  if (text === null) return null
  try {
    const read = filters.safeParse(JSON.parse(text))
    return read.success ? normaliseFilter(read.data) : null
  } catch {
    return null
  }
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
