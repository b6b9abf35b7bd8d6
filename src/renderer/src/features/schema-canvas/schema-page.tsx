import { useCurrentProject } from '@renderer/app/current-project'
import { useApi } from '@renderer/bridge/api'
import { ErrorState } from '@renderer/ui/error-state'
import { Skeleton } from '@renderer/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { CanvasProvider } from './canvas'
import { SchemaDesigner } from './schema-designer'

/** `/projects/:projectId/schema`: the tables of the project as a drawing that can be edited. */
export function SchemaPage() {
  const { project, databaseId } = useCurrentProject()
  const { query } = useApi()
  const { data, error, refetch } = useQuery(query.tables.list.queryOptions({ input: { databaseId } }))
  useEffect(() => {
    document.title = `Schema · ${project.name}`
  }, [project.name])
  return (
    <>
      <h1 className="sr-only">Schema</h1>
      {error ? (
        <ErrorState error={error} className="h-full" onRetry={() => void refetch()} />
      ) : data ? (
        <CanvasProvider key={databaseId}>
          <SchemaDesigner databaseId={databaseId} />
        </CanvasProvider>
      ) : (
        <CanvasSkeleton />
      )}
    </>
  )
}

export function CanvasSkeleton() {
  return (
    <div aria-busy="true" className="relative size-full">
      <div className="h-11 border-b border-border" />
      {[
        [8, 14],
        [36, 30],
        [64, 12],
        [60, 56],
        [14, 58],
      ].map(([left, top]) => (
        <div key={`${left} ${top}`} className="absolute" style={{ left: `${left}%`, top: `${top}%` }}>
          <Skeleton className="h-40 w-56 rounded-md" />
        </div>
      ))}
    </div>
  )
}
