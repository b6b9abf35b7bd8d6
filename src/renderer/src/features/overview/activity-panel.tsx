import { paths } from '@renderer/app/paths'
import { toAppError } from '@renderer/bridge/api'
import { type Undoable, UndoDialog } from '@renderer/features/changes/undo-dialog'
import { Button, IconButton } from '@renderer/ui/button'
import { Panel } from '@renderer/ui/panel'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import type { ActivityEntry, Overview } from '@shared/contract/databases.contract'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useActivityLog } from './use-activity-log'

/** Entries that come with the overview. */
const shownFirst = 20

/** What people did last, newest first; all of it, a page at a time. */
export function ActivityPanel(props: {
  readonly overview: Overview | undefined
  readonly projectId: string
  readonly databaseId: string
}) {
  const { overview, databaseId } = props
  const [undoing, setUndoing] = useState<Undoable | null>(null)
  const [older, setOlder] = useState(false)
  const log = useActivityLog(databaseId, older)
  const entries = log.entries ?? overview?.activity
  const tableName = (id: string | null) => overview?.tables.find((table) => table.id === id)?.table_name
  return (
    <Panel title="Recent activity" id="activity">
      <ul className="py-1">
        {entries
          ? entries.map((entry) => (
              <Entry
                key={entry.id}
                entry={entry}
                projectId={props.projectId}
                table={tableName(entry.table_id)}
                onUndo={setUndoing}
              />
            ))
          : [0, 1, 2, 3].map((row) => (
              <li key={row} className="flex h-8 items-center px-4">
                <Skeleton className="h-4 w-64" />
              </li>
            ))}
      </ul>
      {entries?.length === 0 ? (
        <p className="px-4 pb-3 text-text-muted">
          Nothing has happened here yet. Changes to tables and records appear here.
        </p>
      ) : null}
      {log.error ? (
        <p role="alert" className="px-4 pb-2 text-danger">
          {toAppError(log.error).message}
        </p>
      ) : null}
      {(log.hasMore ?? (overview?.activity.length ?? 0) >= shownFirst) ? (
        <Button
          variant="ghost"
          className="mx-2 mb-2 self-start"
          disabled={log.reading}
          onClick={() => (older ? log.readMore() : setOlder(true))}
        >
          Show older activity
        </Button>
      ) : null}
      <UndoDialog databaseId={databaseId} undoing={undoing} onClose={() => setUndoing(null)} />
    </Panel>
  )
}

function Entry(props: {
  readonly entry: ActivityEntry
  readonly projectId: string
  readonly table: string | undefined
  readonly onUndo: (undoing: Undoable) => void
}) {
  const { entry } = props
  const { operation, undoable, sentence } = entry
  const line = (
    <>
      <span className="min-w-0 flex-1 truncate" title={`${sentence} (${entry.actor})`}>
        {sentence.replace(/\.$/, '')}
      </span>
      <TimeAgo at={entry.at} className="shrink-0 text-sm text-text-muted tabular-nums" />
    </>
  )
  return (
    <li className="group relative flex h-8 items-center transition-colors hover:bg-bg-hover">
      {props.table ? (
        <Link
          to={paths.table(props.projectId, props.table)}
          className="flex h-full min-w-0 flex-1 items-center gap-3 pr-11 pl-4 focus-visible:-outline-offset-2"
        >
          {line}
        </Link>
      ) : (
        <div className="flex min-w-0 flex-1 items-center gap-3 pr-11 pl-4">{line}</div>
      )}
      {undoable && operation !== null ? (
        <IconButton
          label={`Undo: ${sentence}`}
          tooltip="Undo"
          icon={Undo2}
          size="sm"
          className="absolute right-2"
          onClick={() => props.onUndo({ operation, sentence })}
        />
      ) : null}
    </li>
  )
}
