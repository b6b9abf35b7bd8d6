import { labelColumn } from '@shared/domain/label-column'
import { type SqlQuery, sql } from '../../db/sql'
import { ownRecords, recordId, recordsOf, storedValue } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'

export interface TestedRow {
  readonly id: string
  readonly label: string | null
  readonly allowed: boolean
  /** Null where the owner column is empty, or the rule has none. */
  readonly own: boolean | null
  readonly matches: boolean | null
}

export interface Tested {
  readonly allowed: SqlQuery
  readonly own: SqlQuery
  readonly matches: SqlQuery
}

/** The first records, those that are allowed first among them. */
export function testedRowsSql(projectId: string, table: StoredTable, tested: Tested, limit: number): SqlQuery {
  const label = labelColumn(table.schema)
  const text = label === null ? sql`null::text` : sql`left(${storedValue(table, label, 'd')}::text, 200)`
  return sql`select ${recordId(table, 'd')}::text as id, ${text} as label, ${tested.allowed} as allowed, ${tested.own} as own,
      ${tested.matches} as matches
    from ${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')}
    order by ${tested.allowed} desc, ${recordId(table, 'd')} limit ${limit}`
}

export function testedCountSql(projectId: string, table: StoredTable, { allowed }: Tested): SqlQuery {
  return sql`select count(*)::integer as total, (count(*) filter (where ${allowed}))::integer as allowed
    from ${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')}`
}
