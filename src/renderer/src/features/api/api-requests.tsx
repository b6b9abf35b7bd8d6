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
import { type ApiRequest, requestMethods } from '@shared/contract/api.contract'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Activity } from 'lucide-react'
import { useState } from 'react'
import { PersonPicker } from './person-picker'
import { TrafficBars } from './traffic-bars'
import { usePeople } from './use-people'

const spans = [
  { value: 'hour', label: 'Hour' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
] as const

const outcomes = [
  { value: 'ok', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
  { value: 'refused', label: 'Refused (4xx)' },
  { value: 'broken', label: 'Broken (5xx)' },
] as const

const everybody = [{ value: 'all', label: 'All people' }]

/** What apps asked, lately. */
export function ApiRequests({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const [span, setSpan] = useState<(typeof spans)[number]['value']>('hour')
  const [status, setStatus] = useState<(typeof outcomes)[number]['value'] | 'all'>('all')
  const [search, setSearch] = useState('')
  const [method, setMethod] = useState<(typeof requestMethods)[number] | 'all'>('all')
  const [keyId, setKeyId] = useState('all')
  const [userId, setUserId] = useState('all')
  const people = usePeople(databaseId)
  const keys = useQuery(query.keys.list.queryOptions({ input: { databaseId } }))
  const filter = {
    ...(status === 'all' ? {} : { status }),
    ...(method === 'all' ? {} : { method }),
    ...(keyId === 'all' ? {} : { keyId }),
    ...(userId === 'all' ? {} : { userId }),
    ...(search.trim() === '' ? {} : { search: search.trim() }),
  }
  const traffic = useQuery({
    ...query.api.traffic.queryOptions({ input: { databaseId, span, ...filter } }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })
  const settings = useQuery(query.api.settings.queryOptions({ input: { databaseId } }))
  const log = useInfiniteQuery(
    query.api.requests.infiniteOptions({
      input: (cursor: string | undefined) => ({
        databaseId,
        ...filter,
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
        {traffic.data ? <TrafficBars points={traffic.data.points} /> : <Skeleton className="m-4 h-24" />}
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
            aria-label="Key"
            className="w-44!"
            value={keyId}
            options={[
              { value: 'all', label: 'All keys' },
              ...(keys.data?.keys ?? []).map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix})` })),
            ]}
            onValueChange={setKeyId}
          />
          <PersonPicker
            aria-label="Person"
            className="w-44!"
            databaseId={databaseId}
            others={everybody}
            value={userId}
            onValueChange={setUserId}
          />
          <Select
            aria-label="Method"
            className="w-32!"
            value={method}
            options={[
              { value: 'all', label: 'All methods' },
              ...requestMethods.map((value) => ({ value, label: value })),
            ]}
            onValueChange={(value) => setMethod(requestMethods.find((one) => one === value) ?? 'all')}
          />
          <Select
            aria-label="Outcome"
            className="w-36!"
            value={status}
            options={[{ value: 'all', label: 'All outcomes' }, ...outcomes]}
            onValueChange={(value) => setStatus(outcomes.find((one) => one.value === value)?.value ?? 'all')}
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
            {Object.keys(filter).length === 0
              ? 'What apps ask of this project appears here.'
              : 'Nothing matches these filters.'}
          </EmptyState>
        ) : (
          <>
            <ul className="divide-y divide-border">
              {requests.map((one) => (
                <RequestRow
                  key={one.id}
                  request={one}
                  person={people.find(({ id }) => id === one.user_id)?.email ?? 'signed in'}
                />
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

function RequestRow({ request, person }: { readonly request: ApiRequest; readonly person: string }) {
  const who = [request.user_id === null ? null : person, request.key?.name, request.address].filter(Boolean).join(', ')
  return (
    <li className="flex items-center gap-x-3 px-4 py-1.5">
      <Badge tone={request.status < 400 ? 'success' : request.status < 500 ? 'warning' : 'danger'}>
        {request.status}
      </Badge>
      <span className="w-14 shrink-0 font-mono text-sm">{request.method}</span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-mono text-sm" title={request.path}>
          {request.path.replace(/^\/p\/[^/]+/, '')}
        </span>
        {request.error === null ? null : (
          <span className="block truncate text-sm text-text-muted" title={request.error}>
            {request.error}
          </span>
        )}
      </span>
      <span className="w-16 shrink-0 text-right text-sm text-text-muted tabular-nums">{Math.round(request.ms)} ms</span>
      <span className="w-72 shrink-0 truncate text-sm text-text-muted max-[1100px]:w-36" title={who}>
        {who}
      </span>
      <TimeAgo at={request.at} className="w-24 shrink-0 text-right text-sm text-text-muted tabular-nums" />
    </li>
  )
}
