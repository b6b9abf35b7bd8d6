import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import { createViewSchema, syncViews } from '../store/views.service'
import { keyRulesOf } from '../tables/key-rule'
import { deleteKeysSql, insertKeysSql } from '../tables/keys.sql'
import { loadBinnedTables, loadTables, lockSchema } from '../tables/tables.service'
import { hasViewsSql, selectDatabasesWithoutViewsSql, setHasViewsSql } from './databases.sql'

/** A database of years may have millions of records. */
const longestStatement = 600_000

/**
 * Gives the databases that are older than their typed views what new ones are made with. Each is a transaction of its
 * own; one that fails is told to `onError`, and tried again at the next start.
 */
export async function upgradeDatabases(
  db: StudioDatabase,
  { onStep, onError }: { readonly onStep?: (step: string) => void; readonly onError: (error: unknown) => void },
): Promise<void> {
  try {
    const old = await db.withoutTenant((tx) =>
      tx.query<{ account_id: string; database_id: string }>(selectDatabasesWithoutViewsSql()),
    )
    for (const [index, { account_id, database_id }] of old.entries()) {
      onStep?.(`Bringing your data up to date (${index + 1} of ${old.length})`)
      await db
        .withDatabase(account_id, database_id, rebuildDatabase, { role: 'store', statementTimeout: longestStatement })
        .catch(onError)
    }
  } catch (error) {
    onError(error)
  }
}

/** Makes the schema of the database, its keys and its views, once. */
export async function rebuildDatabase(tx: Transaction, database: DatabaseRow): Promise<void> {
  await lockSchema(tx, database.id, 'exclusive')
  // Another studio on the same server may have been faster.
  const [state] = await tx.query<{ has_views: boolean }>(hasViewsSql(database.id))
  if (state?.has_views !== false) return
  const tables = await loadTables(tx, database.id)
  await createViewSchema(tx, database)
  for (const table of [...tables, ...(await loadBinnedTables(tx, database.id))])
    for (const rule of keyRulesOf(table)) {
      await tx.execute(deleteKeysSql(database.project_id, table.id, [rule.rule]))
      await tx.execute(insertKeysSql(database.project_id, table, rule))
    }
  await syncViews(tx, database, [], tables)
  await tx.execute(setHasViewsSql(database.id))
}
