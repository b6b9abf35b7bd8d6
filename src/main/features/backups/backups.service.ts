import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import type { Backup, BackupPlan, RestoredFrom } from '@shared/contract/backups.contract'
import { asDiskError } from '../../disk-file'
import {
  deleteBackupSql,
  insertBackupSql,
  restoredFromSql,
  selectBackupsSql,
  selectPlanSql,
  setPlanSql,
} from './backups.sql'
import {
  type CopyDeps,
  fillNewProject,
  removeProject,
  type Working,
  type Written,
  writeDump,
} from './copy-project.service'

export interface BackupDeps extends CopyDeps {
  /** Where backups are kept. */
  readonly folder: string
}

export async function listBackups(
  { db, principal }: Pick<BackupDeps, 'db' | 'principal'>,
  databaseId: string,
): Promise<{ backups: Backup[]; plan: BackupPlan; restoredFrom: RestoredFrom | null }> {
  const kept = await db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, { project_id, id }) => {
      const [plan = { every: 'off' as const, keep: 7 }] = await tx.query<BackupPlan>(selectPlanSql(id))
      return { projectId: project_id, backups: [...(await tx.query<Backup>(selectBackupsSql(project_id)))], plan }
    },
    { readOnly: true },
  )
  const { projectId, ...rest } = kept
  const [from] = await db.withAccount(
    principal.account.id,
    (tx) => tx.query<RestoredFrom>(restoredFromSql(projectId)),
    {
      readOnly: true,
    },
  )
  return { ...rest, restoredFrom: from ?? null }
}

export async function setPlan(
  { db, principal }: Pick<BackupDeps, 'db' | 'principal'>,
  databaseId: string,
  plan: BackupPlan,
): Promise<void> {
  await db.withDatabase(principal.account.id, databaseId, (tx, { id }) => tx.execute(setPlanSql(id, plan)))
}

/**
 * Writes the whole project into a file beside the studio's data, restores that file into a project of its own, compares
 * the tables and how many records each has, and removes that project again. A backup that could not be restored is kept,
 * and says why.
 */
export async function createBackup(
  deps: BackupDeps,
  databaseId: string,
  kind: Backup['kind'],
  { signal, report }: Working,
): Promise<Backup> {
  const { db, principal, spool, folder } = deps
  const written = await writeDump(deps, databaseId, true, { signal, report })
  const id = randomUUID()
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await copyFile(written.file.path, pathOf(folder, id)).catch((error: unknown) => {
      throw asDiskError(error)
    })
    const { size } = await stat(pathOf(folder, id))
    const proof = await prove(deps, databaseId, written, { signal, report })
    return await db.withDatabase(principal.account.id, databaseId, async (tx, { project_id }) => {
      const [backup] = await tx.query<Backup>(
        insertBackupSql(project_id, {
          id,
          kind,
          bytes: size,
          records: written.records,
          tables: proof.tables,
          problem: proof.problem,
          proven: proof.problem === null,
        }),
      )
      if (!backup) throw new Error('The backup gave no row')
      return backup
    })
  } catch (error) {
    await rm(pathOf(folder, id), { force: true })
    throw error
  } finally {
    await spool.remove(written.file)
  }
}

export async function deleteBackup(
  { db, principal, folder }: BackupDeps,
  databaseId: string,
  id: string,
): Promise<void> {
  const gone = await db.withDatabase(principal.account.id, databaseId, (tx, { project_id }) =>
    tx.execute(deleteBackupSql(project_id, id)),
  )
  if (gone === 0) throw new AppError('NOT_FOUND', 'This backup is not here any more.')
  await rm(pathOf(folder, id.toLowerCase()), { force: true })
}

/** Keeps as many scheduled backups as the plan says. Those that somebody asked for stay. */
export async function dropOldBackups(deps: BackupDeps, databaseId: string): Promise<void> {
  const { backups, plan } = await listBackups(deps, databaseId)
  const scheduled = backups.filter(({ kind }) => kind === 'scheduled')
  for (const { id } of scheduled.slice(plan.keep)) await deleteBackup(deps, databaseId, id)
}

async function prove(
  deps: BackupDeps,
  origin: string,
  written: Written,
  working: Working,
): Promise<{ readonly tables: number; readonly problem: string | null }> {
  try {
    const { project, result } = await fillNewProject(
      deps,
      { name: 'Test restore of a backup', origin, ...written },
      working,
    )
    await removeProject(deps, project.id)
    return { tables: result.tables.length, problem: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'CANCELLED') throw error
    return { tables: 0, problem: error.message }
  }
}

/** The file of a backup. */
export function pathOf(folder: string, id: string): string {
  return join(folder, `${id}.sql`)
}
