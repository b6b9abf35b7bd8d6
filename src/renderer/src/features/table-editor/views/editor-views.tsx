import type { Table } from '@shared/contract/tables.contract'
import type { Sort } from '@shared/domain/filter'
import { sameSettings } from '../columns/column-settings'
import type { ColumnSettings } from '../columns/use-column-settings'
import { countChips, treeFilter } from '../filter-chips'
import type { GridColumn } from '../grid-column'
import { type TableView, wholeTable } from '../view-params'
import type { SavedViews } from './use-saved-views'
import { ViewBar } from './view-bar'
import { sameView, viewOf } from './view-of'

export interface EditorViewsProps {
  readonly saved: SavedViews
  readonly open: SavedViews['views'][number] | null
  readonly table: Table
  readonly view: TableView
  /** Of `view`, by columns that are still there. */
  readonly sort: readonly Sort[]
  readonly columns: readonly GridColumn[]
  readonly settings: ColumnSettings
  readonly onView: (view: TableView) => void
}

/** The saved views of the table that is open, and whether what is shown is one of them. */
export function EditorViews({ saved, open, table, view, sort, columns, settings, onView }: EditorViewsProps) {
  const schema = table.schema_json
  const changed = open
    ? !sameView(view, viewOf(open, schema.columns)) || !sameSettings(columns, settings.settings, open.columns)
    : (view.viewId === null || saved.loaded) && countChips(view) + view.sort.length + settings.hidden.length > 0
  return (
    <ViewBar
      saved={saved}
      open={open}
      changed={changed}
      definition={() => ({
        filters: treeFilter(view, schema.columns) ?? null,
        sort: [...sort],
        columns: [...settings.settings],
      })}
      onOpen={(next) => onView(next ? viewOf(next, schema.columns) : wholeTable)}
      onReset={() => {
        if (open) onView(viewOf(open, schema.columns))
        settings.reset()
      }}
      onSaved={(next) => {
        settings.reset()
        onView({ ...view, viewId: next.id })
      }}
    />
  )
}
