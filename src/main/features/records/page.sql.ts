import type { Filter } from '@shared/domain/filter'
import { join, type SqlQuery, sql } from '../../db/sql'
import { ownRecords, recordId, recordsOf, typedValue } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { filterSql, loose } from './filter.sql'
import type { Order, OrderPart, Place } from './page-order'
import type { Projection } from './record-row.sql'

/**
 * Every statement names project and table, the leading columns of the key, so that it reads this table's rows only: a
 * page of 50 of 5,000 records among 1,000,000 of others takes 1.9 ms in all, and 0.6 ms in a native table without
 * row-level security (test/bench/page-isolation.bench.ts).
 */
export interface TableAt {
  readonly projectId: string
  readonly table: StoredTable
}

export interface Page {
  readonly projection: Projection
  readonly filter: Filter
  readonly order: Order
  readonly after: Place | null
  readonly limit: number
  readonly offset: number
  /** More of each record's row `d`, computed for those of the page only. */
  readonly embeds: readonly SqlQuery[]
}

export function rowsOf({ projectId, table }: TableAt): SqlQuery {
  return sql`${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')}`
}

/**
 * One page. Where rows are skipped, their ids are taken first and the columns after: an index gives 50,000 ids without a
 * look at the rows (17 ms, and with the casts of a select list 67 ms).
 */
export function selectPageSql(at: TableAt, page: Page): SqlQuery {
  const { table, projectId } = at
  const isDedicated = table.storage.tier === 'dedicated'
  if (page.embeds.length === 0 && !(isDedicated && page.offset > 0)) return orderedSql(at, page, page.projection.list)
  const id = recordId(table, 'd')
  const list = join([page.projection.list, ...page.embeds], ', ')
  return sql`select ${list} from (${orderedSql(at, page, sql`${id} as _page_id`)}) page
    join ${recordsOf(table, 'd')} on ${ownRecords(projectId, table, 'd')} and ${id} = page._page_id
    order by ${orderBy(table, page.order)}`
}

/**
 * What comes after a place is a few ranges, one after the other: equal so far and later in the next part, and those
 * without a value. Each is a range of an index, so a page costs the same at any depth; a later range is only read when
 * those before it do not fill the page. The shared tier has no such index, and reads its few rows once.
 */
function orderedSql(at: TableAt, page: Page, list: SqlQuery): SqlQuery {
  const { filter, order, after, limit, offset } = page
  const some = (range: SqlQuery) => sql`select ${list} from ${rowsOf(at)} and ${filterSql(at.table, filter)} ${range}
    order by ${orderBy(at.table, order)} limit ${limit} offset ${offset}`
  if (after === null) return some(sql``)
  const ranges = rangesAfter(at.table, order, after)
  const [only, ...more] = ranges
  if (only && more.length === 0) return some(sql`and ${only}`)
  if (at.table.storage.tier === 'shared') return some(sql`and (${join(ranges, ' or ')})`)
  const [first = sql``, ...rest] = ranges.map((range) => sql`(${some(sql`and ${range}`)})`)
  return sql`${rest.reduce((all, one) => sql`${all} union all ${one}`, first)} limit ${limit}`
}

export function orderBy(table: StoredTable, { parts, last }: Order): SqlQuery {
  const id = last === null ? [] : [last === 'asc' ? recordId(table, 'd') : sql`${recordId(table, 'd')} desc`]
  return join([...parts.map(partSql), ...id], ', ')
}

function partSql({ target, direction, nulls }: OrderPart): SqlQuery {
  if (direction === 'asc') return nulls === 'last' ? sql`${target.expression}` : sql`${target.expression} nulls first`
  return nulls === 'first' ? sql`${target.expression} desc` : sql`${target.expression} desc nulls last`
}

/** In the order of the records in them. */
function rangesAfter(table: StoredTable, order: Order, place: Place): readonly SqlQuery[] {
  return rangesFrom(table, order, place, 0, [])
}

function rangesFrom(
  table: StoredTable,
  { parts, last }: Order,
  place: Place,
  from: number,
  equal: readonly SqlQuery[],
): readonly SqlQuery[] {
  const part = parts[from]
  if (!part) {
    if (last === null) return []
    const id = sql`${place.id}::uuid`
    return [
      all([...equal, last === 'asc' ? sql`${recordId(table, 'd')} > ${id}` : sql`${recordId(table, 'd')} < ${id}`]),
    ]
  }
  const { expression } = part.target
  const value = constantOf(part, place.values[from])
  const without = all([...equal, sql`${expression} is null`])
  if (!value) {
    const inner = rangesFrom(table, { parts, last }, place, from + 1, [...equal, sql`${expression} is null`])
    return part.nulls === 'first' ? [...inner, all([...equal, sql`${expression} is not null`])] : inner
  }
  const empty = part.nulls === 'last' && part.target.isNullable ? [without] : []
  const row = rowAfter(table, { parts, last }, place, from)
  if (row) return [all([...equal, row]), ...empty]
  const inner = rangesFrom(table, { parts, last }, place, from + 1, [...equal, sql`${expression} = ${value}`])
  return [...inner, all([...equal, later(part, expression, value)]), ...empty]
}

/** `(a, b, id) > (x, y, z)`: one range of an index, where all go in one direction and only the first can be NULL. */
function rowAfter(table: StoredTable, { parts, last }: Order, place: Place, from: number): SqlQuery | null {
  const rest = parts.slice(from)
  const [first] = rest
  const isOne =
    rest.every(({ direction }) => direction === first?.direction) && (last ?? first?.direction) === first?.direction
  if (!first || !isOne || rest.slice(1).some(({ target }) => target.isNullable)) return null
  const values = rest.flatMap((part, index) => {
    const value = constantOf(part, place.values[from + index])
    return value ? [value] : []
  })
  if (values.length < rest.length) return null
  const columns = rest.map(({ target }) => target.expression)
  if (last !== null) {
    columns.push(recordId(table, 'd'))
    values.push(sql`${place.id}::uuid`)
  }
  return first.direction === 'asc'
    ? sql`(${join(columns, ', ')}) > (${join(values, ', ')})`
    : sql`(${join(columns, ', ')}) < (${join(values, ', ')})`
}

function constantOf({ target }: OrderPart, value: Place['values'][number] | undefined): SqlQuery | null {
  return value === null || value === undefined ? null : typedValue(target.table, loose(target.type), value)
}

function later({ direction }: OrderPart, expression: SqlQuery, value: SqlQuery): SqlQuery {
  return direction === 'asc' ? sql`${expression} > ${value}` : sql`${expression} < ${value}`
}

function all(conditions: readonly SqlQuery[]): SqlQuery {
  return sql`(${join(conditions, ' and ')})`
}
