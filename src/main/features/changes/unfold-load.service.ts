import type { Transaction } from '../../db/database'
import type { StoredTable } from '../tables/stored-table'
import { selectChangedLoadSql, selectLoadsSql, unfoldLoadSql } from './changes.sql'
import { changedSince } from './take-back.service'

/** Records that are named when they stand in the way. */
const mostNamed = 1000

/**
 * A table that was filled at once has one line in the log; to be taken back it needs those of its records. CONFLICT, as of
 * any undo, when records of it were changed since; with `force` those are left as they are.
 */
export async function unfoldLoads(
  tx: Transaction,
  projectId: string,
  all: readonly StoredTable[],
  { operation, force }: { readonly operation: string; readonly force: boolean },
): Promise<void> {
  for (const { table_id, at } of await tx.query<{ table_id: string; at: string }>(
    selectLoadsSql(projectId, operation),
  )) {
    const table = all.find(({ id }) => id === table_id)
    if (!table) continue
    const changed = await tx.query<{ id: string; count: number }>(selectChangedLoadSql(projectId, table, at, mostNamed))
    const [first] = changed
    if (first && !force)
      throw changedSince({
        written: 0,
        clashes: first.count,
        clashing: changed.map(({ id }) => ({ id, table: table.schema.name })),
      })
    await tx.execute(unfoldLoadSql(projectId, table, operation, at))
  }
}
