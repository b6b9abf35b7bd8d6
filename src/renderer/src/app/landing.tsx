import { useProjects } from '@renderer/features/projects/use-projects'
import { ErrorState } from '@renderer/ui/error-state'
import { Navigate } from 'react-router'
import { paths } from './paths'
import { lastPlace } from './preferences'

/** The start: where the window was last, when that project still exists. */
export function Landing() {
  const { projects, error, refetch } = useProjects()
  if (error)
    return <ErrorState error={error} title="The projects could not be loaded" page onRetry={() => void refetch()} />
  if (!projects) return null
  const last = lastPlace.read()
  if (last !== null && projects.some(({ id }) => last.startsWith(`/projects/${id}/`)))
    return <Navigate replace to={last} />
  const [only, ...others] = projects
  return <Navigate replace to={only && others.length === 0 ? paths.tables(only.id) : paths.projects} />
}
