import { useCurrentProject } from '@renderer/app/current-project'
import { useOpenTables } from '@renderer/app/open-tables'
import { paths } from '@renderer/app/paths'
import { useApi } from '@renderer/bridge/api'
import { NewTableDialog } from '@renderer/features/tables/table-dialog'
import { Button } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { Skeleton } from '@renderer/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { Plus, Table2 } from 'lucide-react'
import { useState } from 'react'
import { Link, Navigate, useParams } from 'react-router'
import { TableEditor } from './table-editor'

/** `/projects/:projectId/tables/:tableName?`; without a name the table of the last visit, or the first. */
export function TableEditorPage() {
  const { tableName } = useParams()
  const { project, databaseId } = useCurrentProject()
  const { query } = useApi()
  const { data, error, refetch } = useQuery(query.tables.list.queryOptions({ input: { databaseId } }))
  const { active } = useOpenTables(project.id)
  const [creating, setCreating] = useState(false)
  // A list that could not be read again is no reason to take the table away.
  if (error && !data) return <ErrorState error={error} className="h-full" onRetry={() => void refetch()} />
  if (!data) return <EditorSkeleton />
  const { tables } = data
  if (tableName === undefined) {
    const first = tables.find(({ id }) => id === active) ?? tables[0]
    if (first) return <Navigate replace to={paths.table(project.id, first.table_name)} />
  }
  const table = tables.find((candidate) => candidate.table_name === tableName)
  if (table)
    return (
      <>
        <h1 className="sr-only">{table.table_name}</h1>
        <TableEditor key={table.id} projectId={project.id} databaseId={databaseId} table={table} />
      </>
    )
  return (
    <>
      <EmptyState
        icon={Table2}
        title={tableName === undefined ? 'No tables yet' : `There is no table "${tableName}"`}
        className="h-full"
        action={
          tables.length > 0 ? (
            <Button asChild>
              <Link to={paths.tables(project.id)}>Show another table</Link>
            </Button>
          ) : (
            <Button variant="primary" icon={Plus} onClick={() => setCreating(true)}>
              New table
            </Button>
          )
        }
      >
        {tableName === undefined
          ? 'A table holds records of one kind: its columns say what each record has.'
          : 'It may have been renamed or deleted.'}
      </EmptyState>
      <NewTableDialog databaseId={databaseId} open={creating} onOpenChange={setCreating} />
    </>
  )
}

function EditorSkeleton() {
  return (
    <div aria-busy="true" className="flex h-full flex-col">
      <div className="h-11 shrink-0 border-b border-border" />
      <div className="h-[34px] shrink-0 border-b border-border bg-bg-subtle" />
      {Array.from({ length: 8 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that never change
        <div key={row} className="flex h-8 shrink-0 items-center gap-10 border-b border-border px-4">
          <Skeleton className="h-3 w-32" />
          <Skeleton className="h-3 w-48" />
          <Skeleton className="h-3 w-24" />
        </div>
      ))}
    </div>
  )
}
