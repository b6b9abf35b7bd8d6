import type { DatabaseRow, Transaction } from '../../db/database'
import { lockViewSql } from '../store/storage-move.sql'
import { viewName } from '../store/view.sql'
import { placeOfDatabase, touchedViews } from '../store/views.service'
import type { StoredTable } from './stored-table'
import { loadTables, lockSchema } from './tables.service'
import { lockPatienceSql } from './tables.sql'

/** The tables as an edit would leave them. It may throw where the edit makes no sense. */
export type Plan = (tables: readonly StoredTable[], now: string) => readonly StoredTable[]

/**
 * Holds the schema for an edit, and with it every view that the edit changes, or whose function. A statement of SQL
 * takes the lock of its view first and that of the schema in the function behind it; a statement that waits there goes
 * on with the function as it was when it was called, so none may be under way. Answers what is the case then.
 */
export async function holdSchema(
  tx: Transaction,
  database: DatabaseRow,
  plan: Plan,
): Promise<{ readonly now: string; readonly tables: readonly StoredTable[] }> {
  const place = placeOfDatabase(database)
  const held = new Set<string>()
  const holdViews = async (now: string): Promise<readonly StoredTable[]> => {
    const tables = await loadTables(tx, database.id)
    const after = planned(plan, tables, now)
    const same = new Set(after)
    const edited = tables.filter((table) => !same.has(table))
    for (const { id, schema } of [...edited, ...touchedViews(place, tables, after)]) {
      if (held.has(id)) continue
      await tx.execute(lockViewSql(viewName(place, schema.name)))
      held.add(id)
    }
    return tables
  }
  await tx.execute(lockPatienceSql)
  await holdViews(new Date().toISOString())
  const now = await lockSchema(tx, database.id, 'exclusive')
  // Another edit may have been faster, and have given the table new neighbours.
  return { now, tables: await holdViews(now) }
}

/** An edit that makes no sense changes nothing; who does it says why. */
function planned(plan: Plan, tables: readonly StoredTable[], now: string): readonly StoredTable[] {
  try {
    return plan(tables, now)
  } catch {
    return tables
  }
}
