import { AppError } from '@shared/app-error'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { deleteWhere } from '../records/delete-set.service'
import { checkAllReferrers } from '../records/references.service'
import { uuidV7 } from '../records/uuid-v7'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed, type Writer } from '../tables/tables.service'
import { countLoadedSql, type SinceMoment, selectSinceSql, wasLoadedSql } from './changes.sql'
import { countTakeBack, takeBack } from './take-back.service'

export interface Moment {
  readonly tableName: string
  /** ISO 8601. */
  readonly moment: string
}

/** What going back would do to the records that are there. */
export interface MomentCounts {
  /** Deleted since: they come back. */
  readonly added: number
  readonly changed: number
  /** Made since: they go. */
  readonly removed: number
}

/** Counts what `restoreMoment` would write. VALIDATION for a moment that changes are not kept from. */
export async function previewMoment(tx: Transaction, writer: Writer, asked: Moment): Promise<MomentCounts> {
  const { tables } = await openSchema(tx, writer.database)
  const { table, since, which } = await lookAt(tx, writer, tables, asked)
  const { project_id: projectId } = writer.database
  const counts =
    since.first === null
      ? undefined
      : await countTakeBack(tx, { writer }, { which, mode: 'overwrite' }, { table, first: since.first })
  const [loaded] =
    since.loads.length === 0 ? [] : await tx.query<{ count: number }>(countLoadedSql(projectId, table, since.loads))
  return {
    added: counts?.inserts ?? 0,
    changed: counts?.updates ?? 0,
    removed: (counts?.deletes ?? 0) + (loaded?.count ?? 0),
  }
}

/**
 * Writes every record of the table as it was at the moment, by today's columns, as one operation that can be undone. CONSTRAINT
 * where today's schema or another table does not allow it. Records that were deleted and are older than the log stay away.
 */
export async function restoreMoment(
  tx: Transaction,
  writer: Writer,
  asked: Moment,
): Promise<{ readonly operation: string; readonly written: number }> {
  const { database, principal } = writer
  const { project_id: projectId } = database
  const { now, tables: all } = await openSchema(tx, database)
  const { table, since, which } = await lookAt(tx, writer, all, asked)
  const operation = uuidV7()
  const scope = { projectId, all, table, now, operation: { id: operation, principal } }
  // First, so that the values they hold are free for those that come back.
  const gone =
    since.loads.length === 0 ? { count: 0 } : await deleteWhere(tx, scope, table, wasLoadedSql(table, since.loads))
  const part = { which: { ...which, except: operation }, mode: 'overwrite', force: true } as const
  const taken =
    since.first === null
      ? { written: 0 }
      : await takeBack(tx, { writer, operation, now, all }, { ...part, tables: [{ table, first: since.first }] })
  if (gone.count > 0) await checkAllReferrers(tx, scope, table, 'app')
  const written = taken.written + gone.count
  if (written === 0)
    throw new AppError('CONFLICT', `The records of "${table.schema.name}" are as they were then. Nothing was written.`)
  await recordActivity(tx, {
    projectId,
    principal,
    action: 'records.restore',
    sentence: `Restored ${table.schema.name} to ${asked.moment.slice(0, 16).replace('T', ' ')} UTC: ${written.toLocaleString('en')} ${written === 1 ? 'record' : 'records'}.`,
    tableId: table.id,
    kind: 'records',
    operation,
  })
  return { operation, written }
}

async function lookAt(
  tx: Transaction,
  { database }: Writer,
  all: readonly StoredTable[],
  { tableName, moment }: Moment,
) {
  const table = tableNamed(all, tableName)
  const [since] = await tx.query<SinceMoment>(selectSinceSql(database.project_id, database.id, table, moment))
  if (!since) throw new Error('The database has no retention')
  if (!since.is_past) throw new AppError('VALIDATION', 'This moment is yet to come. Choose one in the past.')
  if (!since.is_kept)
    throw new AppError('VALIDATION', 'Changes are not kept so long. Choose a later moment, or restore a backup.')
  if (Date.parse(moment) < Date.parse(table.created_at))
    throw new AppError('VALIDATION', `Table "${tableName}" was made after that. Choose a later moment.`)
  const which = { kind: 'after', moment, loads: since.loads, except: null } as const
  return { table, since, which }
}
