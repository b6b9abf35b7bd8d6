import { AppError } from '@shared/app-error'
import type { Database } from '@shared/contract/databases.contract'
import type { Table } from '@shared/contract/tables.contract'
import { usersTable } from '@shared/domain/users-table'
import type { Principal } from '../../context'
import type { DatabaseRow, Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { createTable, listTables } from '../tables/tables.service'
import { listActivity } from './activity.service'
import { createDatabaseRef } from './database-ref'
import { insertDatabaseSql, recordSizeSql, type SizeRow } from './databases.sql'

/** Counted exactly up to here (about 20 ms); beyond, the tables' estimates are added up. */
export const exactCountLimit = 50_000

/** The database and its `users` table, both or neither. CONFLICT when the project has one. `tx` is the project's. */
export async function createDatabase(
  tx: Transaction,
  caller: Principal,
  projectId: string,
): Promise<{ database: Database; tables: Table[] }> {
  const [database] = await tx.query<DatabaseRow>(insertDatabaseSql(projectId, createDatabaseRef()))
  if (!database) throw new AppError('CONFLICT', 'This project has a database already. Open that one.')
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
  const tables = await listTables(tx, database)
  const ids = tables.map((table) => table.id)
  const [size = { count: 0, bytes: 0 }] = await tx.query<SizeRow>(recordSizeSql(database, ids, exactCountLimit + 1))
  const { entries } = await listActivity(tx, database.project_id, { limit: 20 })
  return { database, tables, ...measure(size, tables), activity: entries }
}

function measure(size: SizeRow, tables: readonly Table[]) {
  if (size.count <= exactCountLimit)
    return { records: { count: size.count, estimated: false }, bytes: Math.round(size.bytes) }
  const sum = tables.reduce((total, table) => total + table.record_estimate, 0)
  const count = Math.max(size.count, sum)
  return { records: { count, estimated: true }, bytes: Math.round((size.bytes / size.count) * count) }
}
