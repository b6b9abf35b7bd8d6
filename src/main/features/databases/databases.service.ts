import { AppError } from '@shared/app-error'
import type { Database } from '@shared/contract/databases.contract'
import type { Table } from '@shared/contract/tables.contract'
import { usersTable } from '@shared/domain/users-table'
import type { Principal } from '../../context'
import type { DatabaseRow, Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { createViewSchema } from '../store/views.service'
import { createTable } from '../tables/create-table.service'
import type { StoredTable } from '../tables/stored-table'
import { countLimit, loadTables, withEstimates } from '../tables/tables.service'
import { listActivity } from './activity.service'
import { createDatabaseRef } from './database-ref'
import { insertDatabaseSql, recordSizeSql, relationSizeSql, type SizeRow } from './databases.sql'

/** Counted exactly up to here (about 20 ms); beyond, the tables' estimates are added up. */
export const exactCountLimit = 50_000

/** The database and its `users` table, both or neither. CONFLICT when the project has one. `tx` is the project's, of role store. */
export async function createDatabase(
  tx: Transaction,
  caller: Principal,
  projectId: string,
): Promise<{ database: Database; tables: Table[] }> {
  const [database] = await tx.query<DatabaseRow>(insertDatabaseSql(projectId, createDatabaseRef()))
  if (!database) throw new AppError('CONFLICT', 'This project has a database already. Open that one.')
  await createViewSchema(tx, database)
  await recordActivity(tx, {
    projectId,
    principal: caller,
    action: 'database.create',
    sentence: 'Made the database.',
    kind: 'project',
  })
  const users = await createTable(tx, { database, principal: caller }, usersTable)
  return { database, tables: [users] }
}

/** What the overview page shows of a database. `tx` is the project's. */
export async function getOverview(tx: Transaction, database: DatabaseRow) {
  const stored = await loadTables(tx, database.id)
  const tables = await withEstimates(tx, database.project_id, stored)
  const { entries } = await listActivity(tx, database.project_id, { limit: 20 })
  return { database, tables, ...(await usageOf(tx, database, stored, tables)), activity: entries }
}

/** How much there is of it. `tx` is the project's. */
export async function getUsage(tx: Transaction, database: DatabaseRow) {
  const stored = await loadTables(tx, database.id)
  return usageOf(tx, database, stored, await withEstimates(tx, database.project_id, stored))
}

async function usageOf(
  tx: Transaction,
  database: DatabaseRow,
  stored: readonly StoredTable[],
  tables: readonly Table[],
) {
  const shared = stored.filter(({ storage }) => storage.tier === 'shared').map(({ id }) => id)
  const relations = stored.flatMap(({ storage }) => (storage.tier === 'dedicated' ? [storage.relation] : []))
  const [size = nothing] = await tx.query<SizeRow>(recordSizeSql(database, shared, exactCountLimit + 1))
  const [own = nothing] = relations.length === 0 ? [] : await tx.query<SizeRow>(relationSizeSql(relations))
  return measure({ size, own }, stored, tables)
}

const nothing: SizeRow = { count: 0, bytes: 0 }

/** The shared tier is counted and weighed record by record, to a limit; a relation of its own tells its size itself. */
function measure(
  { size, own }: { readonly size: SizeRow; readonly own: SizeRow },
  stored: readonly StoredTable[],
  tables: readonly Table[],
) {
  const estimateOf = (tier: 'shared' | 'dedicated') =>
    tables.reduce(
      (sum, { record_estimate }, index) => sum + (stored[index]?.storage.tier === tier ? record_estimate : 0),
      0,
    )
  const dedicated = estimateOf('dedicated')
  const isExact = size.count <= exactCountLimit
  const shared = isExact ? size.count : Math.max(size.count, estimateOf('shared'))
  const bytes = isExact ? size.bytes : (size.bytes / size.count) * shared
  return {
    records: {
      count: shared + dedicated,
      estimated:
        !isExact ||
        tables.some(
          ({ record_estimate }, index) => record_estimate > countLimit && stored[index]?.storage.tier === 'dedicated',
        ),
    },
    bytes: Math.round(bytes + own.bytes),
  }
}
