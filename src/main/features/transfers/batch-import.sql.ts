import { join, type SqlQuery, sql } from '../../db/sql'
import type { PlannedColumn } from '../records/record-plan'
import { ownRecords, recordId, recordsOf, sqlOfJson, storedValue } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'

export const savepointSql = sql`savepoint import`
export const releaseSavepointSql = sql`release savepoint import`
export const rollbackToSavepointSql = sql`rollback to savepoint import`

/** Records that have these values in the key: [[value, ...], ...], in the order of the columns. */
export function selectByKeysSql(
  projectId: string,
  table: StoredTable,
  key: readonly PlannedColumn[],
  values: string,
): SqlQuery {
  const same = key.map(
    ({ column, type }, at) =>
      sql`${storedValue(table, column, 'd')} = ${sqlOfJson(type, sql`(item.value -> ${at}::integer)`)}`,
  )
  return sql`select (item.place - 1)::integer as place, ${recordId(table, 'd')} as id
    from jsonb_array_elements(${values}::jsonb) with ordinality as item (value, place)
    join ${recordsOf(table, 'd')} on ${ownRecords(projectId, table, 'd')} and ${join(same, ' and ')}`
}

/** What an operation has written down of its table. */
export function countLoggedSql(projectId: string, tableId: string, operation: string): SqlQuery {
  return sql`select count(*) filter (where c.op = 'insert')::integer as inserted,
      count(*) filter (where c.op = 'update')::integer as updated
    from studio.changes c
    where c.project_id = ${projectId} and c.operation = ${operation} and c.table_id = ${tableId}`
}
