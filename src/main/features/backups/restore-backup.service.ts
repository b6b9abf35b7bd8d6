import { createReadStream } from 'node:fs'
import { AppError } from '@shared/app-error'
import type { Backup } from '@shared/contract/backups.contract'
import type { Project } from '@shared/contract/projects.contract'
import { isMissing } from '../../whole-files'
import { binProject, getProject } from '../projects/projects.service'
import type { Spool, SpooledFile } from '../transfers/spool'
import { type BackupDeps, pathOf } from './backups.service'
import { noteRestoredSql, restoredFromSql, selectBackupSql, takePlaceSql } from './backups.sql'
import { fillNewProject, showProject, type Working } from './copy-project.service'

/** Into a new project, beside the one it was made of: look at it, and then decide. */
export async function restoreBackup(
  deps: BackupDeps,
  databaseId: string,
  backupId: string,
  working: Working,
): Promise<Project> {
  const { db, principal, spool, folder } = deps
  const found = await db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, { project_id, id }) => {
      const [backup] = await tx.query<Backup>(selectBackupSql(project_id, backupId))
      return backup ? { backup, projectId: project_id, id } : null
    },
    { readOnly: true },
  )
  if (!found) throw new AppError('NOT_FOUND', 'This backup is not here any more.')
  const project = await db.withAccount(principal.account.id, (tx) => getProject(tx, found.projectId), {
    readOnly: true,
  })
  const file = await spool.create(principal.account.id, found.id, 'backup.sql')
  try {
    await readInto(spool, file, pathOf(folder, found.backup.id))
    const name = `${project.name} of ${found.backup.created_at.slice(0, 16).replace('T', ' ')}`.slice(0, 100)
    const { project: restored } = await fillNewProject(
      deps,
      { name, origin: found.id, file, records: found.backup.records },
      working,
    )
    await db.withAccount(principal.account.id, (tx) => tx.execute(noteRestoredSql(restored.id, found.projectId)))
    await showProject(deps, restored.id)
    return restored
  } finally {
    await spool.remove(file)
  }
}

/**
 * The restored project gets the address, the keys, the settings and the name of the one it was restored from, which goes
 * to the bin. CONFLICT when that one is not there any more.
 */
export async function takePlace(
  { db, principal }: Pick<BackupDeps, 'db' | 'principal'>,
  databaseId: string,
): Promise<Project> {
  const account = principal.account.id
  const projectId = await db.withDatabase(account, databaseId, async (_, { project_id }) => project_id, {
    readOnly: true,
  })
  return db.withAccount(account, async (tx) => {
    const [former] = await tx.query<{ id: string }>(restoredFromSql(projectId))
    const [taken] = await tx.query<{ done: boolean }>(takePlaceSql(projectId))
    if (!former || taken?.done !== true)
      throw new AppError(
        'CONFLICT',
        'The project that this one was restored from is not there any more, so it has no place to take.',
      )
    await binProject(tx, principal, former.id)
    return getProject(tx, projectId)
  })
}

async function readInto(spool: Spool, file: SpooledFile, path: string): Promise<void> {
  let offset = 0
  try {
    for await (const chunk of createReadStream(path)) offset = await spool.append(file, offset, chunk as Buffer)
  } catch (error) {
    if (!isMissing(error)) throw error
    throw new AppError('NOT_FOUND', 'The file of this backup is not on the disk any more.', { cause: error })
  }
  await spool.size(file)
}
