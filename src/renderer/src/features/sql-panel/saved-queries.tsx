import { toAppError, useApi } from '@renderer/bridge/api'
import { IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@renderer/ui/menu'
import { toast } from '@renderer/ui/toast'
import type { SavedQuery } from '@shared/contract/sql-panel.contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronRight, Ellipsis, FileCode2, Folder } from 'lucide-react'
import { useState } from 'react'
import type { Panel } from './panel'
import { foldersOf, type QueryFolder, queryTree } from './query-tree'
import { SaveQueryDialog } from './save-query-dialog'
import { activeTab, usePanelState } from './use-panel'

/** Saved queries in their folders; a click opens one in a tab. */
export function SavedQueries({ panel }: { readonly panel: Panel }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const state = usePanelState(panel)
  const { databaseId } = panel
  const { data, error, refetch } = useQuery(query.sqlPanel.savedQueries.queryOptions({ input: { databaseId } }))
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [changing, setChanging] = useState<SavedQuery | null>(null)
  const current = activeTab(state)?.queryId ?? null
  const queries = data?.queries ?? []

  async function remove(saved: SavedQuery) {
    try {
      await client.sqlPanel.deleteQuery({ databaseId, queryId: saved.id })
      await queryClient.invalidateQueries({ queryKey: query.sqlPanel.savedQueries.key() })
      toast.success(`Deleted ${saved.name}.`, {
        undo: async () => {
          const { name, folder, text } = saved
          await client.sqlPanel.createQuery({ databaseId, name, folder, text })
          await queryClient.invalidateQueries({ queryKey: query.sqlPanel.savedQueries.key() })
        },
      })
    } catch (failure) {
      toast.error(toAppError(failure).message)
    }
  }

  function toggle(path: string) {
    setClosed((old) => (old.has(path) ? new Set([...old].filter((each) => each !== path)) : new Set([...old, path])))
  }

  function folder(tree: QueryFolder, depth: number) {
    return (
      <>
        {tree.folders.map((inner) => (
          <li key={inner.path}>
            <button
              type="button"
              aria-expanded={!closed.has(inner.path)}
              className="flex h-7 w-full items-center gap-1.5 rounded-md pr-2 text-left hover:bg-bg-hover"
              style={{ paddingLeft: 4 + depth * 14 }}
              onClick={() => toggle(inner.path)}
            >
              <ChevronRight
                aria-hidden
                className={cn('size-3.5 text-text-muted transition-transform', !closed.has(inner.path) && 'rotate-90')}
              />
              <Folder aria-hidden className="size-3.5 shrink-0 text-text-muted" />
              <span className="truncate">{inner.name}</span>
            </button>
            {closed.has(inner.path) ? null : <ul>{folder(inner, depth + 1)}</ul>}
          </li>
        ))}
        {tree.queries.map((saved) => (
          <li
            key={saved.id}
            className={cn(
              'group flex h-7 items-center rounded-md pr-1 hover:bg-bg-hover',
              saved.id === current && 'bg-bg-active',
            )}
          >
            <button
              type="button"
              aria-current={saved.id === current ? 'true' : undefined}
              className="flex h-full min-w-0 flex-1 items-center gap-1.5 rounded-md text-left"
              style={{ paddingLeft: 8 + depth * 14 }}
              onClick={() => panel.open({ name: saved.name, text: saved.text, queryId: saved.id })}
            >
              <FileCode2 aria-hidden className="size-3.5 shrink-0 text-text-muted" />
              <span className="truncate">{saved.name}</span>
            </button>
            <DropdownMenu>
              <DropdownMenuTrigger>
                <IconButton
                  label={`Actions for ${saved.name}`}
                  icon={Ellipsis}
                  size="sm"
                  className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 aria-expanded:opacity-100"
                />
              </DropdownMenuTrigger>
              <DropdownMenuContent>
                <DropdownMenuItem onSelect={() => setChanging(saved)}>Rename or move</DropdownMenuItem>
                <DropdownMenuItem onSelect={() => panel.open({ name: `${saved.name} copy`, text: saved.text })}>
                  Open a copy
                </DropdownMenuItem>
                <DropdownMenuItem danger onSelect={() => void remove(saved)}>
                  Delete query
                </DropdownMenuItem>
              </DropdownMenuContent>
            </DropdownMenu>
          </li>
        ))}
      </>
    )
  }

  if (error && !data)
    return <ErrorState error={error} title="The queries could not be loaded" onRetry={() => void refetch()} />
  return (
    <>
      <ul aria-label="Saved queries" className="flex min-h-0 flex-1 flex-col gap-px overflow-y-auto px-2 pb-2">
        {folder(queryTree(queries), 0)}
        {data && queries.length === 0 ? (
          <li>
            <EmptyState title="No saved queries">
              Save a query to find it here again; <span className="font-mono text-sm">:name</span> in it asks for a
              value.
            </EmptyState>
          </li>
        ) : null}
      </ul>
      {changing ? (
        <SaveQueryDialog
          databaseId={databaseId}
          query={changing}
          folders={foldersOf(queries)}
          onSaved={(saved) => {
            const tab = state.tabs.find(({ queryId }) => queryId === saved.id)
            if (tab) panel.rename(tab.id, saved.name)
          }}
          onClose={() => setChanging(null)}
        />
      ) : null}
    </>
  )
}
