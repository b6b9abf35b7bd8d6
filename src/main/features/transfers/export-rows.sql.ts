import type { Filter } from '@shared/domain/filter'
import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import { filterSql } from '../records/filter.sql'
import { orderBy, rowsOf, type TableAt } from '../records/page.sql'
import type { Order } from '../records/page-order'
import type { PlannedColumn } from '../records/record-plan'
import { canonicalJson, recordId, storedValue } from '../tables/column.sql'

export interface ExportedRows {
  readonly columns: readonly PlannedColumn[]
  readonly filter: Filter
  readonly order: Order
  /** Only these records; all when null. */
  readonly ids: readonly string[] | null
  /** The record's own id first, where no column is it. */
  readonly withOwnIds?: boolean
}

/** `text`: Postgres' own form of every value. `words`: the same, but true and false. `json`: arrays are JSON. */
export type ValueForm = 'text' | 'words' | 'json'

export function copyRowsOutSql(at: TableAt, rows: ExportedRows, form: ValueForm, as: 'csv' | 'text'): SqlQuery {
  return as === 'csv'
    ? sql`copy (${selectRowsSql(at, rows, form)}) to stdout (format csv)`
    : sql`copy (${selectRowsSql(at, rows, form)}) to stdout`
}

function selectRowsSql(
  at: TableAt,
  { columns, filter, order, ids, withOwnIds }: ExportedRows,
  form: ValueForm,
): SqlQuery {
  const own = withOwnIds === true ? [recordId(at.table, 'd')] : []
  const values = [...own, ...columns.map((column) => valueSql(at, column, form))]
  const only = ids === null ? sql`` : sql`and ${recordId(at.table, 'd')} = any(${ids}::uuid[])`
  return sql`select ${values.length === 0 ? sql`null` : join(values, ', ')} from ${rowsOf(at)}
    and ${filterSql(at.table, filter)} ${only} order by ${orderBy(at.table, order)}`
}

function valueSql({ table }: TableAt, { column, type }: PlannedColumn, form: ValueForm): SqlQuery {
  const value = storedValue(table, column, 'd')
  if (form === 'words' && type.base === 'boolean' && !type.array) return sql`${value}::text`
  if (form === 'json' && type.array) return sql`(${canonicalJson(type, value)})::text`
  return value
}

export function countExportSql(at: TableAt, { filter, ids }: ExportedRows): SqlQuery {
  const only = ids === null ? sql`` : sql`and ${recordId(at.table, 'd')} = any(${ids}::uuid[])`
  return sql`select count(*)::integer as count from ${rowsOf(at)} and ${filterSql(at.table, filter)} ${only}`
}

export function quoted(name: string): SqlQuery {
  return identifier(name)
}
