import type { DatabaseRow, Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import type { Writer } from '../tables/tables.service'
import { selectRetentionSql, updateRetentionSql } from './retention.sql'

export interface Retention {
  /** Days that changes are kept, and so how far back histories and undo go. */
  readonly days: number
}

export async function readRetention(tx: Transaction, database: DatabaseRow): Promise<Retention> {
  const [row] = await tx.query<Retention>(selectRetentionSql(database.id))
  if (!row) throw new Error('The database has no retention')
  return row
}

/** What is older by then goes with the next daily upkeep. */
export async function writeRetention(
  tx: Transaction,
  { database, principal }: Writer,
  days: number,
): Promise<Retention> {
  const changed = await tx.execute(updateRetentionSql(database.id, days))
  if (changed > 0)
    await recordActivity(tx, {
      projectId: database.project_id,
      principal,
      action: 'database.retention',
      sentence: `Changes of records are kept for ${days === 1 ? '1 day' : `${days.toLocaleString('en')} days`} from now on.`,
      kind: 'project',
    })
  return { days }
}
