import { layers } from '@renderer/app/layers'
import { Button } from '@renderer/ui/button'
import { ErrorState } from '@renderer/ui/error-state'
import { Logo } from '@renderer/ui/logo'
import { Skeleton } from '@renderer/ui/skeleton'
import { Plus } from 'lucide-react'
import { useEffect } from 'react'
import { Bin } from './bin'
import { ProjectRow } from './project-row'
import { useBin, useProjects } from './use-projects'

export function ProjectsPage() {
  const { projects, error, refetch } = useProjects()
  const bin = useBin()
  useEffect(() => {
    document.title = 'Projects · Tessera Studio'
  }, [])
  if (error)
    return <ErrorState error={error} title="The projects could not be loaded" page onRetry={() => void refetch()} />
  if (projects?.length === 0 && (bin.projects?.length ?? 0) === 0) return <FirstProject />
  return (
    <div className="mx-auto flex max-w-240 flex-col gap-6 px-8 py-8 max-sm:px-4">
      <div className="flex items-center justify-between gap-4">
        <h1 className="text-xl font-semibold">Projects</h1>
        <Button variant="primary" icon={Plus} onClick={() => layers.show('newProject')}>
          New project
        </Button>
      </div>
      <ul className="divide-y divide-border overflow-hidden rounded-lg border border-border bg-bg-raised empty:hidden">
        {projects
          ? projects.map((project) => <ProjectRow key={project.id} project={project} />)
          : [0, 1, 2].map((row) => (
              <li key={row} className="flex h-14 items-center gap-3 px-4">
                <Skeleton className="size-8" />
                <Skeleton className="h-4 w-40" />
              </li>
            ))}
      </ul>
      {projects?.length === 0 ? <p className="text-text-muted">Every project is in the bin.</p> : null}
      <Bin />
    </div>
  )
}

function FirstProject() {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 px-6 pb-16 text-center">
      <Logo className="mb-3 size-14" />
      <h1 className="text-xl font-semibold">Welcome to Tessera Studio</h1>
      <p className="max-w-90 text-text-muted">
        A project is a database with its tables, records and an API. Making one takes a moment.
      </p>
      <Button size="lg" variant="primary" className="mt-4" onClick={() => layers.show('newProject')}>
        New project
      </Button>
    </div>
  )
}
