import type { StudioDatabase } from '../../db/database'
import { deleteOldChangesSql, dropPartitionsSql, makePartitionsSql } from './retention.sql'

export interface LogUpkeep {
  /** Partitions by name. */
  readonly made: readonly string[]
  readonly dropped: readonly string[]
  /** Changes that were older than their own database keeps them, or whose table is gone for good. */
  readonly deleted: number
}

/** Changes deleted by one transaction. */
const batch = 20_000

/**
 * Makes the change log's partitions of the months to come, and removes what no database keeps any more. The app calls it
 * when it starts, and daily. Writers do not need it: a change without a partition goes to the default one.
 */
export async function keepChangeLog(db: StudioDatabase, now: Date = new Date()): Promise<LogUpkeep> {
  const today = now.toISOString().slice(0, 10)
  const names = (query: ReturnType<typeof makePartitionsSql>) =>
    db.withoutTenant(async (tx) => (await tx.query<{ name: string }>(query)).map(({ name }) => name))
  const made = await names(makePartitionsSql(today))
  const dropped = await names(dropPartitionsSql(today))
  let deleted = 0
  for (;;) {
    const [row] = await db.withoutTenant((tx) => tx.query<{ count: number }>(deleteOldChangesSql(today, batch)))
    const count = row?.count ?? 0
    deleted += count
    if (count < batch) return { made, dropped, deleted }
  }
}
