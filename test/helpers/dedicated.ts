import { randomBytes } from 'node:crypto'
import { identifier, inlined, join, type SqlQuery, sql } from '../../src/main/db/sql'
import { syncViews } from '../../src/main/features/store/views.service'
import { ownRecords, storedValue } from '../../src/main/features/tables/column.sql'
import {
  createIndexSql,
  createPhysicalTableSql,
  dataOf,
  type PhysicalOptions,
  physicalColumnsOf,
  physicalIndexesOf,
} from '../../src/main/features/tables/physical-table.sql'
import type { StoredTable } from '../../src/main/features/tables/stored-table'
import { loadTables, lockSchema, tableNamed } from '../../src/main/features/tables/tables.service'
import { updateTableSql } from '../../src/main/features/tables/tables.sql'
import type { TestStudio } from './test-studio'

/**
 * Moves a table with its records to the dedicated tier at once, in one transaction: for tests of what holds in both
 * tiers, not of the move.
 */
export async function makeDedicated(
  { db }: Pick<TestStudio, 'db'>,
  accountId: string,
  databaseId: string,
  tableName: string,
  { distributed = false }: PhysicalOptions = {},
): Promise<StoredTable> {
  return db.withDatabase(
    accountId,
    databaseId,
    async (tx, database) => {
      await lockSchema(tx, databaseId, 'exclusive')
      const before = await loadTables(tx, databaseId)
      const table = tableNamed(before, tableName)
      const relation = `t_${randomBytes(16).toString('hex')}`
      const dedicated: StoredTable = {
        ...table,
        storage: { tier: 'dedicated', relation, ...(distributed && { distributed }) },
      }
      for (const statement of createPhysicalTableSql(database.project_id, dedicated, relation, { distributed }))
        await tx.execute(statement)
      await tx.execute(copySql(database.project_id, table, relation))
      await tx.execute(sql`delete from studio.project_data d where ${ownRecords(database.project_id, table, 'd')}`)
      for (const index of physicalIndexesOf(dedicated, relation))
        await tx.execute(createIndexSql(relation, index, { distributed }))
      const [stored = dedicated] = await tx.query<StoredTable>(updateTableSql(dedicated))
      const after = before.map((one) => (one.id === table.id ? stored : one))
      if (await hasViews(tx.query, database.schema_name)) await syncViews(tx, database, before, after)
      return stored
    },
    { role: 'store' },
  )
}

function copySql(projectId: string, table: StoredTable, relation: string): SqlQuery {
  const columns = physicalColumnsOf(table)
  const names = columns.map(({ key }) => identifier(key))
  const values = columns.map(({ column }) => storedValue(table, column, 'd'))
  return inlined(sql`insert into ${dataOf(relation)} (${join(
    [sql`_id`, sql`_revision`, sql`_created`, sql`_updated`, ...names],
    ', ',
  )}) select ${join([sql`d.id`, sql`d.revision`, sql`d.created_at`, sql`d.updated_at`, ...values], ', ')}
    from studio.project_data d where ${ownRecords(projectId, table, 'd')}`)
}

async function hasViews(
  query: <Row extends { there: boolean }>(text: SqlQuery) => Promise<readonly Row[]>,
  schema: string,
): Promise<boolean> {
  const [row] = await query(sql`select exists (select from pg_namespace where nspname = ${schema}) as there`)
  return row?.there === true
}
