import type { TableSchema } from '@shared/domain/table-schema'
import type { Principal } from '../../context'
import { type SqlQuery, sql } from '../../db/sql'
import { actorOf } from '../audit/activity'

/** A table as it was and as it is; null before it was made, and after it went to the bin. */
export interface SchemaChange {
  readonly table: string
  readonly before: TableSchema | null
  readonly after: TableSchema | null
}

/** Writes a schema edit to the change log. */
export function insertSchemaChangesSql(
  { projectId, principal, operation }: { readonly projectId: string; principal: Principal; operation: string },
  changes: readonly SchemaChange[],
): SqlQuery {
  const actor = actorOf(principal)
  return sql`insert into studio.changes (project_id, operation, table_id, op, before, after, actor_id, actor)
    select ${projectId}, ${operation}, c."table", 'schema', c.before, c.after, ${actor.id}, ${actor.name}
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as c ("table" uuid, before jsonb, after jsonb)`
}
