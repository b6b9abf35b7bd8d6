import { typeOf } from '@shared/domain/check-table'
import { join, type SqlQuery, sql } from '../../db/sql'
import { ruleValue } from '../store/write-row.sql'
import { keyText, ownRecords, recordId, recordsOf, storedValue } from './column.sql'
import type { KeyRule } from './key-rule'
import type { StoredTable } from './stored-table'

/** The rows of `studio.project_keys`, which keep the unique values of the shared tier, for all records of a table. */

/** Makes the rows of a rule that has none yet, for these records or for all. unique_violation where values repeat. */
export function insertKeysSql(
  projectId: string,
  table: StoredTable,
  { rule, columns }: KeyRule,
  ids: readonly string[] | null = null,
): SqlQuery {
  const value = ruleValue(columns.map((column) => keyText(typeOf(column), storedValue(table, column, 'd'))))
  const filled = join(
    columns.map((column) => sql`${storedValue(table, column, 'd')} is not null`),
    ' and ',
  )
  return sql`insert into studio.project_keys (project_id, table_id, rule, value, record_id)
    select ${projectId}, ${table.id}, ${rule}, ${value}, ${recordId(table, 'd')}
    from ${recordsOf(table, 'd', 'store')} where ${ownRecords(projectId, table, 'd')} and ${filled}
      ${ids === null ? sql`` : sql`and ${recordId(table, 'd')} = any(${ids}::uuid[])`}`
}

export function deleteKeysSql(projectId: string, tableId: string, rules: readonly string[]): SqlQuery {
  return sql`delete from studio.project_keys k
    where k.project_id = ${projectId} and k.table_id = ${tableId} and k.rule = any(${rules}::text[])`
}
