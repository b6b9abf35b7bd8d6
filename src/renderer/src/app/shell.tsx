import { useProjects } from '@renderer/features/projects/use-projects'
import { useSettingsSync } from '@renderer/features/settings/settings-sync'
import { useEffect, useMemo } from 'react'
import { Outlet, useLocation, useParams } from 'react-router'
import { AppCommands } from './app-commands'
import { ConnectionBanner } from './connection-banner'
import { type CurrentProject, CurrentProjectProvider } from './current-project'
import { lastPlace, mostRecent, recentProjects } from './preferences'
import { ProjectEvents } from './project-events'
import { Rail } from './rail'
import { Sidebar } from './sidebar'
import { StatusBar } from './status-bar'
import { TableTabs } from './table-tabs'
import { TitleBar } from './title-bar'

/** The frame around every page: title bar, rail, sidebar, tabs, the page, status bar. */
export function Shell() {
  useSettingsSync()
  const { projectId } = useParams()
  const { pathname } = useLocation()
  const { projects } = useProjects()
  const project = projects?.find(({ id }) => id === projectId)
  const databaseId = project?.database_id ?? null
  const current = useMemo<CurrentProject | null>(
    () => (project && databaseId ? { project, databaseId } : null),
    [project, databaseId],
  )

  useEffect(() => {
    if (!projectId) return
    lastPlace.write(pathname)
    if (recentProjects.read()[0] !== projectId) recentProjects.write(mostRecent(recentProjects.read(), projectId))
  }, [projectId, pathname])

  return (
    <CurrentProjectProvider value={current}>
      <AppCommands />
      {current ? <ProjectEvents key={current.databaseId} databaseId={current.databaseId} /> : null}
      <div className="flex h-full flex-col">
        <a
          href="#page"
          className="absolute -top-10 left-2 z-50 rounded-md bg-accent px-3 py-1 text-on-accent focus:top-1"
        >
          Skip to the page
        </a>
        <TitleBar />
        <ConnectionBanner />
        <div className="flex min-h-0 flex-1">
          <Rail />
          <Sidebar />
          <main className="flex min-w-0 flex-1 flex-col">
            <TableTabs />
            <div id="page" tabIndex={-1} className="relative min-h-0 flex-1 overflow-auto outline-none">
              <Outlet />
            </div>
          </main>
        </div>
        <StatusBar />
      </div>
    </CurrentProjectProvider>
  )
}
