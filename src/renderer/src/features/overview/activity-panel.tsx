import { paths } from '@renderer/app/paths'
import { Panel } from '@renderer/ui/panel'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import type { ActivityEntry, Overview } from '@shared/contract/databases.contract'
import { Link } from 'react-router'

/** What people did last, newest first. */
export function ActivityPanel(props: { readonly overview: Overview | undefined; readonly projectId: string }) {
  const { overview } = props
  const tableName = (id: string | null) => overview?.tables.find((table) => table.id === id)?.table_name
  return (
    <Panel title="Recent activity" id="activity">
      <ul className="py-1">
        {overview
          ? overview.activity.map((entry) => (
              <Entry key={entry.id} entry={entry} projectId={props.projectId} table={tableName(entry.table_id)} />
            ))
          : [0, 1, 2, 3].map((row) => (
              <li key={row} className="flex h-8 items-center px-4">
                <Skeleton className="h-4 w-64" />
              </li>
            ))}
      </ul>
      {overview?.activity.length === 0 ? (
        <p className="px-4 pb-3 text-text-muted">
          Nothing has happened here yet. Changes to tables and records appear here.
        </p>
      ) : null}
    </Panel>
  )
}

function Entry(props: {
  readonly entry: ActivityEntry
  readonly projectId: string
  readonly table: string | undefined
}) {
  const { entry } = props
  const line = (
    <>
      <span className="min-w-0 flex-1 truncate" title={`${entry.sentence} (${entry.actor})`}>
        {entry.sentence.replace(/\.$/, '')}
      </span>
      <TimeAgo at={entry.at} className="shrink-0 text-sm text-text-muted tabular-nums" />
    </>
  )
  return (
    <li>
      {props.table ? (
        <Link
          to={paths.table(props.projectId, props.table)}
          className="flex h-8 items-center gap-3 px-4 transition-colors hover:bg-bg-hover focus-visible:-outline-offset-2"
        >
          {line}
        </Link>
      ) : (
        <div className="flex h-8 items-center gap-3 px-4">{line}</div>
      )}
    </li>
  )
}
