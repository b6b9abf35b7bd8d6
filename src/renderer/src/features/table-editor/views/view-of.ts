import type { SavedView } from '@shared/contract/views.contract'
import type { Filter } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { ColumnSchema } from '../chip-column'
import { treeOf } from '../filter-from-saved'
import { type TableView, viewToParams } from '../view-params'

/** What of the table a saved view shows, as the filter bar holds it. */
export function viewOf(saved: SavedView, columns: readonly ColumnSchema[]): TableView {
  return { ...treeOf(filterOf(saved), columns), sort: saved.sort, viewId: saved.id }
}

/** Null shows all records. */
export function filterOf({ filters }: SavedView): Filter | null {
  return filters === null ? null : normaliseFilter(filters)
}

/** Whether both lead to the same address. */
export function sameView(a: TableView, b: TableView): boolean {
  return viewToParams(a).toString() === viewToParams(b).toString()
}
