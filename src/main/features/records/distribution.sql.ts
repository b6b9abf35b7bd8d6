import type { ColumnType } from '@shared/domain/column-type'
import type { Filter } from '@shared/domain/filter'
import type { JsonValue } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'
import { storedValue } from '../tables/column.sql'
import { filterSql } from './filter.sql'
import { rowsOf, type TableAt } from './page.sql'
import type { PlannedColumn } from './record-plan'
import { shownValueSql } from './value-text.sql'

/** How values of a type are measured: as a number, which a bucket's ends are read from again. */
export interface Measure {
  readonly isWhole: boolean
  /** NULL for NaN and the infinities. */
  readonly number: (value: SqlQuery) => SqlQuery
  readonly text: (number: SqlQuery) => SqlQuery
}

/** Null where there is no measure. */
export function measureOf(type: ColumnType): Measure | null {
  if (type.array) return null
  const text = (number: SqlQuery) => sql`trim_scale(${number})::text`
  const seconds = (number: SqlQuery) => sql`make_interval(secs => (${number})::double precision)`
  switch (type.base) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return { isWhole: true, number: (value) => sql`${value}::numeric`, text }
    case 'numeric':
    case 'real':
    case 'double':
      return {
        isWhole: false,
        number: (value) => sql`case when ${value} not in ('NaN', 'Infinity', '-Infinity') then ${value}::numeric end`,
        text,
      }
    case 'date':
      return {
        isWhole: true,
        number: (value) => sql`case when isfinite(${value}) then (${value} - date '1970-01-01')::numeric end`,
        text: (number) => sql`to_char(date '1970-01-01' + (${number})::integer, 'YYYY-MM-DD')`,
      }
    case 'time':
      return {
        isWhole: false,
        number: (value) => sql`extract(epoch from ${value})::numeric`,
        text: (number) => sql`to_char(${seconds(number)}, 'HH24:MI:SS.US')`,
      }
    case 'timestamp':
    case 'timestamptz': {
      const at = sql`timestamp '1970-01-01'`
      return {
        isWhole: false,
        number: (value) => sql`case when isfinite(${value}) then extract(epoch from ${value})::numeric end`,
        text: (number) =>
          sql`to_char(${at} + ${seconds(number)}, ${`YYYY-MM-DD"T"HH24:MI:SS.US${type.base === 'timestamptz' ? '"Z"' : ''}`})`,
      }
    }
    default:
      return null
  }
}

export interface BucketRow {
  readonly filled: number
  readonly empty: number
  readonly measured: number
  /** Null when there are no buckets. */
  readonly from: string | null
  readonly to: string | null
  readonly count: number
}

/** A row for each bucket, or one when nothing can be measured. */
export function histogramSql(
  at: TableAt,
  filter: Filter,
  { column }: PlannedColumn,
  measure: Measure,
  buckets: number,
): SqlQuery {
  const most = sql`${buckets}::integer`
  const width = measure.isWhole
    ? sql`greatest(1, ceil((b.hi - b.lo + 1) / ${most}))`
    : sql`case when b.hi > b.lo then (b.hi - b.lo) / ${most} else 1 end`
  const parts = measure.isWhole
    ? sql`ceil((w.hi - w.lo + 1) / w.width)::integer`
    : sql`case when w.hi > w.lo then ${most} else 1 end`
  const last = measure.isWhole
    ? sql`s.lo + s.width * (n + 1)`
    : sql`case when n = s.parts - 1 then s.hi else s.lo + s.width * (n + 1) end`
  return sql`with measured as materialized (
      select r.value is null as is_empty, ${measure.number(sql`r.value`)} as x
      from (select ${storedValue(at.table, column, 'd')} as value from ${rowsOf(at)} and ${filterSql(at.table, filter)}) r
    ), bounds as materialized (
      select count(*) filter (where not is_empty)::integer as filled, count(*) filter (where is_empty)::integer as empty,
        count(x)::integer as measured, min(x) as lo, max(x) as hi
      from measured
    ), scale as materialized (
      select w.*, ${parts} as parts from (select b.*, ${width} as width from bounds b) w where w.lo is not null
    ), counted as (
      select least(floor((m.x - s.lo) / s.width)::integer, s.parts - 1) as n, count(*)::integer as count
      from measured m cross join scale s where m.x is not null group by 1
    )
    select b.filled, b.empty, b.measured, p.from, p.to, coalesce(p.count, 0) as count
    from bounds b left join (
      select n, ${measure.text(sql`s.lo + s.width * n`)} as from, ${measure.text(last)} as to, c.count
      from scale s cross join generate_series(0, s.parts - 1) as n left join counted c using (n)
    ) p on true
    order by p.n`
}

export interface TopRow {
  readonly filled: number
  readonly empty: number
  readonly distinct: number
  readonly values: { readonly value: JsonValue; readonly count: number }[]
}

export function topValuesSql(at: TableAt, filter: Filter, { column, type }: PlannedColumn, most: number): SqlQuery {
  return sql`with grouped as materialized (
      select r.value, count(*)::integer as n
      from (select ${storedValue(at.table, column, 'd')} as value from ${rowsOf(at)} and ${filterSql(at.table, filter)}) r
      group by r.value
    ), top as (
      select value, n from grouped where value is not null order by n desc, value limit ${most}
    )
    select coalesce(sum(n) filter (where value is not null), 0)::integer as filled,
      coalesce(sum(n) filter (where value is null), 0)::integer as empty, count(value)::integer as distinct,
      (select coalesce(jsonb_agg(jsonb_build_object('value', ${shownValueSql(type, sql`top.value`)}, 'count', top.n)
        order by top.n desc, top.value), '[]') from top) as values
    from grouped`
}
