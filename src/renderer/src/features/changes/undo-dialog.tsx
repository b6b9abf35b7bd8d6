import { toAppError, useApi } from '@renderer/bridge/api'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import { useLayoutEffect, useState } from 'react'
import { type ChangedSince, changedSince } from './changed-since'

/** What can be taken back, and the sentence it is known by. */
export interface Undoable {
  readonly operation: string
  readonly sentence: string
}

export interface UndoDialogProps {
  readonly databaseId: string
  readonly undoing: Undoable | null
  readonly onClose: () => void
}

/** Names of records that are listed; a bulk change may meet thousands. */
const mostListed = 20

/** Asks before an operation is taken back, and again when others have changed its records since. */
export function UndoDialog({ databaseId, undoing, onClose }: UndoDialogProps) {
  const { client } = useApi()
  const shown = useLast(undoing)
  const [clash, setClash] = useState<ChangedSince | null>(null)
  // At the next opening, not at the closing: what a dialog says does not change while it fades away.
  useLayoutEffect(() => {
    if (undoing) setClash(null)
  }, [undoing])

  async function undo({ operation, sentence }: Undoable) {
    try {
      const done = await client.changes.undo({ databaseId, operation, ...(clash ? { force: true } : {}) })
      toast.success(`Undone: ${sentence}`, {
        async undo() {
          await client.changes.undo({ databaseId, operation: done.operation })
        },
      })
    } catch (error) {
      // The dialog stays open with the sentence; it now also says which, and what can be done all the same.
      setClash(changedSince(toAppError(error)))
      throw error
    }
  }

  return (
    <ConfirmDialog
      open={undoing !== null}
      onOpenChange={(open) => !open && onClose()}
      title={clash ? 'Some of it was changed since' : 'Undo this?'}
      description={
        clash ? (
          <div className="flex flex-col gap-2">
            <p>“Undo the rest” keeps what others wrote into these records, and takes back everything else.</p>
            <ul
              aria-label="Records that changed since"
              className="max-h-[30vh] overflow-y-auto font-mono text-sm text-text"
            >
              {clash.records.slice(0, mostListed).map(({ id, table }) => (
                <li key={`${table} ${id}`} className="truncate py-0.5">
                  {[table, id].filter(Boolean).join(' ')}
                </li>
              ))}
              {clash.count > mostListed ? (
                <li className="py-0.5 font-sans">and {countOf(clash.count - mostListed, 'more record')}</li>
              ) : null}
            </ul>
          </div>
        ) : (
          <p>
            This takes back: <span className="text-text">{shown?.sentence}</span> It can itself be undone.
          </p>
        )
      }
      confirm={clash ? 'Undo the rest' : 'Undo'}
      onConfirm={() => (undoing ? undo(undoing) : undefined)}
    />
  )
}
