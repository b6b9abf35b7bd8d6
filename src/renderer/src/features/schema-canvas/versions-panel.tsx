import { toAppError, useApi } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button, IconButton } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { Skeleton } from '@renderer/ui/skeleton'
import { timeAgo } from '@renderer/ui/time-ago'
import { toast } from '@renderer/ui/toast'
import type { SchemaVersion } from '@shared/contract/schema.contract'
import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, GitCompareArrows, History, Pencil, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { useActions } from './canvas-actions'
import type { SidePanelProps } from './side-panels'
import { useVersions } from './use-versions'
import { versionPath } from './version-path'

/** What the schema was after every apply: to be named, compared and gone back to. */
export function VersionsPanel({ databaseId }: SidePanelProps) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useVersions(databaseId)
  const versions = data?.pages.flatMap((page) => page.versions) ?? []
  const newest = versions[0]?.number ?? 0
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data)
    return (
      <div aria-busy="true" className="flex flex-col gap-4 p-4">
        <Skeleton className="h-8" />
        <Skeleton className="h-8" />
        <Skeleton className="h-8" />
      </div>
    )
  if (versions.length === 0)
    return (
      <EmptyState icon={History} title="No versions yet">
        Every apply makes one: it can be named, compared with any other, and gone back to.
      </EmptyState>
    )
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <ol aria-label="Versions" className="p-1.5">
        {versions.map((version) => (
          <VersionItem key={version.number} databaseId={databaseId} version={version} newest={newest} />
        ))}
      </ol>
      {hasNextPage ? (
        <div className="flex justify-center pb-3">
          <Button variant="ghost" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      ) : null}
    </div>
  )
}

interface VersionItemProps {
  readonly databaseId: string
  readonly version: SchemaVersion
  readonly newest: number
}

function VersionItem({ databaseId, version, newest }: VersionItemProps) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const actions = useActions()
  const [naming, setNaming] = useState(false)
  const { number } = version

  async function rename(text: string) {
    const name = text.trim()
    setNaming(false)
    if (name === (version.name ?? '')) return
    try {
      await client.schema.renameVersion({ databaseId, number, name: name === '' ? null : name })
      await queryClient.invalidateQueries({ queryKey: query.schema.versions.key() })
    } catch (error) {
      toast.error(toAppError(error).message)
    }
  }
  /** The way back as changes of the draft: they are reviewed and applied like any other. */
  async function goBack() {
    if (actions.store.state().edits.length > 0) {
      toast.error('There are changes that are not applied. Apply or discard them, then go back.')
      return
    }
    try {
      const { edits } = await versionPath(client, databaseId, newest, number, new AbortController().signal)
      if (edits.length === 0) toast.success(`The schema is as it was in version ${number}`)
      else if (actions.addByEdits(edits, undefined, `Go back to version ${number}`))
        toast.success(`The way back to version ${number} is in the draft. Review and apply it.`)
    } catch (error) {
      toast.error(toAppError(error).message)
    }
  }

  return (
    <li className="group/version flex items-start gap-2 rounded-md px-2 py-1.5 hover:bg-bg-hover">
      <span className="mt-px w-7 shrink-0 text-right font-mono text-sm text-text-muted tabular-nums">{number}</span>
      <div className="min-w-0 flex-1">
        {naming ? (
          <input
            // biome-ignore lint/a11y/noAutofocus: it was asked for
            autoFocus
            defaultValue={version.name ?? ''}
            aria-label={`Name of version ${number}`}
            maxLength={100}
            className="h-6 w-full rounded-sm border border-focus bg-bg px-1 outline-none"
            onBlur={(event) => void rename(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur()
              if (event.key === 'Escape') {
                event.currentTarget.value = version.name ?? ''
                event.currentTarget.blur()
              }
            }}
          />
        ) : (
          <p className="flex items-center gap-1.5">
            {version.name ? <span className="truncate font-semibold">{version.name}</span> : null}
            {number === newest ? <Badge tone="accent">Now</Badge> : null}
          </p>
        )}
        <p className="break-words">{version.sentence}</p>
        <p className="text-sm text-text-muted">
          {version.author}, {timeAgo(version.at)}
        </p>
      </div>
      <DropdownMenu>
        <DropdownMenuTrigger>
          <IconButton label={`Actions for version ${number}`} tooltip="Actions" icon={Ellipsis} size="sm" />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {number > 0 ? (
            <DropdownMenuItem
              icon={GitCompareArrows}
              onSelect={() => actions.ui.set({ compared: { from: number - 1, to: number } })}
            >
              Show what it changed
            </DropdownMenuItem>
          ) : null}
          {number !== newest ? (
            <DropdownMenuItem
              icon={GitCompareArrows}
              onSelect={() => actions.ui.set({ compared: { from: number, to: newest } })}
            >
              Compare with now
            </DropdownMenuItem>
          ) : null}
          <DropdownMenuItem icon={Pencil} onSelect={() => setNaming(true)}>
            {version.name ? 'Rename' : 'Give it a name'}
          </DropdownMenuItem>
          {number !== newest ? (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem icon={RotateCcw} onSelect={() => void goBack()}>
                Go back to it
              </DropdownMenuItem>
            </>
          ) : null}
        </DropdownMenuContent>
      </DropdownMenu>
    </li>
  )
}
