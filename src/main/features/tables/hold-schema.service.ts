import type { DatabaseRow, Transaction } from '../../db/database'
import { lockViewSql } from '../store/storage-move.sql'
import { viewName } from '../store/view.sql'
import { placeOfDatabase, touchedViews } from '../store/views.service'
import { keepSchema, readSchema } from './open-schema.service'
import type { StoredTable } from './stored-table'
import { loadTables } from './tables.service'
import { lockPatienceSql, lockSchemaSql } from './tables.sql'

/** The tables as an edit would leave them. It may throw where the edit makes no sense. */
export type Plan = (tables: readonly StoredTable[], now: string) => readonly StoredTable[]

export interface HeldForEdit {
  readonly now: string
  readonly tables: readonly StoredTable[]
  /** To be told the tables as they are at the end, or nothing: the next who asks reads them. */
  readonly keep: (tables: readonly StoredTable[]) => void
}

/**
 * Holds the schema for an edit, and with it every view that the edit changes, or whose function. A statement of SQL
 * takes the lock of its view first and that of the schema in the function behind it; a statement that waits there goes
 * on with the function as it was when it was called, so none may be under way. Answers what is the case then.
 */
export async function holdSchema(tx: Transaction, database: DatabaseRow, plan: Plan): Promise<HeldForEdit> {
  const place = placeOfDatabase(database)
  const views = new Set<string>()
  const holdViews = async (tables: readonly StoredTable[], now: string): Promise<void> => {
    const after = planned(plan, tables, now)
    const same = new Set(after)
    const edited = tables.filter((table) => !same.has(table))
    // In the order of the ids, so that two edits of neighbours wait for each other and never in a circle.
    const touched = [...edited, ...touchedViews(place, tables, after)].sort((a, b) => (a.id < b.id ? -1 : 1))
    for (const { id, schema } of touched) {
      if (views.has(id)) continue
      await tx.execute(lockViewSql(viewName(place, schema.name)))
      views.add(id)
    }
  }
  await tx.execute(lockPatienceSql)
  // What others make of it meanwhile is seen below; then it is no more than a longer wait.
  await holdViews(readSchema(database.id, null) ?? (await loadTables(tx, database.id)), new Date().toISOString())
  const [held] = await tx.query<{ now: string; version: string; previous: string }>(
    lockSchemaSql(database.id, 'exclusive'),
  )
  if (!held) throw new Error('The schema was not held')
  const { now, version, previous } = held
  const tables = readSchema(database.id, previous) ?? (await loadTables(tx, database.id))
  await holdViews(tables, now)
  return { now, tables, keep: (after) => keepSchema(database.id, version, after) }
}

/** An edit that makes no sense changes nothing; who does it says why. */
function planned(plan: Plan, tables: readonly StoredTable[], now: string): readonly StoredTable[] {
  try {
    return plan(tables, now)
  } catch {
    return tables
  }
}
