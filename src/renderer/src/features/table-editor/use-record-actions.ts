import { keepTable } from '@renderer/app/open-tables'
import { useApi } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import type { TableRecord } from '@shared/contract/records.contract'
import type { BulkEditDone } from './bulk-edit/bulk-edit-dialog'
import type { EditorDialog } from './editor-dialogs'
import type { GridHandle } from './grid-props'
import { type GridSelection, nothingSelected } from './grid-selection'
import type { Staging } from './staged/staging'
import type { Records, RecordsSource } from './use-record-pages'

export interface RecordActionsInput {
  readonly projectId: string
  readonly source: RecordsSource
  readonly records: Records
  readonly staging: Staging
  readonly selection: GridSelection
  readonly grid: () => GridHandle | null
  /** "every record of people" */
  readonly everything: string
  readonly onSelection: (selection: GridSelection) => void
  readonly onOpen: (dialog: EditorDialog) => void
}

/** What is done with whole records: new ones, those that are ticked, and all that the filter shows. */
export function useRecordActions(input: RecordActionsInput) {
  const { client } = useApi()
  const { source, records, staging, selection } = input
  const { databaseId, tableId, tableName, filter } = source

  function noteWritten(said: string, what: string, operation: string | undefined) {
    if (operation !== undefined) staging.noteOperations(what, [operation])
    input.onSelection(nothingSelected)
    records.refresh()
    toast.success(
      said,
      operation === undefined ? {} : { undo: async () => void (await staging.undoOperations([operation])) },
    )
  }

  return {
    create() {
      keepTable(input.projectId, tableId)
      input.grid()?.followNew()
      staging.addRows([new Map()])
    },
    /** Marks these as deleted; everything at once is asked about, and written when that is answered. */
    remove(what: readonly (TableRecord | string)[] | 'selected') {
      if (what === 'selected' && selection.kind === 'all') {
        if (records.count.estimated) records.countExactly()
        return input.onOpen({ kind: 'deletion' })
      }
      const gone = what !== 'selected' ? what : selection.kind === 'some' ? [...selection.records.values()] : []
      void staging.deleteRows(gone)
      input.onSelection(nothingSelected)
    },
    async removeAll(expected: number) {
      const filters = filter ?? { and: [] }
      const { deleted, operation } = await client.records.deleteMany({ databaseId, tableName, filters, expected })
      const gone = countOf(deleted, 'record')
      noteWritten(`${gone} deleted.`, `Deletion of ${gone}`, operation)
    },
    editMany() {
      if (selection.kind === 'some' && selection.records.size > 0) {
        const ids = [...selection.records.keys()]
        const filters = { column: '_id', op: 'in' as const, value: ids }
        return input.onOpen({ kind: 'bulkEdit', filters, what: 'the ticked records' })
      }
      input.onOpen({ kind: 'bulkEdit', filters: filter ?? { and: [] }, what: input.everything })
    },
    noteBulkEdit: ({ what, operation }: BulkEditDone) => noteWritten(`${what} saved.`, what, operation),
  }
}
