import { AppError } from '@shared/app-error'
import type { TableRecord } from '@shared/contract/records.contract'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { getRecord } from '../records/records.service'
import { uuidV7 } from '../records/uuid-v7'
import { openSchema } from '../tables/open-schema.service'
import { tableNamed, type Writer } from '../tables/tables.service'
import { selectChangeSql } from './changes.sql'
import { takeBack } from './take-back.service'

export interface Restore {
  readonly tableName: string
  readonly recordId: string
  /** An id of the record's history. */
  readonly change: string
}

/**
 * Writes the record as it was right after the change; of a delete, as it was right before. A deleted record comes back
 * with its id. CONSTRAINT where today's schema, or another record, no longer allows it.
 */
export async function restoreRecord(tx: Transaction, writer: Writer, restore: Restore): Promise<TableRecord> {
  const { database, principal } = writer
  const { project_id: projectId } = database
  const { now, tables: all } = await openSchema(tx, database)
  const table = tableNamed(all, restore.tableName)
  const recordId = restore.recordId.toLowerCase()
  const change = /^\d{1,18}$/.test(restore.change) ? restore.change : '0'
  const at = { projectId, tableId: table.id, recordId }
  const [found] = await tx.query<{ id: string; op: string }>(selectChangeSql(at, change))
  if (!found)
    throw new AppError(
      'NOT_FOUND',
      'There is no such change in the history of this record. It may be older than changes are kept.',
    )
  const first = found.op === 'delete' ? change : (BigInt(change) + 1n).toString()
  const operation = uuidV7()
  const taken = await takeBack(
    tx,
    { writer, operation, now, all },
    {
      which: { kind: 'since', recordId, change: first },
      mode: 'overwrite',
      tables: [{ table, first: found.id }],
      force: true,
    },
  )
  if (taken.written > 0)
    await recordActivity(tx, {
      projectId,
      principal,
      action: 'records.restore',
      sentence: `Restored 1 record of ${table.schema.name} to what it was before.`,
      tableId: table.id,
      kind: 'records',
      operation,
    })
  return getRecord(tx, database, table.schema.name, recordId)
}
