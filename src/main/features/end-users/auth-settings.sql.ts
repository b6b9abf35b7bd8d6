import { type SqlQuery, sql } from '../../db/sql'

export function selectSettingsSql(projectId: string): SqlQuery {
  return sql`select settings from studio.auth_settings where project_id = ${projectId}`
}

export function upsertSettingsSql(projectId: string, settings: object): SqlQuery {
  return sql`insert into studio.auth_settings (project_id, settings) values (${projectId}, ${JSON.stringify(settings)}::jsonb)
    on conflict (project_id) do update set settings = excluded.settings`
}
