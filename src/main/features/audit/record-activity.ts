import type { Transaction } from '../../db/database'
import type { Activity } from './activity'
import { recordActivitySql } from './audit.sql'

/**
 * Writes who did what and tells every open window, in the transaction of the change itself: both happen, or neither.
 * One statement, so that a write pays one round trip for it.
 */
export async function recordActivity(tx: Transaction, entry: Activity): Promise<void> {
  await tx.execute(recordActivitySql(entry))
}
