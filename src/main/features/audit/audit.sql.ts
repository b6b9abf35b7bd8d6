import { type SqlQuery, sql } from '../../db/sql'
import { type Activity, actorOf } from './activity'

export function recordActivitySql(entry: Activity): SqlQuery {
  const {
    projectId,
    principal,
    action,
    sentence,
    kind,
    tableId = null,
    operation = null,
    chain = null,
    details,
  } = entry
  const actor = actorOf(principal)
  return sql`with entry as (
      insert into studio.audit (project_id, actor_id, actor, action, sentence, table_id, operation, chain, details)
      values (${projectId}, ${actor.id}, ${actor.name}, ${action}, ${sentence}, ${tableId},
        ${operation}, ${chain}, ${details === undefined ? null : JSON.stringify(details)}::jsonb)
    )
    select studio.tell(${projectId}, ${kind}, ${tableId})`
}
