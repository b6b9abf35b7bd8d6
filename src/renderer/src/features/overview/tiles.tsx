import { paths } from '@renderer/app/paths'
import { formatBytes, formatCount } from '@renderer/ui/figures'
import { Skeleton } from '@renderer/ui/skeleton'
import { timeAgo } from '@renderer/ui/time-ago'
import type { Overview } from '@shared/contract/databases.contract'
import { Activity, HardDrive, type LucideIcon, Rows3, Table2 } from 'lucide-react'
import { Link } from 'react-router'

/** Four figures; each leads to what it counts. */
export function Tiles({
  overview,
  projectId,
}: {
  readonly overview: Overview | undefined
  readonly projectId: string
}) {
  const largest = overview?.tables.reduce<Overview['tables'][number] | null>(
    (best, table) => (best && best.record_estimate >= table.record_estimate ? best : table),
    null,
  )
  return (
    <ul className="grid grid-cols-2 gap-3 min-[1024px]:grid-cols-4">
      <Tile
        to={paths.tables(projectId)}
        icon={Table2}
        label="Tables"
        value={overview && formatCount(overview.tables.length)}
      />
      <Tile
        to={largest ? paths.table(projectId, largest.table_name) : paths.tables(projectId)}
        icon={Rows3}
        label="Records"
        value={overview && formatCount(overview.records.count, overview.records.estimated)}
        title={overview?.records.estimated ? 'Estimated from statistics' : undefined}
      />
      <Tile
        to={`${paths.projectSettings(projectId)}#about`}
        icon={HardDrive}
        label="Size"
        value={overview && formatBytes(overview.bytes)}
      />
      <Tile
        to="#activity"
        icon={Activity}
        label="Last change"
        value={overview && (overview.activity[0] ? timeAgo(overview.activity[0].at, Date.now(), 'short') : 'Never')}
      />
    </ul>
  )
}

function Tile(props: {
  readonly to: string
  readonly icon: LucideIcon
  readonly label: string
  readonly value: string | undefined
  readonly title?: string | undefined
}) {
  const Icon = props.icon
  return (
    <li className="min-w-0">
      <Link
        to={props.to}
        title={props.title}
        className="flex h-20 flex-col justify-between rounded-lg border border-border bg-bg-raised px-4 py-3 transition-colors hover:border-border-strong"
      >
        <span className="flex items-center gap-1.5 text-text-muted">
          <Icon aria-hidden className="size-3.5" />
          {props.label}
        </span>
        {props.value === undefined ? (
          <Skeleton className="h-6 w-20" />
        ) : (
          <span className="truncate text-xl font-semibold tabular-nums">{props.value}</span>
        )}
      </Link>
    </li>
  )
}
