import { type SqlQuery, sql } from '../db/sql'

/** A timestamptz as ISO 8601 UTC with microseconds, whatever the session's settings are. */
export function isoTime(column: SqlQuery): SqlQuery {
  return sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
}
