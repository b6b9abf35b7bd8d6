import { toAppError, useApi } from '@renderer/bridge/api'
import { useProjects } from '@renderer/features/projects/use-projects'
import { Transfers } from '@renderer/features/transfers/transfers'
import { Button } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { useMutation } from '@tanstack/react-query'
import { Database, FolderX } from 'lucide-react'
import { Link, Outlet, useParams } from 'react-router'
import { useMaybeProject } from './current-project'
import { paths } from './paths'

/** What every page of a project needs first: that the project exists and has its database. */
export function ProjectLayout() {
  const { projectId } = useParams()
  const current = useMaybeProject()
  const { projects, error, refetch } = useProjects()
  if (current)
    return (
      <>
        <Outlet />
        <Transfers />
      </>
    )
  if (error)
    return <ErrorState error={error} title="The project could not be loaded" page onRetry={() => void refetch()} />
  if (!projects) return null
  const project = projects.find(({ id }) => id === projectId)
  if (project) return <MissingDatabase projectId={project.id} onMade={() => void refetch()} />
  return (
    <EmptyState
      icon={FolderX}
      title="This project is not here"
      page
      action={
        <Button asChild>
          <Link to={paths.projects}>Show all projects</Link>
        </Button>
      }
    >
      It may be in the bin, or belong to another account.
    </EmptyState>
  )
}

function MissingDatabase(props: { readonly projectId: string; readonly onMade: () => void }) {
  const { query } = useApi()
  const create = useMutation(query.databases.create.mutationOptions({ onSuccess: props.onMade }))
  return (
    <EmptyState
      icon={Database}
      title="This project has no database yet"
      page
      action={
        <Button
          variant="primary"
          disabled={create.isPending}
          onClick={() => create.mutate({ projectId: props.projectId })}
        >
          Create database
        </Button>
      }
    >
      {create.error ? toAppError(create.error).message : 'Its making was interrupted. It takes a moment and one click.'}
    </EmptyState>
  )
}
