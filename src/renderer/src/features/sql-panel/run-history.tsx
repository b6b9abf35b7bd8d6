import { toAppError, useApi } from '@renderer/bridge/api'
import { useMorePages } from '@renderer/bridge/use-more-pages'
import { Button } from '@renderer/ui/button'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { TextInput } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import { TimeAgo } from '@renderer/ui/time-ago'
import { toast } from '@renderer/ui/toast'
import type { SqlRun } from '@shared/contract/sql-panel.contract'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, CircleSlash } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Panel } from './panel'
import { timeOf } from './results'
import { usePanelState } from './use-panel'

/** Every run, newest first; a click opens its text in a tab. */
export function RunHistory({ panel }: { readonly panel: Panel }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const { databaseId } = panel
  const [search, setSearch] = useState('')
  const [clearing, setClearing] = useState(false)
  const key = query.sqlPanel.history.key()
  const runs = useInfiniteQuery({
    queryKey: [...key, databaseId, search],
    queryFn: ({ pageParam, signal }) =>
      client.sqlPanel.history(
        { databaseId, ...(pageParam && { cursor: pageParam }), ...(search && { search }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  const { readMore } = useMorePages(runs)
  const running = usePanelState(panel).runs.size
  const before = useRef(running)
  useEffect(() => {
    if (running < before.current) void queryClient.invalidateQueries({ queryKey: key })
    before.current = running
  }, [running, queryClient, key])
  const list = runs.data?.pages.flatMap((page) => page.runs) ?? []

  if (runs.error && !runs.data)
    return <ErrorState error={runs.error} title="The runs could not be loaded" onRetry={() => void runs.refetch()} />
  return (
    <>
      <div className="px-2 pb-2">
        <TextInput
          type="search"
          value={search}
          placeholder="Find in runs"
          aria-label="Find in runs"
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <ul aria-label="Runs" className="flex min-h-0 flex-1 flex-col gap-px overflow-y-auto px-2 pb-2">
        {list.map((run) => (
          <li key={run.id}>
            <RunEntry run={run} onOpen={() => panel.open({ text: run.text })} />
          </li>
        ))}
        {runs.data && list.length === 0 ? (
          <li>
            <EmptyState title={search === '' ? 'No runs yet' : 'No run matches'}>
              {search === '' ? 'Everything that runs here is kept with its time and what came of it.' : null}
            </EmptyState>
          </li>
        ) : null}
        {runs.hasNextPage ? (
          <li className="pt-1">
            <Button size="sm" className="w-full" onClick={readMore}>
              Show older runs
            </Button>
          </li>
        ) : null}
      </ul>
      {list.length > 0 ? (
        <div className="border-t border-border p-2">
          <Button size="sm" variant="ghost" className="w-full" onClick={() => setClearing(true)}>
            Clear history
          </Button>
        </div>
      ) : null}
      <ConfirmDialog
        open={clearing}
        onOpenChange={setClearing}
        title="Clear the history?"
        description="The texts of all runs of this project are forgotten. What they did stays."
        confirm="Clear history"
        danger
        onConfirm={async () => {
          try {
            await client.sqlPanel.clearHistory({ databaseId })
          } catch (error) {
            toast.error(toAppError(error).message)
          }
          await queryClient.invalidateQueries({ queryKey: key })
        }}
      />
    </>
  )
}

const marks = {
  done: { icon: CircleCheck, looks: 'text-success', says: 'Done' },
  failed: { icon: CircleAlert, looks: 'text-danger', says: 'Failed' },
  cancelled: { icon: CircleSlash, looks: 'text-warning', says: 'Cancelled' },
  running: { icon: CircleSlash, looks: 'text-text-muted', says: 'Not ended' },
} as const

function RunEntry({ run, onOpen }: { readonly run: SqlRun; readonly onOpen: () => void }) {
  const { icon: Icon, looks, says } = marks[run.outcome]
  const facts = [run.outcome === 'done' ? countOf(run.rowCount, 'row') : says, run.ms === null ? null : timeOf(run.ms)]
  return (
    <button
      type="button"
      title={run.error === null ? run.text.slice(0, 1000) : `${run.error}\n\n${run.text.slice(0, 1000)}`}
      className="flex w-full flex-col gap-0.5 rounded-md px-2 py-1.5 text-left hover:bg-bg-hover"
      onClick={onOpen}
    >
      <span className="flex w-full items-center gap-1.5">
        <Icon aria-label={says} className={`size-3.5 shrink-0 ${looks}`} />
        <span className="truncate font-mono text-sm">{run.text.replace(/\s+/g, ' ').slice(0, 200)}</span>
      </span>
      {run.error === null || run.outcome !== 'failed' ? null : (
        <span className="line-clamp-2 pl-5 text-sm break-words text-danger">{run.error}</span>
      )}
      <span className="flex w-full gap-1.5 pl-5 text-sm text-text-muted tabular-nums">
        <span className="truncate">{facts.filter(Boolean).join(' · ')}</span>
        <span className="ml-auto shrink-0">
          <TimeAgo at={run.at} />
        </span>
      </span>
    </button>
  )
}
