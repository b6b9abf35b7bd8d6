import type { GridColumn } from '@renderer/features/table-editor/grid-column'
import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { countOf } from '@renderer/ui/figures'
import { TimeAgo } from '@renderer/ui/time-ago'
import { assertNever } from '@shared/assert-never'
import type { RecordChange } from '@shared/contract/changes.contract'
import { FieldChanges } from './field-changes'

export interface HistoryEntryProps {
  readonly change: RecordChange
  readonly columns: readonly GridColumn[]
  /** The record is this version now. */
  readonly current: boolean
  /** Absent where there is nothing to restore. */
  readonly onRestore: (() => void) | null
}

/** One write of the record: who, when, what. */
export function HistoryEntry({ change, columns, current, onRestore }: HistoryEntryProps) {
  return (
    <li className="flex flex-col gap-2 border-b border-border px-4 py-3">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-2">
            <span className="truncate font-medium">{whatHappened(change)}</span>
            {current ? <Badge tone="accent">Current version</Badge> : null}
          </p>
          <p className="flex min-w-0 gap-1 text-sm text-text-muted">
            <span className="truncate" title={change.actor}>
              {change.actor}
            </span>
            <span aria-hidden>·</span>
            <TimeAgo at={change.at} className="shrink-0" />
          </p>
        </div>
        {onRestore ? (
          <Button size="sm" onClick={onRestore}>
            Restore this version
          </Button>
        ) : null}
      </div>
      <FieldChanges fields={change.fields} columns={columns} op={change.op} />
    </li>
  )
}

function whatHappened({ op, fields }: RecordChange): string {
  switch (op) {
    case 'insert':
      return 'Created'
    case 'delete':
      return 'Deleted'
    case 'update':
      return fields.length === 0 ? 'Saved without a change' : `Changed ${countOf(fields.length, 'field')}`
    default:
      return assertNever(op)
  }
}
