import { useApi, useConnectionState } from '@renderer/bridge/api'
import { TransferStatus } from '@renderer/features/transfers/transfer-status'
import { cn } from '@renderer/ui/cn'
import { useQuery } from '@tanstack/react-query'
import { useCurrentStatus } from './status'

const words = {
  connected: { text: 'Connected', dot: 'bg-success' },
  connecting: { text: 'Connecting', dot: 'bg-warning' },
  reconnecting: { text: 'Reconnecting', dot: 'bg-warning' },
  refused: { text: 'Signed out', dot: 'bg-danger' },
} as const

/** Server and role, connection; at the right what the page says: rows and the time of its last query. */
export function StatusBar() {
  const { query } = useApi()
  const info = useQuery({ ...query.host.info.queryOptions(), staleTime: Number.POSITIVE_INFINITY })
  const session = useQuery(query.session.get.queryOptions())
  const status = useCurrentStatus()
  const { text, dot } = words[useConnectionState()]
  const database = info.data?.database
  return (
    <footer className="flex h-6 shrink-0 items-center gap-4 border-t border-border bg-bg-subtle px-3 text-sm text-text-muted tabular-nums">
      <span role="status" className="flex items-center gap-1.5">
        <span aria-hidden className={cn('size-1.5 rounded-full', dot)} />
        {text}
      </span>
      {database ? (
        <span title={database.address} className="truncate max-sm:hidden">
          {database.embedded ? 'Embedded Postgres' : 'Postgres'} {database.version}
        </span>
      ) : null}
      {session.data ? (
        <span className="truncate max-md:hidden">
          {session.data.localOwner ? 'Owner' : (session.data.user?.email ?? 'Not signed in')}
        </span>
      ) : null}
      <span className="flex-1" />
      <TransferStatus />
      {status.time ? <span>{status.time}</span> : null}
      {status.rows ? <span className="truncate text-text">{status.rows}</span> : null}
      {status.action ? (
        <button
          type="button"
          className="rounded-sm px-1 text-accent-text underline-offset-2 hover:underline"
          onClick={status.action.run}
        >
          {status.action.label}
        </button>
      ) : null}
    </footer>
  )
}
