import { useApi } from '@renderer/bridge/api'
import { cn } from '@renderer/ui/cn'
import { ContextMenu, ContextMenuContent, ContextMenuItem, ContextMenuTrigger } from '@renderer/ui/menu'
import type { Table } from '@shared/contract/tables.contract'
import { useQuery } from '@tanstack/react-query'
import { Table2, X } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import { useMatch, useNavigate } from 'react-router'
import { useCommands } from './commands'
import { type CurrentProject, useMaybeProject } from './current-project'
import {
  closeOtherTables,
  closeTable,
  keepExisting,
  keepTable,
  reopenTable,
  showTable,
  useOpenTables,
} from './open-tables'
import { paths } from './paths'

/** The open tables of the project, over its tables page. */
export function TableTabs() {
  const current = useMaybeProject()
  const match = useMatch('/projects/:projectId/tables/:tableName?')
  const tableName = match?.params.tableName ?? null
  const projectName = current?.project.name
  const onTables = match !== null
  useEffect(() => {
    if (onTables) document.title = [tableName ?? 'Tables', projectName].filter(Boolean).join(' · ')
  }, [onTables, tableName, projectName])
  if (!current || !onTables) return null
  return (
    <>
      <h1 className="sr-only">{tableName ?? 'Tables'}</h1>
      <Tabs current={current} tableName={tableName} />
    </>
  )
}

function Tabs({ current, tableName }: { readonly current: CurrentProject; readonly tableName: string | null }) {
  const projectId = current.project.id
  const { query } = useApi()
  const tables = useQuery(query.tables.list.queryOptions({ input: { databaseId: current.databaseId } })).data?.tables
  const { open, closed, active } = useOpenTables(projectId)
  const navigate = useNavigate()
  const list = useRef<HTMLDivElement>(null)
  const shown = open.flatMap((tab) => {
    const table = tables?.find(({ id }) => id === tab.id)
    return table ? [{ table, kept: tab.kept }] : []
  })
  const inFront = tables?.find((table) => table.table_name === tableName)

  useEffect(() => {
    if (inFront) showTable(projectId, inFront.id)
  }, [projectId, inFront])
  useEffect(() => {
    if (tables) keepExisting(projectId, (id) => tables.some((table) => table.id === id))
  }, [projectId, tables])

  function go(id: string | null) {
    const table = tables?.find((candidate) => candidate.id === id)
    void navigate(table ? paths.table(projectId, table.table_name) : paths.tables(projectId))
  }
  function close(id: string) {
    const next = closeTable(projectId, id)
    if (id === inFront?.id) go(next)
  }
  function step(by: number) {
    const at = shown.findIndex(({ table }) => table.id === inFront?.id)
    const next = shown[(at + by + shown.length) % shown.length]
    if (next) go(next.table.id)
  }

  useCommands([
    ...(inFront
      ? ([
          { id: 'tabs.close', title: 'Close tab', group: 'Tabs', shortcut: 'Alt+W', run: () => close(inFront.id) },
          { id: 'tabs.keep', title: 'Keep tab open', group: 'Tabs', run: () => keepTable(projectId, inFront.id) },
        ] as const)
      : []),
    ...(shown.length > 1
      ? ([
          { id: 'tabs.next', title: 'Next tab', group: 'Tabs', shortcut: ']', run: () => step(1) },
          { id: 'tabs.previous', title: 'Previous tab', group: 'Tabs', shortcut: '[', run: () => step(-1) },
        ] as const)
      : []),
    ...(closed.length > 0
      ? ([
          {
            id: 'tabs.reopen',
            title: 'Reopen closed tab',
            group: 'Tabs',
            shortcut: 'Mod+Shift+T',
            run() {
              const id = reopenTable(projectId, (closedId) => tables?.some((table) => table.id === closedId) ?? false)
              if (id) go(id)
            },
          },
        ] as const)
      : []),
  ])

  function onKeyDown(event: KeyboardEvent) {
    const at = shown.findIndex(({ table }) => table.id === active)
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: shown.length - 1 }[event.key]
    if (next !== undefined) {
      const target = shown[next]
      if (!target) return
      go(target.table.id)
      list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
    } else if (event.key === 'Delete' && active) close(active)
    else return
    event.preventDefault()
  }

  if (shown.length === 0) return null
  return (
    <div
      ref={list}
      role="tablist"
      aria-label="Open tables"
      className="flex h-9 shrink-0 items-stretch overflow-x-auto border-b border-border bg-bg-subtle [&::-webkit-scrollbar]:hidden"
      onKeyDown={onKeyDown}
    >
      {shown.map(({ table, kept }) => (
        <Tab
          key={table.id}
          table={table}
          kept={kept}
          selected={table.id === inFront?.id}
          onSelect={() => {
            // What is in front stays as it is: its filters are in the address.
            if (table.id !== inFront?.id) go(table.id)
          }}
          onKeep={() => keepTable(projectId, table.id)}
          onClose={() => close(table.id)}
          onCloseOthers={
            shown.length > 1
              ? () => {
                  closeOtherTables(projectId, table.id)
                  go(table.id)
                }
              : null
          }
        />
      ))}
    </div>
  )
}

interface TabProps {
  readonly table: Table
  readonly kept: boolean
  readonly selected: boolean
  readonly onSelect: () => void
  readonly onKeep: () => void
  readonly onClose: () => void
  readonly onCloseOthers: (() => void) | null
}

function Tab({ table, kept, selected, onSelect, onKeep, onClose, onCloseOthers }: TabProps) {
  const onAuxClick = (event: MouseEvent) => {
    if (event.button === 1) onClose()
  }
  return (
    <ContextMenu>
      <ContextMenuTrigger>
        <div
          className={cn(
            'group relative flex max-w-56 min-w-0 shrink-0 items-center border-r border-border',
            selected ? 'bg-bg text-text' : 'text-text-muted hover:bg-bg-hover hover:text-text',
          )}
        >
          {selected ? <span aria-hidden className="absolute inset-x-0 top-0 h-0.5 bg-accent" /> : null}
          <button
            type="button"
            role="tab"
            aria-selected={selected}
            tabIndex={selected ? 0 : -1}
            title={kept ? table.table_name : `${table.table_name} (double-click to keep open)`}
            className="flex h-full min-w-0 items-center gap-1.5 pr-7 pl-3 focus-visible:outline-offset-[-2px]"
            onClick={onSelect}
            onDoubleClick={onKeep}
            onAuxClick={onAuxClick}
            onMouseDown={(event) => {
              // The middle button would start scrolling by moving the mouse.
              if (event.button === 1) event.preventDefault()
            }}
          >
            <Table2 aria-hidden className={cn('size-3.5 shrink-0', selected && 'text-accent-text')} />
            <span className={cn('truncate', !kept && 'italic')}>{table.table_name}</span>
          </button>
          <button
            type="button"
            tabIndex={-1}
            aria-hidden
            title="Close"
            className="absolute right-1 flex size-5 items-center justify-center rounded-sm opacity-0 group-hover:opacity-100 hover:bg-bg-active data-[selected=true]:opacity-70"
            data-selected={selected}
            onClick={onClose}
          >
            <X aria-hidden className="size-3" />
          </button>
        </div>
      </ContextMenuTrigger>
      <ContextMenuContent>
        <ContextMenuItem shortcut="Alt+W" onSelect={onClose}>
          Close
        </ContextMenuItem>
        <ContextMenuItem disabled={!onCloseOthers} onSelect={() => onCloseOthers?.()}>
          Close others
        </ContextMenuItem>
        <ContextMenuItem disabled={kept} onSelect={onKeep}>
          Keep open
        </ContextMenuItem>
      </ContextMenuContent>
    </ContextMenu>
  )
}
