import { join, type SqlQuery, sql } from '../../db/sql'
import { ownRecords, pathValue, recordsOf, typedColumn } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import type { IndexColumn } from './indexes.sql'

export interface SampleRow {
  /** Of two records, how likely they are alike in the columns of equality: the part that such a condition leaves. */
  readonly alike: number
  /** What a record's values take in the index, on average. */
  readonly bytes: number
}

/** Looks into some records, in the order they are stored in: what the statistics of Postgres would tell is not shown to all. */
export function sampleSql(
  projectId: string,
  table: StoredTable,
  columns: readonly IndexColumn[],
  equal: number,
  size: number,
): SqlQuery {
  const values = columns.map(({ column, path }) =>
    path.length === 0 ? typedColumn(table, column, 'd') : pathValue(table, column, path, 'd'),
  )
  const same = values.slice(0, equal)
  const alike =
    same.length === 0
      ? sql`1::double precision`
      : sql`(select coalesce(sum(g.n * (g.n - 1)) / nullif(sum(sum(g.n)) over () * (sum(sum(g.n)) over () - 1), 0), 0)
          from (select count(*)::double precision as n from picked group by picked.same) g)`
  const widths = join(
    values.map((value) => sql`coalesce(pg_column_size(${value}), 0)`),
    ', ',
  )
  return sql`with picked as materialized (
      select ${same.length === 0 ? sql`null` : sql`row(${join(same, ', ')})::text`} as same,
        (select sum(w) from unnest(array[${widths}]) w) as width
      from ${recordsOf(table, 'd')} where ${ownRecords(projectId, table, 'd')} limit ${size}
    )
    select ${alike} as alike, coalesce((select avg(width) from picked), 0)::double precision as bytes`
}
