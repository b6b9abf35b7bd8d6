import type { GridColumn } from '../grid-column'

/** What can be done with a column, from its header and from the menu of its cells. */
export interface ColumnActions {
  readonly sortTo: (column: GridColumn, direction: 'asc' | 'desc' | null) => void
  readonly filterBy: (column: GridColumn) => void
  readonly showStatistics: (column: GridColumn) => void
  readonly pin: (column: GridColumn, pinned: boolean) => void
  readonly hide: (column: GridColumn) => void
  /** One place to the left or to the right. */
  readonly move: (column: GridColumn, by: -1 | 1) => void
  /** Into the place of another. */
  readonly drop: (column: string, over: string) => void
  readonly resize: (column: GridColumn, width: number) => void
  readonly widen: (column: GridColumn, by: number) => void
  readonly fit: (column: GridColumn) => void
  readonly edit: (column: GridColumn) => void
  readonly addIndex: (column: GridColumn) => void
  readonly remove: (column: GridColumn) => void
  readonly add: () => void
}

/** How a column stands: what its menu offers depends on it. */
export interface ColumnState {
  readonly sorted: 'asc' | 'desc' | null
  readonly pinned: boolean
  readonly first: boolean
  readonly last: boolean
}
