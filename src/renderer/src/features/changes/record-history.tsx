import { useMorePages } from '@renderer/bridge/use-more-pages'
import type { GridColumn } from '@renderer/features/table-editor/grid-column'
import { Button } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { Sheet, SheetContent } from '@renderer/ui/sheet'
import { Skeleton } from '@renderer/ui/skeleton'
import { useLast } from '@renderer/ui/use-last'
import { History } from 'lucide-react'
import { useState } from 'react'
import { HistoryEntry } from './history-entry'
import { RestoreDialog, type Restoring } from './restore-dialog'
import { type HistoryOf, useRecordHistory } from './use-record-history'
import { differenceTo } from './version-difference'

export interface RecordHistoryProps {
  /** Null while it is closed. */
  readonly of: HistoryOf | null
  readonly columns: readonly GridColumn[]
  readonly onClose: () => void
  /** Where the keys go after it has closed. */
  readonly onClosed: () => void
}

/** A panel with everything that happened to one record. */
export function RecordHistory({ of, columns, onClose, onClosed }: RecordHistoryProps) {
  const shown = useLast(of)
  return (
    <Sheet open={of !== null} onOpenChange={(open) => !open && onClose()}>
      <SheetContent
        title="History"
        description={shown ? `${shown.tableName} ${shown.recordId}` : ''}
        onCloseAutoFocus={(event) => {
          event.preventDefault()
          onClosed()
        }}
      >
        {shown ? <RecordChanges key={shown.recordId} of={shown} columns={columns} /> : null}
      </SheetContent>
    </Sheet>
  )
}

/** Everything that happened to one record, newest first, each version with a way back to it. */
export function RecordChanges({ of, columns }: { readonly of: HistoryOf; readonly columns: readonly GridColumn[] }) {
  const found = useRecordHistory(of)
  const { data, error, refetch, hasNextPage, isFetchNextPageError } = found
  const { waiting, readMore } = useMorePages(found)
  const [restoring, setRestoring] = useState<Restoring | null>(null)
  if (error && !data)
    return <ErrorState error={error} title="The history could not be read" onRetry={() => void refetch()} />
  if (!data) return <Waiting />
  const changes = data.pages.flatMap((page) => page.changes)
  const [latest] = changes
  if (!latest)
    return (
      <EmptyState icon={History} title="No changes are known">
        What is done to this record from now on appears here.
      </EmptyState>
    )
  const deleted = latest.op === 'delete'
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {deleted ? (
        <p role="status" className="border-b border-border bg-danger-subtle px-4 py-2.5 text-danger">
          This record is deleted. Restore a version to bring it back.
        </p>
      ) : null}
      <ol aria-label="Changes, newest first">
        {changes.map((change, index) => {
          const difference = differenceTo(changes, index)
          const restorable = change.op !== 'delete' && difference.kind !== 'none'
          return (
            <HistoryEntry
              key={change.id}
              change={change}
              columns={columns}
              current={index === 0 && !deleted}
              onRestore={
                restorable ? () => setRestoring({ change, difference, latest: deleted ? null : latest }) : null
              }
            />
          )
        })}
      </ol>
      {hasNextPage ? (
        <div className="flex flex-col items-center gap-1 p-3">
          {isFetchNextPageError ? (
            <p role="alert" className="text-sm text-danger">
              The older changes could not be read.
            </p>
          ) : null}
          <Button disabled={waiting} onClick={readMore}>
            Show older changes
          </Button>
        </div>
      ) : null}
      <RestoreDialog of={of} columns={columns} restoring={restoring} onClose={() => setRestoring(null)} />
    </div>
  )
}

function Waiting() {
  return (
    <div aria-busy="true">
      {[0, 1, 2].map((entry) => (
        <div key={entry} className="flex flex-col gap-2 border-b border-border px-4 py-3">
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-3.5 w-48" />
          <Skeleton className="mt-1 h-4 w-64" />
        </div>
      ))}
    </div>
  )
}
