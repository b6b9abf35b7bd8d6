import type { Consent } from '@shared/contract/assistant.contract'
import { type SqlQuery, sql } from '../../db/sql'

export interface SettingsRow {
  readonly enabled: boolean
  readonly consent: Consent
  /** null: the usual one. */
  readonly model: string | null
  readonly server_url: string | null
}

export function selectSettingsSql(accountId: string): SqlQuery {
  return sql`select enabled, consent, model, server_url from studio.assistant_settings where account_id = ${accountId}`
}

export function upsertSettingsSql(accountId: string, settings: SettingsRow): SqlQuery {
  return sql`insert into studio.assistant_settings as s (account_id, enabled, consent, model, server_url)
    values (${accountId}, ${settings.enabled}, ${settings.consent}, ${settings.model}, ${settings.server_url})
    on conflict (account_id) do update
      set enabled = excluded.enabled, consent = excluded.consent, model = excluded.model,
        server_url = excluded.server_url, updated_at = now()`
}
