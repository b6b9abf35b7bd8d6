import { type SqlQuery, sql } from '../../db/sql'

export interface ApiProjectRow {
  readonly account_id: string
  readonly project_id: string
  readonly database_id: string
}

/** Asked before there is a tenant. */
export function apiProjectSql(ref: string): SqlQuery {
  return sql`select account_id, project_id, database_id from studio.api_project(${ref})`
}

export interface SettingsRow {
  readonly origins: readonly string[] | null
  readonly rates: Rates | null
  readonly plan: string | null
}

/** Requests a minute; what is left out is the program's. */
export interface Rates {
  readonly key?: number | undefined
  readonly address?: number | undefined
  readonly user?: number | undefined
}

export function selectSettingsSql(projectId: string): SqlQuery {
  return sql`select s.origins, s.rates, s.plan from studio.api_settings s where s.project_id = ${projectId}`
}
