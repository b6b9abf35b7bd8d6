import { useCommands } from '@renderer/app/commands'
import { useCurrentProject } from '@renderer/app/current-project'
import { useApi } from '@renderer/bridge/api'
import { MomentDialog } from '@renderer/features/changes/moment-dialog'
import { IndexesDialog } from '@renderer/features/indexes/indexes-dialog'
import { ViewLinks } from '@renderer/features/table-editor/views/view-links'
import { useFileDrop } from '@renderer/features/transfers/file-drop'
import { transferDialogs } from '@renderer/features/transfers/transfer-dialogs'
import { Button, IconButton } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { TextInput } from '@renderer/ui/field'
import { Skeleton } from '@renderer/ui/skeleton'
import type { Table } from '@shared/contract/tables.contract'
import { useQuery } from '@tanstack/react-query'
import { Plus, Upload } from 'lucide-react'
import { Fragment, type KeyboardEvent, useRef, useState } from 'react'
import { useParams } from 'react-router'
import { EditColumnsDialog } from './edit-columns-dialog'
import { NewTableDialog } from './table-dialog'
import { TableListItem } from './table-list-item'
import { useOpenTable } from './use-open-table'
import { useTableActions } from './use-table-actions'

/** Up to here they are found by looking. */
const mostWithoutFilter = 8

/** The tables of the current project, in the sidebar. */
export function TableList() {
  const { query } = useApi()
  const { databaseId } = useCurrentProject()
  const { tableName } = useParams()
  const { data, error, refetch } = useQuery(query.tables.list.queryOptions({ input: { databaseId } }))
  const { rename, remove } = useTableActions(databaseId)
  const openTable = useOpenTable()
  const [creating, setCreating] = useState(false)
  const [editing, setEditing] = useState<Table | null>(null)
  const [momentOf, setMomentOf] = useState<Table | null>(null)
  const [indexesOf, setIndexesOf] = useState<Table | null>(null)
  const [renaming, setRenaming] = useState<string | null>(null)
  const [wanted, setWanted] = useState('')
  const list = useRef<HTMLUListElement>(null)

  useCommands([{ id: 'table.create', title: 'Create table', group: 'Table', icon: Plus, run: () => setCreating(true) }])

  const tables = data?.tables ?? []
  const hasFilter = tables.length > mostWithoutFilter
  const shown = hasFilter ? tables.filter((table) => table.table_name.includes(wanted.trim().toLowerCase())) : tables
  const stop = shown.some((table) => table.table_name === tableName) ? tableName : shown[0]?.table_name

  function onKeyDown(event: KeyboardEvent) {
    const links = [...(list.current?.querySelectorAll('a') ?? [])]
    const at = links.findIndex((link) => link.contains(document.activeElement))
    const table = shown.find(({ id }) => id === links[at]?.dataset.table)
    if (at < 0) return
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
    if (next !== undefined) links[Math.max(0, Math.min(links.length - 1, next))]?.focus()
    else if (event.key === 'F2' && table) setRenaming(table.id)
    else if (event.key === 'Delete' && table) {
      ;(links[at + 1] ?? links[at - 1])?.focus()
      void remove(table)
    } else return
    event.preventDefault()
  }

  const drop = useFileDrop((file) => transferDialogs.import({ file }))
  return (
    <>
      <div className="flex h-10 shrink-0 items-center justify-between gap-2 pr-2 pl-4">
        <h2 className="font-semibold">Tables</h2>
        <span className="flex items-center">
          <IconButton label="Import a file" icon={Upload} size="sm" onClick={() => transferDialogs.import()} />
          <IconButton label="New table" icon={Plus} size="sm" onClick={() => setCreating(true)} />
        </span>
      </div>
      {hasFilter ? (
        <div className="px-2 pb-2">
          <TextInput
            type="search"
            value={wanted}
            placeholder="Find a table"
            aria-label="Find a table"
            onChange={(event) => setWanted(event.target.value)}
            onKeyDown={(event) => {
              const [first] = shown
              if (event.key === 'Escape' && wanted !== '') setWanted('')
              else if (event.key === 'ArrowDown') list.current?.querySelector('a')?.focus()
              else if (event.key === 'Enter' && first) openTable(first)
              else return
              event.preventDefault()
            }}
          />
        </div>
      ) : null}
      <ul
        ref={list}
        aria-label="Tables"
        className="flex min-h-0 flex-1 flex-col gap-px overflow-y-auto px-2 pt-0.5 pb-2"
        onKeyDown={onKeyDown}
        {...drop.handlers}
      >
        {shown.map((table) => (
          <Fragment key={table.id}>
            <TableListItem
              table={table}
              current={table.table_name === tableName}
              tabStop={table.table_name === stop}
              renaming={renaming === table.id}
              onRenaming={(on) => setRenaming(on ? table.id : null)}
              onRename={(name) => rename(table, name)}
              onEditColumns={() => setEditing(table)}
              onIndexes={() => setIndexesOf(table)}
              onImport={() => transferDialogs.import({ table: table.table_name })}
              onExport={() => transferDialogs.export({ kind: 'records', table: table.table_name })}
              onMoment={() => setMomentOf(table)}
              onDelete={() => void remove(table)}
            />
            {table.table_name === tableName ? <ViewLinks table={table} current /> : null}
          </Fragment>
        ))}
        {data && hasFilter && shown.length === 0 ? (
          <li className="px-2 py-1 text-text-muted">No table has “{wanted.trim()}” in its name.</li>
        ) : null}
        {!data && !error ? <Waiting /> : null}
      </ul>
      {error && !data ? (
        <ErrorState error={error} title="The tables could not be loaded" onRetry={() => void refetch()} />
      ) : null}
      {data && tables.length === 0 ? (
        <EmptyState
          title="No tables yet"
          className="flex-1 px-4"
          action={
            <Button icon={Plus} onClick={() => setCreating(true)}>
              New table
            </Button>
          }
        />
      ) : null}
      <NewTableDialog databaseId={databaseId} open={creating} onOpenChange={setCreating} />
      {editing ? (
        <EditColumnsDialog
          key={editing.id}
          databaseId={databaseId}
          table={editing}
          open
          onOpenChange={(open) => !open && setEditing(null)}
        />
      ) : null}
      {momentOf === null ? null : (
        <MomentDialog
          databaseId={databaseId}
          tableName={momentOf.table_name}
          createdAt={momentOf.created_at}
          onClose={() => setMomentOf(null)}
        />
      )}
      {indexesOf ? (
        <IndexesDialog
          databaseId={databaseId}
          table={indexesOf}
          open
          onOpenChange={(open) => !open && setIndexesOf(null)}
        />
      ) : null}
    </>
  )
}

function Waiting() {
  return [24, 32, 20].map((width) => (
    <li key={width} className="flex h-7 items-center gap-2 px-2">
      <Skeleton className="size-3.5" />
      <Skeleton className={width === 24 ? 'h-3.5 w-24' : width === 32 ? 'h-3.5 w-32' : 'h-3.5 w-20'} />
    </li>
  ))
}
