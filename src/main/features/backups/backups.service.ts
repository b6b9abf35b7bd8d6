import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import type { Backup, BackupPlan } from '@shared/contract/backups.contract'
import type { Project } from '@shared/contract/projects.contract'
import type { ImportResult, TransferProgress } from '@shared/contract/transfers.contract'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { createDatabase } from '../databases/databases.service'
import { createProject, getProject } from '../projects/projects.service'
import { evaluator } from '../transfers/evaluate.service'
import { exportTo } from '../transfers/export.service'
import type { Spool, SpooledFile } from '../transfers/spool'
import { importFile } from '../transfers/transfers.service'
import {
  deleteBackupSql,
  insertBackupSql,
  removeProjectSql,
  selectBackupSql,
  selectBackupsSql,
  selectPlanSql,
  setPlanSql,
} from './backups.sql'

export interface BackupDeps {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly spool: Spool
  readonly secret: string
  /** Where backups are kept. */
  readonly folder: string
}

type Report = (progress: Omit<TransferProgress, 'kind' | 'rate'>) => void

export interface Working {
  readonly signal: AbortSignal | undefined
  readonly report: Report
}

export async function listBackups(
  { db, principal }: Pick<BackupDeps, 'db' | 'principal'>,
  databaseId: string,
): Promise<{ backups: Backup[]; plan: BackupPlan }> {
  return db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, { project_id, id }) => {
      const [plan = { every: 'off' as const, keep: 7 }] = await tx.query<BackupPlan>(selectPlanSql(id))
      return { backups: [...(await tx.query<Backup>(selectBackupsSql(project_id)))], plan }
    },
    { readOnly: true },
  )
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
    await copyFile(written.file.path, pathOf(folder, id))
    const { size } = await stat(pathOf(folder, id))
    const proof = await prove(deps, written, { signal, report })
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
    return (await fillNewProject(deps, name, file, found.backup.records, working)).project
  } finally {
    await spool.remove(file)
  }
}

export async function duplicateProject(
  deps: BackupDeps,
  databaseId: string,
  { name, records }: { readonly name: string; readonly records: boolean },
  working: Working,
): Promise<Project> {
  const written = await writeDump(deps, databaseId, records, working)
  try {
    return (await fillNewProject(deps, name, written.file, written.records, working)).project
  } finally {
    await deps.spool.remove(written.file)
  }
}

interface Written {
  readonly file: SpooledFile
  readonly records: number
}

async function writeDump(
  { db, principal, spool }: BackupDeps,
  databaseId: string,
  withRecords: boolean,
  { signal, report }: Working,
): Promise<Written> {
  const own = await db.withDatabase(principal.account.id, databaseId, async (_, { id }) => id, {
    readOnly: true,
    signal,
  })
  const file = await spool.create(principal.account.id, own, 'backup.sql')
  let bytes = 0
  try {
    const made = await exportTo(
      db,
      principal,
      own,
      {
        format: 'sql',
        scope: { kind: 'database', records: withRecords },
        signal,
        report: ({ rows, table }) => report({ phase: 'reading', rows, part: null, table }),
      },
      () => async (chunk) => {
        bytes = await spool.append(file, bytes, chunk)
      },
    )
    await spool.size(file)
    return { file, records: made.records }
  } catch (error) {
    await spool.remove(file)
    throw error
  }
}

/** All of it, or no new project. */
async function fillNewProject(
  deps: BackupDeps,
  name: string,
  file: SpooledFile,
  records: number,
  { signal, report }: Working,
): Promise<{ readonly project: Project; readonly result: ImportResult }> {
  const { db, principal, spool, secret } = deps
  const account = principal.account.id
  const made = await db.withAccount(account, (tx) => createProject(tx, principal, { name }), { signal })
  try {
    const { database } = await db.withProject(account, made.id, (tx) => createDatabase(tx, principal, made.id), {
      signal,
      role: 'store',
    })
    const result = await importFile({
      db,
      principal,
      databaseId: database.id,
      spool,
      file,
      options: { format: 'sql' },
      target: { kind: 'database' },
      onReject: 'stop',
      signal,
      report,
      evaluate: evaluator(secret, { db, principal, databaseId: database.id, signal }),
    })
    const [first] = result.rejected
    if (!result.done)
      throw new AppError('CONFLICT', `The copy could not be made: ${first?.reason ?? 'a record cannot be restored'}`)
    if (result.inserted !== records)
      throw new AppError(
        'CONFLICT',
        `The copy has ${result.inserted} records, and ${records} were written. Nothing was kept of it.`,
      )
    return { project: await db.withAccount(account, (tx) => getProject(tx, made.id), { readOnly: true }), result }
  } catch (error) {
    await removeProject(deps, made.id)
    throw error
  }
}

async function prove(
  deps: BackupDeps,
  { file, records }: Written,
  working: Working,
): Promise<{ readonly tables: number; readonly problem: string | null }> {
  try {
    const { project, result } = await fillNewProject(deps, 'Test restore of a backup', file, records, working)
    await removeProject(deps, project.id)
    return { tables: result.tables.length, problem: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'CANCELLED') throw error
    return { tables: 0, problem: error.message }
  }
}

async function removeProject({ db, principal }: BackupDeps, projectId: string): Promise<void> {
  await db.withAccount(principal.account.id, (tx) => tx.query(removeProjectSql(projectId)))
}

async function readInto(spool: Spool, file: SpooledFile, path: string): Promise<void> {
  let offset = 0
  try {
    for await (const chunk of createReadStream(path)) offset = await spool.append(file, offset, chunk as Buffer)
  } catch (error) {
    throw new AppError('NOT_FOUND', 'The file of this backup is not on the disk any more.', { cause: error })
  }
  await spool.size(file)
}

function pathOf(folder: string, id: string): string {
  return join(folder, `${id}.sql`)
}
