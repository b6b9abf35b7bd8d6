import { toAppError, useApi } from '@renderer/bridge/api'
import { formatBytes, formatCount } from '@renderer/ui/figures'
import { Skeleton } from '@renderer/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { Setting, SettingsGroup } from './setting'

/** What the project may use, what it uses, and which tables that is. */
export function SpaceSettings({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const { data, error } = useQuery(query.api.settings.queryOptions({ input: { databaseId } }))
  const space = useQuery(query.databases.space.queryOptions({ input: { databaseId } }))
  const failure = error ?? space.error
  const largest = Math.max(1, ...(space.data?.tables.map(({ bytes }) => bytes) ?? []))
  return (
    <SettingsGroup id="space" title="Plan and space">
      {failure ? (
        <p role="alert" className="px-4 py-3 text-danger">
          {toAppError(failure).message}
        </p>
      ) : null}
      <Setting label="Plan" hint="Set by whoever runs the server.">
        {data ? <span>{data.plan.name}</span> : <Skeleton className="h-4 w-16" />}
      </Setting>
      <Quota label="Space" used={data?.usage.bytes} most={data?.plan.bytes} write={formatBytes} />
      <Quota label="Records" used={data?.usage.records} most={data?.plan.records} write={formatCount} />
      <Quota
        label="API requests this month"
        used={data?.usage.requests}
        most={data?.plan.requests}
        write={formatCount}
      />
      {space.data && space.data.tables.length > 0 ? (
        <ul aria-label="Space by table" className="flex flex-col gap-1.5 px-4 py-3">
          {space.data.tables.map(({ table_name, bytes }) => (
            <li key={table_name} className="grid grid-cols-[minmax(0,1fr)_minmax(0,2fr)_5rem] items-center gap-3">
              <span className="truncate" title={table_name}>
                {table_name}
              </span>
              <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-bg-active">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${(bytes / largest) * 100}%` }}
                />
              </span>
              <span className="text-right text-text-muted tabular-nums">{formatBytes(bytes)}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </SettingsGroup>
  )
}

function Quota(props: {
  readonly label: string
  readonly used: number | undefined
  readonly most: number | null | undefined
  readonly write: (value: number) => string
}) {
  const { used, most, write } = props
  return (
    <Setting label={props.label}>
      {used === undefined ? (
        <Skeleton className="h-4 w-24" />
      ) : (
        <span className="tabular-nums">
          {write(used)}
          <span className="text-text-muted">{most == null ? ', no limit' : ` of ${write(most)}`}</span>
        </span>
      )}
      {used === undefined || most == null ? null : (
        <span aria-hidden className="ml-3 h-1.5 w-32 overflow-hidden rounded-full bg-bg-active">
          <span className="block h-full bg-accent" style={{ width: `${Math.min(100, (used / most) * 100)}%` }} />
        </span>
      )}
    </Setting>
  )
}
