import { type SqlQuery, sql } from '../../db/sql'
import type { Activity } from './activity'
import { type ChangeNotice, changesChannel } from './changes'

/** The owner of an embedded server signs nothing with an address. */
const localOwnerName = 'Studio owner'

export function recordActivitySql(entry: Activity): SqlQuery {
  const { projectId, principal, action, sentence, kind } = entry
  const actor = principal.sessionId === null ? localOwnerName : principal.account.email
  const tableId = entry.tableId ?? null
  const notice: ChangeNotice = { projectId, kind, tableId }
  return sql`with entry as (
      insert into studio.audit (project_id, actor_id, actor, action, sentence, table_id)
      values (${projectId}, ${principal.account.id}, ${actor}, ${action}, ${sentence}, ${tableId})
    )
    select pg_notify(${changesChannel}, ${JSON.stringify(notice)})`
}
