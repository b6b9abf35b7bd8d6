import { OverviewPage } from '@renderer/features/overview/overview-page'
import { ProjectsPage } from '@renderer/features/projects/projects-page'
// Not lazy: it is the first page that most people see, and a second round for its chunk would be waited for.
import { TableEditorPage } from '@renderer/features/table-editor/table-editor-page'
import { createBrowserRouter, Navigate } from 'react-router'
import { Landing } from './landing'
import { MissingPage } from './missing-page'
import { PageFailure } from './page-failure'
import { apiPage, schemaPage, settingsPage, sqlPage, usersPage } from './pages'
import { ProjectLayout } from './project-layout'
import { Shell } from './shell'

function Nothing() {
  return null
}

export function createRouter() {
  return createBrowserRouter([
    {
      element: <Shell />,
      ErrorBoundary: PageFailure,
      // Until the chunk of a page that the window opens on is there.
      HydrateFallback: Nothing,
      children: [
        { index: true, element: <Landing /> },
        { path: 'projects', element: <ProjectsPage /> },
        { path: 'settings', lazy: settingsPage },
        {
          path: 'projects/:projectId',
          element: <ProjectLayout />,
          ErrorBoundary: PageFailure,
          children: [
            { index: true, element: <Navigate replace to="overview" /> },
            { path: 'overview', element: <OverviewPage /> },
            { path: 'tables/:tableName?', element: <TableEditorPage /> },
            { path: 'schema', lazy: schemaPage },
            { path: 'users', lazy: usersPage },
            { path: 'sql', lazy: sqlPage },
            { path: 'api', lazy: apiPage },
            { path: 'settings', lazy: settingsPage },
            { path: '*', element: <MissingPage /> },
          ],
        },
        { path: '*', element: <MissingPage /> },
      ],
    },
  ])
}
