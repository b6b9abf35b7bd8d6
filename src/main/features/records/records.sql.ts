import type { Filter } from '@shared/domain/filter'
import { type SqlQuery, sql } from '../../db/sql'
import { recordId } from '../tables/column.sql'
import { filterSql } from './filter.sql'
import { rowsOf, type TableAt } from './page.sql'
import { wholeRecord } from './record-row.sql'
import { slot } from './statement'

/** Slot `id`. */
export function readTemplate(at: TableAt): SqlQuery {
  return sql`select ${wholeRecord(at.table).list} from ${rowsOf(at)} and ${recordId(at.table, 'd')} = ${slot('id')}::uuid`
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
