import { identifier, type SqlQuery, sql } from '../../db/sql'

/** As the login, whose search path is its schema. */
export function countAllSql(table: string): SqlQuery {
  return sql`select count(*)::text as count from ${identifier(table)}`
}
