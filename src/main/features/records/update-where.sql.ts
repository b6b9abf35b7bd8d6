import type { Filter } from '@shared/domain/filter'
import type { JsonObject } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'
import { ownRecords, recordId, recordsOf } from '../tables/column.sql'
import { toldSql } from './change-log.sql'
import { filterSql } from './filter.sql'
import type { TableAt } from './page.sql'
import type { PlannedColumn } from './record-plan'
import { updateSteps } from './write.sql'

export interface UpdatedWhere {
  readonly count: number
  readonly clashes: number
  /** One of the rules that clash. */
  readonly rule: string | null
  /** The changed members as they were, where that was asked for. */
  readonly before: readonly JsonObject[] | null
}

/**
 * Writes these members to every record that the filter matches. It is asked of the row that is locked: one that somebody
 * changes meanwhile counts as it is then. Has the slots of an operation.
 */
export function updateWhereSql(
  { projectId, table }: TableAt,
  filter: Filter,
  columns: readonly PlannedColumn[],
  data: JsonObject,
  withBefore: boolean,
): SqlQuery {
  const { steps, clashes, isKeyed } = updateSteps(projectId, table, columns)
  const rule = isKeyed
    ? sql`(select moved.rule from moved where moved.value is not null except all select keyed.rule from keyed limit 1)`
    : sql`null::text`
  const before = withBefore ? sql`(select jsonb_agg(differing._was) from differing)` : sql`null::jsonb`
  return sql`with old as materialized (
      select d.*, ${JSON.stringify(data)}::jsonb as _patch from ${recordsOf(table, 'd')}
      where ${ownRecords(projectId, table, 'd')} and ${filterSql(table, filter)}
      order by ${recordId(table, 'd')} for no key update of d
    ), ${steps}
    select counted.count, (${clashes})::integer as clashes, ${rule} as rule, ${before} as before,
      case when counted.count > 0 then (select told._told::text from (select ${toldSql(projectId, table)}) told) end as told
    from (select count(*)::integer as count from written) counted`
}
