import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import type { PlannedColumn } from '../records/record-plan'
import { canonicalJson, ownRecords, recordId, recordsOf, storedValue } from '../tables/column.sql'
import type { KeyRule } from '../tables/key-rule'
import { placeOf } from '../tables/layout'
import { dataOf } from '../tables/physical-table.sql'
import type { StoredTable } from '../tables/stored-table'

/** A relation that was loaded, against a table that has records. As studio_store, and once for all rows. */

/** Rows whose values a record of the table has, by the number of the row. No rule: the record's own id. */
export function takenRowsSql(projectId: string, relation: string, table: StoredTable, rule: KeyRule | null): SqlQuery {
  const pairs =
    rule === null
      ? [{ key: '_id', value: recordId(table, 't') }]
      : rule.columns.map((column) => ({
          key: placeOf(table.layout, column.name).key,
          value: storedValue(table, column, 't'),
        }))
  const keys = pairs.map(({ key }) => sql`d.${identifier(key)}`)
  const same = pairs.map(({ key, value }) => sql`${value} = r.${identifier(key)}`)
  return sql`select r.n::integer as place from (
      select row_number() over (order by d.ctid) as n, ${join(keys, ', ')} from ${dataOf(relation)} d
    ) r where exists (
      select from ${recordsOf(table, 't', 'store')} where ${ownRecords(projectId, table, 't')} and ${join(same, ' and ')}
    ) order by 1`
}

/** Into the table's own relation, with its indexes. */
export function insertLoadedSql(relation: string, into: string, keys: readonly string[]): SqlQuery {
  const names = join([sql`_id`, ...keys.map((key) => identifier(key))], ', ')
  return sql`insert into ${dataOf(into)} (${names}) select ${names} from ${dataOf(relation)}`
}

/** Some of the values that a column has, each once, as canonical JSON. */
export function pointedValuesSql(relation: string, { key, type }: PlannedColumn): SqlQuery {
  const value = sql`d.${identifier(key)}`
  return sql`select ${canonicalJson(type, sql`p.value`)} as value
    from (select distinct ${value} as value from ${dataOf(relation)} d where ${value} is not null) p`
}

/** A move of the table to another tier begins anew: what was loaded is in the log as one line, which it does not follow. */
export function restartMoveSql(projectId: string, tableId: string): SqlQuery {
  return sql`update studio.table_moves m set version = null where m.project_id = ${projectId} and m.table_id = ${tableId}`
}
