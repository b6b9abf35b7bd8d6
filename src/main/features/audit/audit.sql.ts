import { type SqlQuery, sql } from '../../db/sql'
import { type ChangeNotice, changesChannel } from './changes'
import type { Activity } from './record-activity'

export function recordActivitySql(entry: Activity): SqlQuery {
  const { projectId, principal, action, sentence, kind } = entry
  const tableId = entry.tableId ?? null
  const notice: ChangeNotice = { projectId, kind, tableId }
  return sql`with entry as (
      insert into studio.audit (project_id, actor_id, actor, action, sentence, table_id)
      values (${projectId}, ${principal.account.id}, ${principal.account.email}, ${action}, ${sentence}, ${tableId})
    )
    select pg_notify(${changesChannel}, ${JSON.stringify(notice)})`
}
