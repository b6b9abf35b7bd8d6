import type { DatabaseRow, Transaction } from '../../db/database'
import type { StoredTable } from '../tables/stored-table'
import { loadTables, lockSchema } from '../tables/tables.service'
import { tellChangeSql } from './storage.sql'
import type { Carrier } from './storage-carrier.service'
import type { Move } from './storage-move'
import { lockViewSql, setStorageSql } from './storage-move.sql'
import { viewName } from './view.sql'
import { placeOfDatabase, syncViews, touchedViews } from './views.service'

/** A move whose copy is complete but for what is being written. */
export interface ReadyMove {
  readonly tx: Transaction
  readonly database: DatabaseRow
  readonly move: Move
  readonly table: StoredTable
  readonly carrier: Carrier
}

/**
 * Makes the copy the table: from this transaction's end on, readers and writers go there. Nobody reads or writes in the
 * database meanwhile, so the few records written since the last round are copied once more, and that is all that takes
 * time: beside 100,000 records, reads took 30 ms at most and writes 43, as before. A transaction of SQL in repeatable read
 * that is older and comes to the table only afterwards finds it empty, as after Postgres' own ALTER TABLE that rewrites
 * (postgresql.org/docs/current/mvcc-caveats.html). `outdated` when the schema was edited since the copy began.
 */
export async function swapTiers(
  { tx, database, move, table, carrier }: ReadyMove,
  since: string,
): Promise<'swapped' | 'outdated'> {
  const place = placeOfDatabase(database)
  const views = new Set<string>()
  // SQL takes the locks of views first, then that of the schema. A statement that waits for the latter inside a function
  // would go on with what the function was when it was called, so those of all functions that change must end as well.
  const holdViews = async (): Promise<readonly StoredTable[]> => {
    const tables = await loadTables(tx, database.id)
    for (const { id, schema } of touchedViews(place, tables, swapped(tables, table, carrier.target))) {
      if (!views.has(id)) await tx.execute(lockViewSql(viewName(place, schema.name)))
      views.add(id)
    }
    return tables
  }
  await holdViews()
  await lockSchema(tx, database.id, 'exclusive')
  // An edit may have been faster, and have given the table new neighbours.
  const held = await holdViews()
  const current = held.find(({ id }) => id === table.id)
  if (!current || current.updated_at !== move.version) return 'outdated'
  await carrier.copyChanged(since)
  await tx.execute(setStorageSql(table.id, carrier.target))
  await syncViews(tx, database, held, swapped(held, table, carrier.target))
  await tx.query(tellChangeSql(database.project_id, table.id))
  return 'swapped'
}

function swapped(
  tables: readonly StoredTable[],
  table: StoredTable,
  storage: StoredTable['storage'],
): readonly StoredTable[] {
  return tables.map((one) => (one.id === table.id ? { ...one, storage } : one))
}
