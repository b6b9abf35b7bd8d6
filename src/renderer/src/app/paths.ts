import { generatePath } from 'react-router'

/** The addresses of the studio, as the router knows them. */
export const paths = {
  projects: '/projects',
  settings: '/settings',
  overview: (projectId: string) => generatePath('/projects/:projectId/overview', { projectId }),
  tables: (projectId: string) => generatePath('/projects/:projectId/tables', { projectId }),
  table: (projectId: string, tableName: string) =>
    generatePath('/projects/:projectId/tables/:tableName', { projectId, tableName }),
  schema: (projectId: string) => generatePath('/projects/:projectId/schema', { projectId }),
  sql: (projectId: string) => generatePath('/projects/:projectId/sql', { projectId }),
  users: (projectId: string) => generatePath('/projects/:projectId/users', { projectId }),
  api: (projectId: string) => generatePath('/projects/:projectId/api', { projectId }),
  projectSettings: (projectId: string) => generatePath('/projects/:projectId/settings', { projectId }),
} as const
