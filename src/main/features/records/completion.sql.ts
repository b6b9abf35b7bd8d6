import type { Filter } from '@shared/domain/filter'
import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'
import { canonicalJson, recordId, storedValue } from '../tables/column.sql'
import { filterSql } from './filter.sql'
import { rowsOf, type TableAt } from './page.sql'
import type { PlannedColumn } from './record-plan'
import { beginsWithText, holdsText, valueText } from './value-text.sql'

/** Matching records that are looked at for completion. */
export const completionLimit = 50_000
/** Characters; what is longer nobody completes. */
const longestValue = 1000

export interface ValueRow {
  readonly value: JsonValue
  readonly count: number
  readonly looked: number
}

export function valuesSql(
  at: TableAt,
  filter: Filter,
  { column, type }: PlannedColumn,
  { search, limit }: { readonly search: string; readonly limit: number },
): SqlQuery {
  const value = sql`r.value`
  const found = search === '' ? sql`true` : holdsText(type, value, search)
  const first = search === '' ? sql`` : sql`${beginsWithText(type, sql`g.value`, search)} desc,`
  return sql`with looked as materialized (
      select r.value
      from (select ${storedValue(at.table, column, 'd')} as value from ${rowsOf(at)} and ${filterSql(at.table, filter)}) r
      where r.value is not null and length(${valueText(type, value)}) <= ${longestValue} and ${found}
      limit ${completionLimit + 1}
    )
    select ${canonicalJson(type, sql`g.value`)} as value, g.count, (select count(*)::integer from looked) as looked
    from (select value, count(*)::integer as count from looked group by value) g
    order by ${first} g.count desc, g.value limit ${limit}`
}

export interface ChoiceRow {
  readonly id: string
  readonly value: JsonValue
  readonly label: JsonValue
}

/** Records of the table that is pointed to; `label` may be missing. */
export function choicesSql(
  at: TableAt,
  key: PlannedColumn,
  label: PlannedColumn | null,
  { search, limit }: { readonly search: string; readonly limit: number },
): SqlQuery {
  const columnValue = (column: ColumnSchema) => storedValue(at.table, column, 'd')
  const shown = label ?? key
  const found =
    search === ''
      ? sql`true`
      : sql`(${holdsText(key.type, sql`r.value`, search)} or coalesce(${holdsText(shown.type, sql`r.label`, search)}, false))`
  const first =
    search === ''
      ? sql``
      : sql`(${beginsWithText(shown.type, sql`r.label`, search)} or ${beginsWithText(key.type, sql`r.value`, search)}) desc,`
  return sql`select r.id, ${canonicalJson(key.type, sql`r.value`)} as value,
      ${label ? canonicalJson(label.type, sql`r.label`) : sql`null::jsonb`} as label
    from (
      select ${recordId(at.table, 'd')} as id, ${columnValue(key.column)} as value, ${columnValue(shown.column)} as label
      from ${rowsOf(at)}
    ) r
    where r.value is not null and ${found}
    order by ${first} r.label nulls last, r.value limit ${limit}`
}
