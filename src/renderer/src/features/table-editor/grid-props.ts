import type { TableRecord } from '@shared/contract/records.contract'
import type { Sort } from '@shared/domain/filter'
import type { ReactNode, Ref } from 'react'
import type { ColumnActions } from './columns/column-actions'
import type { GridColumn } from './grid-column'
import type { GridLayout } from './grid-layout'
import type { GridSelection } from './grid-selection'
import type { GridSubject } from './grid-subject'
import type { Records } from './use-record-pages'

/** What others lead the grid to. */
export interface GridHandle {
  readonly focus: () => void
  /** Makes a cell active and brings it into view; of a column that is not shown, the first. */
  readonly goTo: (row: number, column: string | null) => void
  /** To the row before or after, in the same column. */
  readonly walk: (by: 1 | -1) => void
  readonly goToNew: (id: string, column: string | null) => void
  /** The next new record takes the keys. */
  readonly followNew: () => void
}

export interface ActiveRow {
  readonly row: number
  readonly subject: GridSubject
}

export interface FooterPlace {
  readonly layout: GridLayout
  readonly firstColumn: number
  readonly endColumn: number
}

export interface GridProps {
  readonly ref?: Ref<GridHandle>
  readonly label: string
  readonly tableName: string
  readonly columns: readonly GridColumn[]
  readonly widths: Readonly<Record<string, number>>
  readonly rowHeight: number
  readonly records: Records
  readonly sort: readonly Sort[]
  readonly selection: GridSelection
  /** How many of the first columns stay at the left; null leaves it to the room there is. */
  readonly pinned: number | null
  readonly columnActions: ColumnActions
  readonly onSort: (column: string, add: boolean) => void
  readonly onSelection: (selection: GridSelection) => void
  readonly onFilterBy: (column: GridColumn, value: TableRecord[string] | undefined, op: 'eq' | 'neq') => void
  readonly onSave: () => void
  readonly onUndo: () => void
  readonly onRedo: () => void
  readonly onNewRecord: () => void
  readonly onDelete: (targets: readonly (TableRecord | string)[] | 'selected') => void
  readonly onHistory: (record: TableRecord) => void
  /** What the active row is about, and where it is; whenever that changes. */
  readonly onActive: (active: ActiveRow | null) => void
  readonly onOpenRecord: () => void
  /** Under the records, as wide as they are. */
  readonly footer: ((place: FooterPlace) => ReactNode) | null
  /** In the middle of the grid, under the header: why there are no rows. */
  readonly children?: ReactNode
}
