import { type PanelRun, runInPanel } from './panel-run'
import { createTestProject, type TestProject } from './test-project'
import type { Client } from './test-studio'

type Options = Omit<Parameters<Client['sqlPanel']['run']>[0], 'databaseId' | 'query'>

/** A project with a table `orders`, and its SQL panel. */
export interface PanelProject extends TestProject {
  run(query: string, options?: Options, signal?: AbortSignal): Promise<PanelRun>
}

export async function createPanelProject(): Promise<PanelProject> {
  const project = await createTestProject()
  await project.table('orders', [
    { name: 'code', type: 'text', required: true },
    { name: 'total', type: 'numeric(10,2)' },
    { name: 'open', type: 'boolean' },
  ])
  const { databaseId, tenant } = project
  return {
    ...project,
    run: (query, options = {}, signal) => runInPanel(tenant.client, { databaseId, query, ...options }, signal),
  }
}
