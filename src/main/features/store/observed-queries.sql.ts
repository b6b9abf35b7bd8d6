import { type SqlQuery, sql } from '../../db/sql'
import type { QueryShape } from './observed-queries'

/** Days that observations are kept, and days that suggestions look back. */
const keptDays = 30
const recentDays = 7

export interface ShapeCount {
  readonly shape: QueryShape
  readonly count: number
  readonly today: number
}

export function observeQueriesSql(tallies: readonly object[]): SqlQuery {
  return sql`select studio.observe_queries(${JSON.stringify(tallies)}::jsonb)`
}

export function forgetQueriesSql(): SqlQuery {
  return sql`select studio.forget_queries(make_interval(days => ${keptDays}::integer))`
}

/** The most frequent of the last days first. */
export function selectShapesSql(projectId: string, tableId: string, limit: number): SqlQuery {
  return sql`select o.shape, sum(o.count)::integer as count,
      coalesce(sum(o.count) filter (where o.day = (now() at time zone 'UTC')::date), 0)::integer as today
    from studio.observed_queries o
    where o.project_id = ${projectId} and o.table_id = ${tableId} and o.day > (now() at time zone 'UTC')::date - ${recentDays}::integer
    group by o.shape order by 2 desc, o.shape::text limit ${limit}`
}
