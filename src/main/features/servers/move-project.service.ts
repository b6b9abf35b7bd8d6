import { AppError } from '@shared/app-error'
import type { MovedProject } from '@shared/contract/servers.contract'
import type { DatabaseRow } from '../../db/database'
import { sqlState } from '../../db/pg-error'
import { type CopyDeps, fillNewProject, removeProject, type Working, writeDump } from '../backups/copy-project.service'
import { createDatabaseRef } from '../databases/database-ref'
import { binProject, getProject, updateProject } from '../projects/projects.service'
import { openSchema } from '../tables/open-schema.service'
import { wholeTable } from '../transfers/export.service'
import { countExportSql } from '../transfers/export-rows.sql'
import { carryOver, type DatabaseAt } from './carry-over.service'
import { lastChangeSql, setRefSql } from './carry-over.sql'

/**
 * Copies a project to another server: all of it, or nothing is left there. What came is counted there again before it is
 * called done. The original is not touched.
 */
export async function moveProject(
  source: CopyDeps,
  databaseId: string,
  target: Pick<CopyDeps, 'db' | 'principal'> & { readonly keepsBackups: boolean },
  working: Working,
): Promise<MovedProject> {
  const { signal, report } = working
  const before = await describe({ ...source, databaseId }, signal)
  const dump = await writeDump(source, databaseId, true, working)
  const to = { ...source, db: target.db, principal: target.principal }
  try {
    const { project, result } = await fillNewProject(to, before.name, dump.file, dump.records, working)
    try {
      report({ phase: 'settings', rows: dump.records, part: null, table: null })
      const there: DatabaseAt = { ...target, databaseId: project.database_id ?? '' }
      const from: DatabaseAt = { ...source, databaseId }
      if (before.description !== null)
        await to.db.withAccount(to.principal.account.id, (tx) =>
          updateProject(tx, to.principal, project.id, { description: before.description }),
        )
      await carryOver(from, there, { secret: source.secret, withPlan: target.keepsBackups, signal })
      const sameAddress = await takeRef(there, before.database.ref)
      const after = await describe(there, signal)
      const tables = result.tables.map(({ table, inserted }) => ({ name: table, records: inserted }))
      compare(before, after, tables)
      const changed = (await describe(from, signal)).lastChange !== before.lastChange
      return {
        projectId: project.id,
        name: before.name,
        tables,
        records: dump.records,
        ref: after.database.ref,
        sameAddress,
        notes: [...result.notes, ...(changed ? [writtenMeanwhile] : [])],
      }
    } catch (error) {
      await removeProject(to, project.id)
      throw error
    }
  } finally {
    await source.spool.remove(dump.file)
  }
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

interface Description {
  readonly name: string
  readonly description: string | null
  readonly database: DatabaseRow
  /** Columns and rules of each table, in words that are equal for equal tables. */
  readonly tables: ReadonlyMap<string, { readonly schema: string; readonly records: number }>
  readonly lastChange: string
}

async function describe(
  { db, principal, databaseId }: DatabaseAt,
  signal: AbortSignal | undefined,
): Promise<Description> {
  const read = await db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, database) => {
      const { tables } = await openSchema(tx, database)
      const described = new Map<string, { schema: string; records: number }>()
      for (const table of tables) {
        const { at, rows } = wholeTable(database, table, true)
        const [counted] = await tx.query<{ count: number }>(countExportSql(at, rows))
        described.set(table.schema.name, { schema: JSON.stringify(table.schema), records: counted?.count ?? 0 })
      }
      const [last] = await tx.query<{ id: string }>(lastChangeSql(database.project_id))
      return { database, tables: described, lastChange: last?.id ?? '0' }
    },
    { signal, readOnly: true, snapshot: true, statementTimeout: countTimeout },
  )
  const { name, description } = await db.withAccount(
    principal.account.id,
    (tx) => getProject(tx, read.database.project_id),
    { readOnly: true },
  )
  return { ...read, name, description }
}

/** Milliseconds to count one table. */
const countTimeout = 10 * 60_000

/** Against what was written there, by table; the columns against those of the original. */
function compare(
  before: Description,
  after: Description,
  written: readonly { readonly name: string; readonly records: number }[],
): void {
  for (const { name, records } of written) {
    const found = after.tables.get(name)?.records ?? 0
    if (found !== records) throw different(`table "${name}" has ${found} records there, and ${records} were written`)
  }
  for (const [name, { schema }] of before.tables) {
    const there = after.tables.get(name)
    if (there === undefined) throw different(`table "${name}" is not there`)
    if (there.schema !== schema) throw different(`table "${name}" has other columns or rules there`)
  }
}

function different(what: string): AppError {
  return new AppError('CONFLICT', `The copy is not like the original: ${what}. Nothing was kept of it.`)
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
