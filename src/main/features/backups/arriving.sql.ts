import { type SqlQuery, sql } from '../../db/sql'

/** See the migration 000019. All of them in the account's context. */

/** Nobody is shown the project until `arrivedSql`. */
export function arrivingSql(projectId: string, origin: string): SqlQuery {
  return sql`update studio.projects set arriving_from = ${origin} where id = ${projectId}`
}

export function arrivedSql(projectId: string): SqlQuery {
  return sql`update studio.projects set arriving_from = null where id = ${projectId}`
}

/** What an earlier copy of this database left halfway. */
export function removeArrivingSql(origin: string): SqlQuery {
  return sql`select studio.remove_arriving(${origin})`
}

/** In the project's context as well. */
export function clearArrivingHistorySql(projectId: string): SqlQuery {
  return sql`select studio.clear_arriving_history(${projectId})`
}
