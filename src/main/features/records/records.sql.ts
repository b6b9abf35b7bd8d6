import type { Filter } from '@shared/domain/filter'
import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonObject } from '@shared/json'
import { join, type SqlQuery, sql } from '../../db/sql'
import { typedColumn, typedValue } from '../tables/column.sql'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'
import { filterSql, loose } from './filter.sql'
import type { OrderPart, Place } from './page-order'
import type { Draft } from './record-values'

/**
 * Every statement names project and table, the leading columns of the key, so that it reads this table's rows only: a
 * page of 50 of 5,000 records among 1,000,000 of others takes 1.9 ms in all, and 0.6 ms in a native table without
 * row-level security (test/bench/page-isolation.bench.ts).
 */
export interface TableAt {
  readonly projectId: string
  readonly table: StoredTable
}

const columns = sql`d.id, d.data, d.revision`

function rowsOf({ projectId, table }: TableAt): SqlQuery {
  return sql`d.project_id = ${projectId} and d.table_id = ${table.id}`
}

export function selectRecordSql(at: TableAt, id: string): SqlQuery {
  return sql`select ${columns} from studio.project_data d where ${rowsOf(at)} and d.id = ${id}`
}

/**
 * One page. The row itself is selected and columns are taken out of it afterwards: casts in the select list would be
 * evaluated for every row that `offset` skips (67 ms at depth 50,000 instead of 17 ms).
 */
export function selectPageSql(
  at: TableAt,
  page: {
    readonly filter: Filter
    readonly order: readonly OrderPart[]
    readonly after: Place | null
    readonly limit: number
    readonly offset: number
  },
): SqlQuery {
  const after = page.after === null ? sql`` : sql`and (${afterSql(page.order, page.after)})`
  return sql`select ${columns} from studio.project_data d
    where ${rowsOf(at)} and ${filterSql(at.table, page.filter)} ${after}
    order by ${join([...page.order.map(orderSql), sql`d.id`], ', ')}
    limit ${page.limit} offset ${page.offset}`
}

export function selectMatchesSql(at: TableAt, filter: Filter): SqlQuery {
  return sql`select d.id from studio.project_data d where ${rowsOf(at)} and ${filterSql(at.table, filter)}`
}

/** Counts up to `limit` and no further; without one, all. */
export function countMatchesSql(at: TableAt, filter: Filter, limit: number | null): SqlQuery {
  if (limit === null)
    return sql`select count(*)::integer as count from studio.project_data d
      where ${rowsOf(at)} and ${filterSql(at.table, filter)}`
  return sql`select count(*)::integer as count
    from (select from studio.project_data d where ${rowsOf(at)} and ${filterSql(at.table, filter)} limit ${limit}) seen`
}

/** Answers the ids that were new; one that existed is left as it was. */
export function insertRecordsSql(at: TableAt, drafts: readonly Draft[]): SqlQuery {
  return sql`insert into studio.project_data (project_id, table_id, id, data)
    select ${at.projectId}, ${at.table.id}, new.id, new.data
    from jsonb_to_recordset(${JSON.stringify(drafts)}::jsonb) as new (id uuid, data jsonb)
    on conflict (project_id, table_id, id) do nothing
    returning id`
}

/** No row when there is none, or when its revision is another. */
export function updateRecordSql(
  at: TableAt,
  write: {
    readonly id: string
    readonly data: JsonObject
    readonly mode: 'merge' | 'replace'
    readonly revision: number | undefined
  },
): SqlQuery {
  const data = sql`${JSON.stringify(write.data)}::jsonb`
  const guard = write.revision === undefined ? sql`` : sql`and d.revision = ${write.revision}`
  return sql`update studio.project_data d
    set data = ${write.mode === 'merge' ? sql`d.data || ${data}` : data}, revision = d.revision + 1, updated_at = now()
    where ${rowsOf(at)} and d.id = ${write.id} ${guard}
    returning ${columns}`
}

export function deleteRecordsSql(at: TableAt, ids: readonly string[]): SqlQuery {
  return sql`delete from studio.project_data d where ${rowsOf(at)} and d.id = any(${ids}::uuid[])`
}

export function deleteMatchesSql(at: TableAt, filter: Filter): SqlQuery {
  return sql`delete from studio.project_data d where ${rowsOf(at)} and ${filterSql(at.table, filter)}`
}

/** Records of `from` whose column points to one of these records of `target`. */
export function selectReferringSql(
  projectId: string,
  from: { readonly table: StoredTable; readonly column: ColumnSchema },
  target: { readonly table: StoredTable; readonly column: ColumnSchema; readonly ids: readonly string[] },
): SqlQuery {
  return sql`select d.id from studio.project_data d
    where ${rowsOf({ projectId, table: from.table })} and ${typedColumn(from.table, from.column, 'd')} in (
      select ${typedColumn(target.table, target.column, 't')} from studio.project_data t
      where t.project_id = ${projectId} and t.table_id = ${target.table.id} and t.id = any(${target.ids}::uuid[]))`
}

/** A write of its own: what the reference pointed to is gone. */
export function clearColumnSql(
  at: TableAt,
  column: ColumnSchema,
  ids: readonly string[],
  touched: JsonObject,
): SqlQuery {
  const cleared = JSON.stringify({ ...touched, [placeOf(at.table.layout, column.name).key]: null })
  return sql`update studio.project_data d
    set data = d.data || ${cleared}::jsonb, revision = d.revision + 1, updated_at = now()
    where ${rowsOf(at)} and d.id = any(${ids}::uuid[])`
}

/** Taken in the order of the ids, so that two writers wait for each other and never in a circle. */
export function lockTablesSql(locks: readonly { readonly id: string; readonly exclusive: boolean }[]): SqlQuery {
  const ids = locks.map(({ id }) => id)
  const modes = locks.map(({ exclusive }) => exclusive)
  return sql`select case
      when l.exclusive then pg_advisory_xact_lock(hashtextextended(l.id, 0))::text
      else pg_advisory_xact_lock_shared(hashtextextended(l.id, 0))::text
    end
    from unnest(${ids}::text[], ${modes}::boolean[]) as l (id, exclusive)`
}

function orderSql({ target, direction, nulls }: OrderPart): SqlQuery {
  if (direction === 'asc') return nulls === 'last' ? sql`${target.expression}` : sql`${target.expression} nulls first`
  return nulls === 'first' ? sql`${target.expression} desc` : sql`${target.expression} desc nulls last`
}

/** Rows that come after the place: equal so far and later in the next part, or equal in all and of a later id. */
function afterSql(order: readonly OrderPart[], place: Place): SqlQuery {
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
  alternatives.push(all([...equal, sql`d.id > ${place.id}`]))
  return join(alternatives, ' or ')
}

function all(conditions: readonly SqlQuery[]): SqlQuery {
  return sql`(${join(conditions, ' and ')})`
}
