import { type SqlQuery, sql } from '../../db/sql'

export function selectRetentionSql(databaseId: string): SqlQuery {
  return sql`select d.changes_days as days from studio.project_databases d
    where d.project_id = (select studio.current_project()) and d.id = ${databaseId}`
}

export function updateRetentionSql(databaseId: string, days: number): SqlQuery {
  return sql`update studio.project_databases d set changes_days = ${days}
    where d.project_id = (select studio.current_project()) and d.id = ${databaseId} and d.changes_days <> ${days}`
}

/** `today` is a date in UTC, such as 2026-11-22. */
export function makePartitionsSql(today: string): SqlQuery {
  return sql`select name from studio.make_change_partitions(${today}::date) as name`
}

export function dropPartitionsSql(today: string): SqlQuery {
  return sql`select name from studio.drop_change_partitions(${today}::date) as name`
}

export function deleteOldChangesSql(today: string, most: number): SqlQuery {
  return sql`select studio.delete_old_changes(${today}::date, ${most}::integer) as count`
}
