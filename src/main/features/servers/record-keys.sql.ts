import { join, type SqlQuery, sql } from '../../db/sql'
import type { PlannedColumn } from '../records/record-plan'
import { jsonColumn, ownRecords, recordId, recordsOf } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'

/** The primary keys of these records, as canonical JSON. */
export function selectKeysOfSql(
  projectId: string,
  table: StoredTable,
  key: readonly PlannedColumn[],
  ids: readonly string[],
): SqlQuery {
  const values = key.map(({ column }) => jsonColumn(table, column, 'd'))
  return sql`select ${recordId(table, 'd')} as id, jsonb_build_array(${join(values, ', ')}) as key
    from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = any(${ids}::uuid[])`
}
