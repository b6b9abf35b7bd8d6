import type { Filter } from '@shared/domain/filter'
import { join, type SqlQuery, sql } from '../../db/sql'
import { ownRecords, recordId, recordsOf, typedValue } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { filterSql, loose } from './filter.sql'
import type { OrderPart, Place } from './page-order'
import { type Projection, wholeRecord } from './record-row.sql'
import { slot } from './statement'

/**
 * Every statement names project and table, the leading columns of the key, so that it reads this table's rows only: a
 * page of 50 of 5,000 records among 1,000,000 of others takes 1.9 ms in all, and 0.6 ms in a native table without
 * row-level security (test/bench/page-isolation.bench.ts).
 */
export interface TableAt {
  readonly projectId: string
  readonly table: StoredTable
}

function rowsOf({ projectId, table }: TableAt): SqlQuery {
  return sql`${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')}`
}

/** Slot `id`. */
export function readTemplate(at: TableAt): SqlQuery {
  return sql`select ${wholeRecord(at.table).list} from ${rowsOf(at)} and ${recordId(at.table, 'd')} = ${slot('id')}::uuid`
}

/**
 * One page. The row itself is selected and columns are taken out of it afterwards: casts in the select list would be
 * evaluated for every row that `offset` skips (67 ms at depth 50,000 instead of 17 ms).
 */
export function selectPageSql(
  at: TableAt,
  page: {
    readonly projection: Projection
    readonly filter: Filter
    readonly order: readonly OrderPart[]
    readonly after: Place | null
    readonly limit: number
    readonly offset: number
  },
): SqlQuery {
  const after = page.after === null ? sql`` : sql`and (${afterSql(at.table, page.order, page.after)})`
  return sql`select ${page.projection.list} from ${rowsOf(at)} and ${filterSql(at.table, page.filter)} ${after}
    order by ${join([...page.order.map(orderSql), recordId(at.table, 'd')], ', ')}
    limit ${page.limit} offset ${page.offset}`
}

export function selectMatchesSql(at: TableAt, filter: Filter): SqlQuery {
  return sql`select ${recordId(at.table, 'd')} from ${rowsOf(at)} and ${filterSql(at.table, filter)}`
}

/** Counts up to `limit` and no further; without one, all. */
export function countMatchesSql(at: TableAt, filter: Filter, limit: number | null): SqlQuery {
  if (limit === null)
    return sql`select count(*)::integer as count from ${rowsOf(at)} and ${filterSql(at.table, filter)}`
  return sql`select count(*)::integer as count
    from (select from ${rowsOf(at)} and ${filterSql(at.table, filter)} limit ${limit}) seen`
}

function orderSql({ target, direction, nulls }: OrderPart): SqlQuery {
  if (direction === 'asc') return nulls === 'last' ? sql`${target.expression}` : sql`${target.expression} nulls first`
  return nulls === 'first' ? sql`${target.expression} desc` : sql`${target.expression} desc nulls last`
}

/** Rows that come after the place: equal so far and later in the next part, or equal in all and of a later id. */
function afterSql(table: StoredTable, order: readonly OrderPart[], place: Place): SqlQuery {
  const alternatives: SqlQuery[] = []
  let equal: SqlQuery[] = []
  for (const [index, part] of order.entries()) {
    const { expression, type } = part.target
    const value = place.values[index] ?? null
    const isNull = value === null
    const constant = isNull ? null : typedValue(part.target.table, loose(type), value)
    if (!constant) {
      if (part.nulls === 'first') alternatives.push(all([...equal, sql`${expression} is not null`]))
    } else {
      const later = part.direction === 'asc' ? sql`${expression} > ${constant}` : sql`${expression} < ${constant}`
      const orNull = part.nulls === 'last' ? sql`(${later} or ${expression} is null)` : later
      alternatives.push(all([...equal, orNull]))
    }
    equal = [...equal, constant ? sql`${expression} = ${constant}` : sql`${expression} is null`]
  }
  alternatives.push(all([...equal, sql`${recordId(table, 'd')} > ${place.id}`]))
  return join(alternatives, ' or ')
}

function all(conditions: readonly SqlQuery[]): SqlQuery {
  return sql`(${join(conditions, ' and ')})`
}
