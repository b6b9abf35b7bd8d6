import { useApi } from '@renderer/bridge/api'
import type { GridColumn } from '@renderer/features/table-editor/grid-column'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { exactTime } from '@renderer/ui/time-ago'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import type { RecordChange } from '@shared/contract/changes.contract'
import { FieldChanges } from './field-changes'
import type { HistoryOf } from './use-record-history'
import type { VersionDifference } from './version-difference'

export interface Restoring {
  readonly change: RecordChange
  readonly difference: VersionDifference
  /** The version of now, to go back to; null when the record is deleted. */
  readonly latest: RecordChange | null
}

export interface RestoreDialogProps {
  readonly of: HistoryOf
  readonly columns: readonly GridColumn[]
  readonly restoring: Restoring | null
  readonly onClose: () => void
}

/** Asks before a version is written back, and shows what that changes. */
export function RestoreDialog({ of, columns, restoring, onClose }: RestoreDialogProps) {
  const { client } = useApi()
  const shown = useLast(restoring)
  const bringsBack = shown?.difference.kind === 'bringBack'
  const fields = shown && shown.difference.kind !== 'none' ? shown.difference.fields : []
  const at = { params: { databaseId: of.databaseId, recordId: of.recordId }, query: { table: of.tableName } }

  async function restore({ change, latest }: Restoring) {
    const before = latest?.id
    await client.changes.restore({ ...at, body: { change: change.id } })
    toast.success(
      bringsBack ? 'The record is back.' : `The version of ${exactTime(change.at)} is restored.`,
      before === undefined
        ? {}
        : {
            async undo() {
              await client.changes.restore({ ...at, body: { change: before } })
            },
          },
    )
  }

  return (
    <ConfirmDialog
      open={restoring !== null}
      onOpenChange={(open) => !open && onClose()}
      title={bringsBack ? 'Bring the record back?' : 'Restore this version?'}
      description={
        <div className="flex flex-col gap-3">
          <p>
            {bringsBack ? 'It gets the values of ' : 'These fields get the values of '}
            {shown ? exactTime(shown.change.at) : ''}.
          </p>
          <div className="-mx-1 max-h-[40vh] overflow-y-auto px-1">
            <FieldChanges fields={fields} columns={columns} op={bringsBack ? 'insert' : 'update'} />
          </div>
        </div>
      }
      confirm={bringsBack ? 'Bring the record back' : 'Restore this version'}
      onConfirm={() => (restoring ? restore(restoring) : undefined)}
    />
  )
}
