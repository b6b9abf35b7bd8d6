import { useCurrentProject } from '@renderer/app/current-project'
import { useApi } from '@renderer/bridge/api'
import { ErrorState } from '@renderer/ui/error-state'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ActivityPanel } from './activity-panel'
import { ConnectPanel } from './connect-panel'
import { TablesPanel } from './tables-panel'
import { Tiles } from './tiles'

export function OverviewPage() {
  const { project, databaseId } = useCurrentProject()
  const { query } = useApi()
  const { data, error, refetch } = useQuery(query.databases.get.queryOptions({ input: { databaseId } }))
  useEffect(() => {
    document.title = `${project.name} · Tessera Studio`
  }, [project.name])
  return (
    <div className="mx-auto flex max-w-280 flex-col gap-6 px-8 py-8 max-sm:px-4">
      <div>
        <h1 className="text-xl font-semibold break-words">{project.name}</h1>
        {project.description ? <p className="text-text-muted">{project.description}</p> : null}
      </div>
      {error ? (
        <ErrorState
          error={error}
          title="The overview could not be loaded"
          className="rounded-lg border border-border"
          onRetry={() => void refetch()}
        />
      ) : (
        <>
          <Tiles overview={data} projectId={project.id} />
          <div className="grid items-start gap-6 min-[1180px]:grid-cols-[1fr_1.15fr]">
            <div className="flex min-w-0 flex-col gap-6">
              <TablesPanel overview={data} projectId={project.id} />
              <ActivityPanel overview={data} projectId={project.id} databaseId={databaseId} />
            </div>
            <ConnectPanel overview={data} databaseId={databaseId} />
          </div>
        </>
      )}
    </div>
  )
}
