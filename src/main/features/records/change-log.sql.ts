import type { Principal } from '../../context'
import { statementName } from '../../db/prepared-statements'
import { type SqlQuery, sql } from '../../db/sql'
import { type Activity, actorOf } from '../audit/activity'
import type { StoredTable } from '../tables/stored-table'
import { bound, slot } from './statement'

/** What is done by one call: everything it writes has the same operation in the change log and in the audit. */
export interface Operation {
  readonly id: string
  readonly principal: Principal
}

/** The values of the slots that every writing statement has. */
export function operationValues({ id, principal }: Operation): Readonly<Record<string, unknown>> {
  const actor = actorOf(principal)
  return { operation: id, actorId: actor.id, actor: actor.name }
}

/** `rows` has record_id, op, revision, before and after. */
export function loggedSql(projectId: string, table: StoredTable, rows: SqlQuery): SqlQuery {
  return sql`insert into studio.changes (project_id, operation, table_id, actor_id, actor, record_id, op, revision, before, after)
    select ${projectId}::uuid, ${slot('operation')}::uuid, ${table.id}::uuid, ${slot('actorId')}::uuid, ${slot('actor')}::text, l.*
    from (${rows}) l`
}

/** Nothing without a sentence: the caller writes it down itself, or nothing was done. */
export function notedSql(projectId: string, table: StoredTable, rows: SqlQuery): SqlQuery {
  return sql`insert into studio.audit (project_id, actor_id, actor, action, sentence, table_id, operation)
    select ${projectId}::uuid, ${slot('actorId')}::uuid, ${slot('actor')}::text, ${slot('action')}::text, n.sentence,
      ${table.id}::uuid, ${slot('operation')}::uuid
    from (${rows}) n where n.sentence is not null`
}

/** Once for a statement, however many rows it has. */
export function toldSql(projectId: string, table: StoredTable): SqlQuery {
  return sql`(select studio.tell(${projectId}::uuid, 'records', ${table.id}::uuid)) as _told`
}

/** Where it is told by a statement of its own. */
export const untoldSql = sql`null::void as _told`

/** Nothing is told of a transaction that has written nothing. */
export function tellQuery(projectId: string, table: StoredTable): SqlQuery {
  return bound(tellStatement, { project: projectId, table: table.id })
}

const tell = sql`select studio.tell(${slot('project')}::uuid, 'records', ${slot('table')}::uuid)
  where pg_current_xact_id_if_assigned() is not null`
const tellStatement = { text: tell.text, values: tell.values, name: statementName(tell.text, '') }

export type Noted = Pick<Activity, 'action' | 'sentence'>
