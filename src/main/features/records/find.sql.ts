import { findLimit } from '@shared/contract/record-insight.contract'
import type { Filter } from '@shared/domain/filter'
import { join, type SqlQuery, sql } from '../../db/sql'
import { recordId, storedValue } from '../tables/column.sql'
import { filterSql } from './filter.sql'
import { orderBy, rowsOf, type TableAt } from './page.sql'
import type { Order } from './page-order'
import type { PlannedColumn } from './record-plan'
import { holdsText } from './value-text.sql'

export interface Hit {
  readonly id: string
  readonly position: number
  readonly columns: string[]
}

export interface FoundRow {
  readonly total: number
  readonly hits: readonly Hit[]
}

export interface Find {
  readonly filter: Filter
  readonly order: Order
  readonly columns: readonly PlannedColumn[]
  readonly text: string
  /** The position of the last hit that is known; -1 at the beginning. */
  readonly after: number
  readonly limit: number
}

/** One row. Every record is numbered in the order of the grid, and those without the text are left out after. */
export function findSql(at: TableAt, { filter, order, columns, text, after, limit }: Find): SqlQuery {
  const { table } = at
  const names = columns.map(
    ({ column, name, type }) =>
      sql`case when ${holdsText(type, storedValue(table, column, 'd'), text)} then ${name}::text end`,
  )
  return sql`with found as materialized (
      select f.* from (
        select ${recordId(table, 'd')} as id, (row_number() over (order by ${orderBy(table, order)}) - 1)::integer as position,
          array_remove(array[${join(names, ', ')}]::text[], null) as columns
        from ${rowsOf(at)} and ${filterSql(table, filter)}
      ) f
      where f.columns <> '{}' order by f.position limit ${findLimit + 1}
    )
    select (select count(*)::integer from found) as total, (
      select coalesce(jsonb_agg(to_jsonb(h) order by h.position), '[]') from (
        select id, position, columns from found where position > ${after} order by position limit ${limit}
      ) h
    ) as hits`
}
