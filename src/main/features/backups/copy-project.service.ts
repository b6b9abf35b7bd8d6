import { AppError } from '@shared/app-error'
import type { Project } from '@shared/contract/projects.contract'
import type { ImportResult, TransferProgress } from '@shared/contract/transfers.contract'
import type { Principal } from '../../context'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import { createDatabase } from '../databases/databases.service'
import { createProject, getProject } from '../projects/projects.service'
import { evaluator } from '../transfers/evaluate.service'
import { exportTo } from '../transfers/export.service'
import type { Spool, SpooledFile } from '../transfers/spool'
import { importFile } from '../transfers/transfers.service'
import { arrivedSql, arrivingSql } from './arriving.sql'
import { removeProjectSql } from './backups.sql'

/** One server's projects, and where files lie meanwhile. */
export interface CopyDeps {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly spool: Spool
}

type Report = (progress: Omit<TransferProgress, 'kind' | 'rate'>) => void

export interface Working {
  readonly signal: AbortSignal | undefined
  readonly report: Report
}

export async function duplicateProject(
  deps: CopyDeps,
  databaseId: string,
  { name, records }: { readonly name: string; readonly records: boolean },
  working: Working,
): Promise<Project> {
  const written = await writeDump(deps, databaseId, records, working)
  try {
    const { project } = await fillNewProject(deps, { name, origin: databaseId, ...written }, working)
    await showProject(deps, project.id)
    return project
  } finally {
    await deps.spool.remove(written.file)
  }
}

export interface CopyOptions {
  /** Shown the very moment that is written. */
  readonly look?: (tx: Transaction, database: DatabaseRow) => Promise<void>
  /** Every record stays the same one; the file is then for the studio only. */
  readonly withOwnIds?: boolean
}

export interface Written {
  readonly file: SpooledFile
  readonly records: number
}

/** The whole project as SQL, for psql as well. */
export async function writeDump(
  { db, principal, spool }: CopyDeps,
  databaseId: string,
  withRecords: boolean,
  { signal, report }: Working,
  { look, withOwnIds = false }: CopyOptions = {},
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
        withOwnIds,
        signal,
        report: ({ rows, table }) => report({ phase: 'reading', rows, part: null, table }),
      },
      async (_, { tx, database }) => {
        await look?.(tx, database)
        return async (chunk) => {
          bytes = await spool.append(file, bytes, chunk)
        }
      },
    )
    await spool.size(file)
    return { file, records: made.records }
  } catch (error) {
    await spool.remove(file)
    throw error
  }
}

export interface Filling extends Written {
  readonly name: string
  /** The database that it is a copy of. */
  readonly origin: string
}

/** All of it, or no new project. Nobody sees it before `showProject`, not even where the studio ends halfway. */
export async function fillNewProject(
  deps: CopyDeps,
  { name, origin, file, records }: Filling,
  { signal, report }: Working,
): Promise<{ readonly project: Project; readonly result: ImportResult }> {
  const { db, principal, spool } = deps
  const account = principal.account.id
  const made = await db.withAccount(
    account,
    async (tx) => {
      const project = await createProject(tx, principal, { name })
      await tx.execute(arrivingSql(project.id, origin))
      return project
    },
    { signal },
  )
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
      evaluate: evaluator({ db, principal, databaseId: database.id, signal }),
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
    // Where the server is gone as well: nobody is shown what is left, and it goes with the bin.
    await removeProject(deps, made.id).catch(() => undefined)
    throw error
  }
}

export async function showProject({ db, principal }: CopyDeps, projectId: string): Promise<void> {
  await db.withAccount(principal.account.id, (tx) => tx.execute(arrivedSql(projectId)))
}

export async function removeProject({ db, principal }: CopyDeps, projectId: string): Promise<void> {
  await db.withAccount(principal.account.id, (tx) => tx.query(removeProjectSql(projectId)))
}
