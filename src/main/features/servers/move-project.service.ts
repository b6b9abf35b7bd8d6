import { AppError } from '@shared/app-error'
import type { MovedProject } from '@shared/contract/servers.contract'
import { sqlState, toAppError } from '../../db/pg-error'
import { recordActivity } from '../audit/record-activity'
import { arrivedSql, removeArrivingSql } from '../backups/arriving.sql'
import { type CopyDeps, fillNewProject, removeProject, type Working, writeDump } from '../backups/copy-project.service'
import { createDatabaseRef } from '../databases/database-ref'
import { binProject, getProject, updateProject } from '../projects/projects.service'
import { carryOver, type DatabaseAt } from './carry-over.service'
import { setRefSql } from './carry-over.sql'
import { compareProjects, type Description, describeProject, lastChange } from './compare-projects.service'

/**
 * Copies a project to another server: all of it, or nothing is left there that anybody would see. Every value there is
 * compared with the original's before it is called done. The original is not touched.
 */
export async function moveProject(
  source: CopyDeps & { readonly secret: string },
  databaseId: string,
  target: Pick<CopyDeps, 'db' | 'principal'> & { readonly keepsBackups: boolean },
  working: Working,
): Promise<MovedProject> {
  const { signal, report } = working
  const from: DatabaseAt = { ...source, databaseId }
  const to = { ...source, db: target.db, principal: target.principal }
  const comparing = (table: string) => report({ phase: 'checking', rows: 0, part: null, table })
  let here: Description | undefined
  const dump = await writeDump(source, databaseId, true, working, {
    withOwnIds: true,
    look: async (tx, database) => {
      here = await describeProject(tx, database, comparing)
    },
  })
  try {
    if (here === undefined) throw new Error('The original was not read')
    const before = here
    const { name, description } = await source.db.withAccount(
      source.principal.account.id,
      (tx) => getProject(tx, before.database.project_id),
      { readOnly: true },
    )
    await removeLeftovers(to, databaseId, signal)
    const { project, result } = await fillNewProject(to, { name, origin: databaseId, ...dump }, working)
    try {
      report({ phase: 'settings', rows: dump.records, part: null, table: null })
      const there: DatabaseAt = { ...target, databaseId: project.database_id ?? '' }
      if (description !== null)
        await to.db.withAccount(
          to.principal.account.id,
          (tx) => updateProject(tx, to.principal, project.id, { description }),
          { signal },
        )
      await carryOver(from, there, {
        secret: source.secret,
        withPlan: target.keepsBackups,
        until: before.lastChange,
        signal,
      })
      const sameAddress = await takeRef(there, before.database.ref)
      const after = await to.db.withDatabase(
        to.principal.account.id,
        there.databaseId,
        (tx, database) => describeProject(tx, database, comparing),
        { signal, readOnly: true, snapshot: true, statementTimeout: compareTimeout },
      )
      compareProjects(before, after)
      await to.db.withDatabase(
        to.principal.account.id,
        there.databaseId,
        async (tx) => {
          await tx.execute(arrivedSql(project.id))
          await recordActivity(tx, {
            projectId: project.id,
            principal: to.principal,
            action: 'project.move',
            sentence: `Moved the project "${name}" here from another server.`,
            kind: 'project',
          })
        },
        { signal },
      )
      const newest = await source.db.withDatabase(source.principal.account.id, databaseId, lastChange, {
        readOnly: true,
      })
      return {
        projectId: project.id,
        name,
        tables: result.tables.map(({ table, inserted }) => ({ name: table, records: inserted })),
        records: dump.records,
        ref: after.database.ref,
        sameAddress,
        notes: [...result.notes, ...(newest === before.lastChange ? [] : [writtenMeanwhile])],
      }
    } catch (error) {
      // Where the server is gone: nobody is shown what is left, and the next attempt removes it.
      await removeProject(to, project.id).catch(() => undefined)
      throw error
    }
  } catch (error) {
    const isGone = toAppError(error).code === 'NOT_FOUND' && !(await isThere(from))
    throw isGone ? deletedMeanwhile(error) : stopped(error)
  } finally {
    await source.spool.remove(dump.file)
  }
}

/** What an earlier attempt has begun there, and could not take away because the server or the network was gone. */
async function removeLeftovers(
  { db, principal }: Pick<CopyDeps, 'db' | 'principal'>,
  origin: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await db.withAccount(principal.account.id, (tx) => tx.query(removeArrivingSql(origin)), { signal })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'TIMEOUT') throw error
    throw new AppError(
      'CONFLICT',
      'The other server still holds on to what an earlier attempt has begun. It lets go within two minutes of a lost connection: try again then.',
      { cause: error },
    )
  }
}

/** Milliseconds to read all values of one table. */
const compareTimeout = 10 * 60_000

/** A server that went away says what it says; the person wants to know what is where now. */
function stopped(error: unknown): AppError {
  const told = toAppError(error)
  if (told.code !== 'UNAVAILABLE') return told
  return new AppError(
    'UNAVAILABLE',
    `The move stopped. ${told.message} The original is as it was. Once that is mended, move it again: what was begun there is removed then.`,
    { cause: error },
  )
}

async function isThere({ db, principal, databaseId }: DatabaseAt): Promise<boolean> {
  return db.withDatabase(principal.account.id, databaseId, async () => true, { readOnly: true }).catch(() => false)
}

function deletedMeanwhile(cause: unknown): AppError {
  return new AppError(
    'CONFLICT',
    'The project was moved to the bin while it was copied, so nothing was kept of the copy. Restore the project from the bin, and move it again.',
    { cause },
  )
}

const writtenMeanwhile =
  'Somebody wrote to the original while it was copied. What was written after the copy began is not in it: move it again, or take those records over by hand.'

/** Into the bin, where it no longer holds the address that the moved one has now. */
export async function leaveOriginal({ db, principal, databaseId }: DatabaseAt): Promise<void> {
  const account = principal.account.id
  const projectId = await db.withDatabase(account, databaseId, async (tx, { id, project_id }) => {
    await tx.execute(setRefSql(id, createDatabaseRef()))
    return project_id
  })
  await db.withAccount(account, (tx) => binProject(tx, principal, projectId))
}

/** False when another project there has the address. */
async function takeRef({ db, principal, databaseId }: DatabaseAt, ref: string): Promise<boolean> {
  try {
    await db.withDatabase(principal.account.id, databaseId, (tx, { id }) => tx.execute(setRefSql(id, ref)))
    return true
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error
    return false
  }
}

const uniqueViolation = '23505'
