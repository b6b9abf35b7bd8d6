import { type SqlQuery, sql } from '../../db/sql'
import { rowsOf, type TableAt } from '../records/page.sql'
import { buildDocument, storedValue } from '../tables/column.sql'

/**
 * How many records a table has, and a number that is the same for the same values in any order and either tier: of each
 * record 60 bits of a digest of its values as text, those too that are shown to nobody, and all of them added up.
 */
export function tableDigestSql(at: TableAt): SqlQuery {
  const { table } = at
  const values = buildDocument(
    table.schema.columns.map((column) => [column.name, sql`${storedValue(table, column, 'd')}::text`] as const),
  )
  return sql`select count(*)::integer as records,
      coalesce(sum(('x' || substr(md5((${values})::text), 1, 15))::bit(60)::bigint), 0)::text as digest
    from ${rowsOf(at)}`
}

/** The newest line of the change log; 0 before the first. */
export function lastChangeSql(projectId: string): SqlQuery {
  return sql`select coalesce(max(c.id), 0)::text as id from studio.changes c where c.project_id = ${projectId}`
}
