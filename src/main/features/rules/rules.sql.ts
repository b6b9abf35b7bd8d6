import { type SqlQuery, sql } from '../../db/sql'
import type { StoredRules } from './stored-rules'

export interface RulesRow extends StoredRules {
  readonly table_id: string
}

export function selectRulesSql(projectId: string): SqlQuery {
  return sql`select r.table_id, r.rules, r.hidden from studio.access_rules r where r.project_id = ${projectId}`
}

export function putRulesSql(projectId: string, tableId: string, { rules, hidden }: StoredRules): SqlQuery {
  return sql`insert into studio.access_rules as r (project_id, table_id, rules, hidden)
    values (${projectId}, ${tableId}, ${JSON.stringify(rules)}::jsonb, ${JSON.stringify(hidden)}::jsonb)
    on conflict (project_id, table_id)
    do update set rules = excluded.rules, hidden = excluded.hidden, updated_at = clock_timestamp()`
}
