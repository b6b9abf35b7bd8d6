import { assertNever } from '@shared/assert-never'
import type { ColumnType } from '@shared/domain/column-type'
import type { Filter } from '@shared/domain/filter'
import type { JsonValue } from '@shared/json'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { canonicalJson, recordId, storedValue } from '../tables/column.sql'
import { filterSql } from './filter.sql'
import { rowsOf, type TableAt } from './page.sql'
import type { PlannedColumn } from './record-plan'

/** Up to so many records every value is told apart; of more, about as many taken by chance. */
export const exactDistinctLimit = 50_000

/** `a0`, `a1`, ... are `ColumnFigures`, and `d0`, `d1`, ... `DistinctFigures`. */
export type SummaryRow = { readonly records: number } & Readonly<Record<string, unknown>>

export interface ColumnFigures {
  readonly count: number
  readonly blank?: number
  readonly truths?: number
  readonly sum?: string | null
  readonly avg?: string | null
  readonly min?: JsonValue
  readonly max?: JsonValue
}

/** Values looked at, different ones among them, and those that are there once. */
export type DistinctFigures = readonly [seen: number, distinct: number, once: number]

/** One row. The records are read once, and those that are told apart once more. */
export function summarySql(at: TableAt, filter: Filter, columns: readonly PlannedColumn[]): SqlQuery {
  const { table } = at
  const names = columns.map((_, index) => identifier(`v${index}`))
  const values = columns.map(
    ({ column }, index) => sql`${inlined(storedValue(table, column, 'd'))} as ${identifier(`v${index}`)}`,
  )
  const rows = sql`select ${join([sql`${recordId(table, 'd')} as _id`, ...values], ', ')}
    from ${rowsOf(at)} and ${filterSql(table, filter)}`
  const figures = columns.map(
    ({ type }, index) => sql`${figuresSql(type, identifier(`v${index}`))} as ${identifier(`a${index}`)}`,
  )
  const distinct = names.map(
    (value, index) => sql`(select jsonb_build_array(coalesce(sum(g.n), 0), count(*), count(*) filter (where g.n = 1))
      from (select count(*) as n from sampled where ${value} is not null group by ${value}) g) as ${identifier(`d${index}`)}`,
  )
  return sql`with whole as materialized (
      select ${join([sql`count(*)::integer as records`, ...figures], ', ')} from (${rows}) r
    ), sampled as materialized (
      select ${join(names, ', ')} from (${rows}) r cross join (select ceil(whole.records / ${exactDistinctLimit}::numeric)::bigint as share from whole) w
      where w.share <= 1 or mod(uuid_hash_extended(r._id, 0), w.share) = 0
    )
    select ${join([sql`whole.*`, ...distinct], ', ')} from whole`
}

function figuresSql(type: ColumnType, value: SqlQuery): SqlQuery {
  const count = sql`'count', count(${value})`
  const least = (name: SqlQuery, found: SqlQuery) => sql`${name}, ${canonicalJson(type, found)}`
  const range = sql`${least(sql`'min'`, sql`min(${value})`)}, ${least(sql`'max'`, sql`max(${value})`)}`
  if (type.array) return sql`jsonb_build_object(${count})`
  switch (type.base) {
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
      return sql`jsonb_build_object(${count}, 'sum', sum(${value})::text, 'avg', trim_scale(avg(${value}))::text, ${range})`
    case 'real':
    case 'double':
      return sql`jsonb_build_object(${count}, 'sum', sum(${value}::double precision)::text,
        'avg', avg(${value}::double precision)::text, ${range})`
    case 'interval':
      return sql`jsonb_build_object(${count}, 'sum', sum(${value})::text, 'avg', avg(${value})::text, ${range})`
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return sql`jsonb_build_object(${count}, ${range})`
    case 'text':
    case 'varchar':
      return sql`jsonb_build_object(${count}, 'blank', count(*) filter (where ${value} = ''),
        'min', left(min(${value}), 200), 'max', left(max(${value}), 200))`
    case 'boolean':
      return sql`jsonb_build_object(${count}, 'truths', count(*) filter (where ${value}))`
    // Before Postgres 18 there is no least uuid and no least bytea.
    case 'uuid':
    case 'jsonb':
    case 'bytea':
      return sql`jsonb_build_object(${count})`
    default:
      return assertNever(type.base)
  }
}
