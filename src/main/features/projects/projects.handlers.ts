import type { Procedures } from '../../rpc/implementer'
import { rebuildDatabase } from '../databases/upgrade-databases.service'
import { binProject, createProject, getProject, listProjects, restoreProject, updateProject } from './projects.service'

export function createProjectsHandlers({ signedIn: { projects } }: Procedures) {
  return {
    list: projects.list.handler(async ({ input, context: { db, caller }, signal }) => ({
      projects: await db.withAccount(caller.account.id, (tx) => listProjects(tx, input?.deleted === true), {
        signal,
        readOnly: true,
      }),
    })),
    create: projects.create.handler(async ({ input, context: { db, caller }, signal }) => ({
      project: await db.withAccount(caller.account.id, (tx) => createProject(tx, caller, input), { signal }),
    })),
    get: projects.get.handler(async ({ input, context: { db, caller }, signal }) => ({
      project: await db.withAccount(caller.account.id, (tx) => getProject(tx, input.projectId), {
        signal,
        readOnly: true,
      }),
    })),
    update: projects.update.handler(async ({ input, context: { db, caller }, signal }) => ({
      project: await db.withAccount(caller.account.id, (tx) => updateProject(tx, caller, input.projectId, input), {
        signal,
      }),
    })),
    delete: projects.delete.handler(async ({ input, context: { db, caller }, signal }) => ({
      project: await db.withAccount(caller.account.id, (tx) => binProject(tx, caller, input.projectId), { signal }),
    })),
    restore: projects.restore.handler(async ({ input, context: { db, caller }, signal }) => {
      const { account } = caller
      const project = await db.withAccount(account.id, (tx) => restoreProject(tx, caller, input.projectId), { signal })
      // It may have been in the bin while others were brought up to date.
      if (project.database_id)
        await db.withDatabase(account.id, project.database_id, rebuildDatabase, { signal, role: 'store' })
      return { project }
    }),
  }
}
