import type { Principal } from '../../context'
import type { Transaction } from '../../db/database'
import { recordActivitySql } from './audit.sql'

export interface Activity {
  readonly projectId: string
  readonly principal: Principal
  /** `table.create`, `records.update`, ... */
  readonly action: string
  /** One plain sentence about what happened: "Deleted 3 records of contacts." */
  readonly sentence: string
  /** The table it happened to. */
  readonly tableId?: string | null
  /** What readers have to ask for again. */
  readonly kind: 'records' | 'tables' | 'project'
}

/**
 * Writes who did what and tells every open window, in the transaction of the change itself: both happen, or neither.
 * One statement, so that a write pays one round trip for it.
 */
export async function recordActivity(tx: Transaction, entry: Activity): Promise<void> {
  await tx.execute(recordActivitySql(entry))
}
