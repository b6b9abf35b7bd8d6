import { AppError } from '@shared/app-error'
import type { Project } from '@shared/contract/projects.contract'
import type { Principal } from '../../context'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import {
  binProjectSql,
  enterProjectSql,
  insertProjectSql,
  listProjectsSql,
  type ProjectRow,
  projectSql,
  restoreProjectSql,
  updateProjectSql,
} from './projects.sql'

/** Newest first; those in the bin by when they came there. `tx` is the account's, here and below. */
export async function listProjects(tx: Transaction, inBin: boolean): Promise<Project[]> {
  return [...(await tx.query<ProjectRow>(listProjectsSql(inBin)))]
}

/** NOT_FOUND also for a project in the bin, which only the bin shows. */
export async function getProject(tx: Transaction, id: string): Promise<Project> {
  const project = await findProject(tx, id)
  if (project.deleted_at !== null) throw notFound()
  return project
}

export async function createProject(
  tx: Transaction,
  caller: Principal,
  input: { readonly name: string; readonly description?: string | undefined },
): Promise<Project> {
  const { name, description = null } = input
  const [row] = await tx.query<{ id: string }>(insertProjectSql({ accountId: caller.account.id, name, description }))
  if (!row) throw new Error('The new project gave no row')
  await record(tx, caller, row.id, 'project.create', `Created the project "${name}".`)
  return findProject(tx, row.id)
}

export async function updateProject(
  tx: Transaction,
  caller: Principal,
  id: string,
  change: { readonly name?: string | undefined; readonly description?: string | null | undefined },
): Promise<Project> {
  const before = await getProject(tx, id)
  const name = change.name ?? before.name
  const description = change.description === undefined ? before.description : change.description
  if (name === before.name && description === before.description) return before
  await tx.execute(updateProjectSql(id, { name, description }))
  const sentence =
    name === before.name
      ? `Changed the description of "${name}".`
      : `Renamed the project "${before.name}" to "${name}".`
  await record(tx, caller, id, 'project.update', sentence)
  return { ...before, name, description }
}

export async function binProject(tx: Transaction, caller: Principal, id: string): Promise<Project> {
  if ((await tx.execute(binProjectSql(id))) === 0) throw notFound()
  const project = await findProject(tx, id)
  await record(tx, caller, id, 'project.delete', `Moved the project "${project.name}" to the bin.`)
  return project
}

/** A project that is not in the bin stays as it is, so that a second click does no harm. */
export async function restoreProject(tx: Transaction, caller: Principal, id: string): Promise<Project> {
  const restored = await tx.execute(restoreProjectSql(id))
  const project = await findProject(tx, id)
  if (restored > 0) await record(tx, caller, id, 'project.restore', `Restored the project "${project.name}".`)
  return project
}

async function findProject(tx: Transaction, id: string): Promise<Project> {
  const [project] = await tx.query<ProjectRow>(projectSql(id))
  if (!project) throw notFound()
  return project
}

async function record(tx: Transaction, principal: Principal, projectId: string, action: string, sentence: string) {
  await tx.execute(enterProjectSql(projectId))
  await recordActivity(tx, { projectId, principal, action, sentence, kind: 'project' })
}

function notFound(): AppError {
  return new AppError('NOT_FOUND', 'There is no such project. It may be in the bin, or belong to someone else.')
}
