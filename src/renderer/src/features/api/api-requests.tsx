import { useApi } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { TextInput } from '@renderer/ui/field'
import { formatBytes, formatCount } from '@renderer/ui/figures'
import { Panel } from '@renderer/ui/panel'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import type { ApiRequest } from '@shared/contract/api.contract'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Activity } from 'lucide-react'
import { useState } from 'react'

const spans = [
  { value: 'hour', label: 'Hour' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
] as const

/** What apps asked, lately. */
export function ApiRequests({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const [span, setSpan] = useState<(typeof spans)[number]['value']>('hour')
  const [status, setStatus] = useState<'all' | 'ok' | 'failed'>('all')
  const [search, setSearch] = useState('')
  const traffic = useQuery({
    ...query.api.traffic.queryOptions({ input: { databaseId, span } }),
    refetchInterval: 15_000,
  })
  const settings = useQuery(query.api.settings.queryOptions({ input: { databaseId } }))
  const log = useInfiniteQuery(
    query.api.requests.infiniteOptions({
      input: (cursor: string | undefined) => ({
        databaseId,
        ...(status === 'all' ? {} : { status }),
        ...(search.trim() === '' ? {} : { search: search.trim() }),
        ...(cursor === undefined ? {} : { cursor }),
      }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  )
  const requests = log.data?.pages.flatMap((page) => page.requests)
  const used = settings.data
  return (
    <div className="flex flex-col gap-5">
      <Panel
        title="Traffic"
        aside={<Segmented aria-label="Span" value={span} onValueChange={setSpan} options={spans} />}
      >
        {traffic.data ? <Bars points={traffic.data.points} /> : <Skeleton className="m-4 h-24" />}
        {used ? (
          <p className="border-t border-border px-4 py-2 text-sm text-text-muted tabular-nums">
            Plan {used.plan.name}: {formatCount(used.usage.requests)}
            {used.plan.requests === null ? '' : ` of ${formatCount(used.plan.requests)}`} requests this month,{' '}
            {formatBytes(used.usage.bytes)}
            {used.plan.bytes === null ? '' : ` of ${formatBytes(used.plan.bytes)}`}, {formatCount(used.usage.records)}{' '}
            records.
          </p>
        ) : null}
      </Panel>
      <Panel title="Requests">
        <div className="flex flex-wrap items-center gap-2 border-b border-border px-4 py-2">
          <Select
            aria-label="Outcome"
            className="w-36!"
            value={status}
            options={[
              { value: 'all', label: 'All' },
              { value: 'ok', label: 'Succeeded' },
              { value: 'failed', label: 'Failed' },
            ]}
            onValueChange={(value) => setStatus(value === 'ok' || value === 'failed' ? value : 'all')}
          />
          <TextInput
            aria-label="Find in the address"
            placeholder="Find in the address"
            className="w-64!"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Button variant="ghost" disabled={log.isFetching} onClick={() => void log.refetch()}>
            Refresh
          </Button>
        </div>
        {log.error && !requests ? (
          <ErrorState error={log.error} title="The requests could not be read" onRetry={() => void log.refetch()} />
        ) : requests === undefined ? (
          <Skeleton className="m-4 h-40" />
        ) : requests.length === 0 ? (
          <EmptyState icon={Activity} title="No requests">
            {status === 'all' && search === ''
              ? 'What apps ask of this project appears here.'
              : 'Nothing matches these filters.'}
          </EmptyState>
        ) : (
          <>
            <ul className="divide-y divide-border">
              {requests.map((one) => (
                <RequestRow key={one.id} request={one} />
              ))}
            </ul>
            {log.hasNextPage ? (
              <Button
                variant="ghost"
                className="m-2 self-start"
                disabled={log.isFetchingNextPage}
                onClick={() => void log.fetchNextPage()}
              >
                Show older requests
              </Button>
            ) : null}
          </>
        )}
      </Panel>
    </div>
  )
}

function RequestRow({ request }: { readonly request: ApiRequest }) {
  const who = [request.key?.name, request.user_id === null ? null : 'signed in', request.address]
  return (
    <li className="flex flex-wrap items-center gap-x-3 px-4 py-1.5">
      <Badge tone={request.status < 400 ? 'success' : request.status < 500 ? 'warning' : 'danger'}>
        {request.status}
      </Badge>
      <span className="w-14 shrink-0 font-mono text-sm">{request.method}</span>
      <span className="min-w-40 flex-1 truncate font-mono text-sm" title={request.error ?? request.path}>
        {request.path.replace(/^\/p\/[^/]+/, '')}
      </span>
      <span className="w-16 shrink-0 text-right text-sm text-text-muted tabular-nums">{Math.round(request.ms)} ms</span>
      <span className="w-56 shrink-0 truncate text-sm text-text-muted" title={request.key?.prefix}>
        {who.filter(Boolean).join(', ')}
      </span>
      <TimeAgo at={request.at} className="w-24 shrink-0 text-right text-sm text-text-muted tabular-nums" />
    </li>
  )
}

/** One bar for each moment; what failed stands on what succeeded. */
function Bars({
  points,
}: {
  readonly points: ReadonlyArray<{ readonly at: string; readonly ok: number; readonly failed: number }>
}) {
  const highest = Math.max(0, ...points.map(({ ok, failed }) => ok + failed))
  const most = Math.max(1, highest)
  const total = points.reduce((sum, { ok, failed }) => sum + ok + failed, 0)
  const failed = points.reduce((sum, point) => sum + point.failed, 0)
  const label = `${formatCount(total)} requests, ${formatCount(failed)} of them failed, at most ${formatCount(highest)} in a bar.`
  return (
    <figure className="px-4 pt-4 pb-2">
      <div role="img" aria-label={label} className="flex h-24 items-end gap-px">
        {points.map((point) => (
          <div
            key={point.at}
            title={`${new Date(point.at).toLocaleString()}: ${point.ok} succeeded, ${point.failed} failed`}
            className="flex h-full flex-1 flex-col justify-end rounded-t-sm bg-bg-subtle"
          >
            <div className="bg-danger" style={{ height: `${(point.failed / most) * 100}%` }} />
            <div className="bg-accent" style={{ height: `${(point.ok / most) * 100}%` }} />
          </div>
        ))}
      </div>
      <figcaption className="pt-2 text-sm text-text-muted tabular-nums">{label}</figcaption>
    </figure>
  )
}
