import { RecordHistory } from '@renderer/features/changes/record-history'
import { IndexesDialog } from '@renderer/features/indexes/indexes-dialog'
import { ColumnDialog } from '@renderer/features/tables/column-dialog'
import { DeleteColumn } from '@renderer/features/tables/delete-column'
import { EditColumnsDialog } from '@renderer/features/tables/edit-columns-dialog'
import { useLast } from '@renderer/ui/use-last'
import type { Table } from '@shared/contract/tables.contract'
import type { Filter } from '@shared/domain/filter'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { BulkEditDialog, type BulkEditDone } from './bulk-edit/bulk-edit-dialog'
import { DeleteQuestion } from './delete-question'
import type { FilterChip } from './filter-chips'
import type { GridColumn } from './grid-column'
import { ConflictsDialog } from './staged/conflicts-dialog'
import { ReviewSheet } from './staged/review-sheet'
import { ColumnStatistics } from './summary/column-statistics'
import type { RecordsSource } from './use-record-pages'

/** What lies over the table, one at a time. */
export type EditorDialog =
  | { readonly kind: 'review' }
  | { readonly kind: 'conflicts' }
  /** Of everything that is shown. */
  | { readonly kind: 'deletion' }
  | { readonly kind: 'bulkEdit'; readonly filters: Filter; readonly what: string }
  | { readonly kind: 'history'; readonly recordId: string }
  | { readonly kind: 'indexes' }
  | { readonly kind: 'statistics'; readonly column: GridColumn; readonly header: HTMLElement }
  /** A new one, or one by name. */
  | { readonly kind: 'column'; readonly column: { readonly name: string } | 'new' }
  | { readonly kind: 'columnDeletion'; readonly name: string }
  | { readonly kind: 'columns' }

export interface EditorDialogsProps {
  readonly open: EditorDialog | null
  readonly source: RecordsSource
  readonly table: Table
  readonly columns: readonly GridColumn[]
  /** Records that a deletion of everything shown takes. */
  readonly count: number
  /** "every record of people" */
  readonly everything: string
  readonly onClose: () => void
  /** Where the keys go then. */
  readonly onClosed: () => void
  readonly onSave: () => void
  readonly onDeleteAll: (expected: number) => Promise<void>
  readonly onBulkEdited: (done: BulkEditDone) => void
  /** What was done to the columns, and the way back. */
  readonly onSchemaEdited: (what: string, back: readonly SchemaEdit[]) => void
  readonly onFilter: (chips: readonly FilterChip[]) => void
}

/** The dialogs, sheets and cards of the table editor. */
export function EditorDialogs(props: EditorDialogsProps) {
  const { open, source, table, columns, onClose } = props
  const { databaseId, tableName } = source
  const bulkEdit = useLast(open?.kind === 'bulkEdit' ? open : null)
  const at = { databaseId, table }
  const toggle = (on: boolean) => !on && onClose()
  return (
    <>
      <ReviewSheet
        open={open?.kind === 'review'}
        schema={table.schema_json}
        columns={columns}
        onOpenChange={toggle}
        onSave={props.onSave}
      />
      <ConflictsDialog open={open?.kind === 'conflicts'} columns={columns} onOpenChange={toggle} />
      <DeleteQuestion
        deleting={open?.kind === 'deletion' ? props.count : null}
        what={props.everything}
        onClose={onClose}
        onDelete={() => props.onDeleteAll(props.count)}
      />
      <BulkEditDialog
        open={open?.kind === 'bulkEdit'}
        databaseId={databaseId}
        tableName={tableName}
        columns={columns}
        filters={bulkEdit?.filters ?? { and: [] }}
        what={bulkEdit?.what ?? ''}
        onClose={onClose}
        onDone={props.onBulkEdited}
      />
      <RecordHistory
        of={open?.kind === 'history' ? { databaseId, tableName, recordId: open.recordId } : null}
        columns={columns}
        onClose={onClose}
        onClosed={props.onClosed}
      />
      <ColumnStatistics
        source={source}
        of={open?.kind === 'statistics' ? open : null}
        onClose={onClose}
        onFilter={props.onFilter}
      />
      <IndexesDialog {...at} open={open?.kind === 'indexes'} onOpenChange={toggle} />
      <ColumnDialog {...at} column={open?.kind === 'column' ? open.column : null} onClose={onClose} />
      <DeleteColumn
        {...at}
        column={open?.kind === 'columnDeletion' ? open.name : null}
        onClose={onClose}
        onEmptyDeleted={props.onSchemaEdited}
      />
      <EditColumnsDialog {...at} open={open?.kind === 'columns'} onOpenChange={toggle} />
    </>
  )
}
