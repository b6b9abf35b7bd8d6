import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import { ownRecords, recordId, recordsOf } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { type PlannedColumn, planOf } from './record-plan'
import { slot } from './statement'
import { relationOf, typedMembers, updateSteps } from './write.sql'

/**
 * Writes of several calls that come at the same moment, by one statement: each writes one record, and has its own
 * operation in the change log and its own entry in the audit. Slot `items`: [{id, operation, actor_id, actor, data}]. A
 * statement of its own costs each of them three times as much.
 */
const asked = sql`asked as materialized (
    select * from jsonb_to_recordset(${slot('items')}::jsonb)
      as a (id uuid, operation uuid, actor_id uuid, actor text, data jsonb)
  )`

/** For tables without keys of the shared tier. A record that is not new, or not unique, is an error. */
export function insertManyTemplate(projectId: string, table: StoredTable): SqlQuery {
  return sql`with ${asked}, written as (${insertRows(projectId, table)}), logged as (
      ${loggedByRecord(projectId, table, sql`select a.id, 'insert'::text, 1, null::jsonb, a.data from asked a`)}
    ), noted as (
      ${notedEach(projectId, table, 'records.create', `Created 1 record in ${table.schema.name}.`, sql`asked a`)}
    )
    select 1 as done`
}

/** Answers the ids of those that were there. */
export function updateManyTemplate(projectId: string, table: StoredTable, columns: readonly PlannedColumn[]): SqlQuery {
  const { steps } = updateSteps(projectId, table, columns, loggedByRecord)
  const there = sql`asked a join written on written._id = a.id`
  return sql`with ${asked}, old as materialized (
      select d.*, a.data as _patch from asked a join ${recordsOf(table, 'd')} on ${recordId(table, 'd')} = a.id
      where ${ownRecords(projectId, table, 'd')} order by ${recordId(table, 'd')} for no key update of d
    ), ${steps}, noted as (
      ${notedEach(projectId, table, 'records.update', `Changed 1 record in ${table.schema.name}.`, there)}
    )
    select coalesce(array_agg(written._id::text), '{}') as ids from written`
}

function insertRows(projectId: string, table: StoredTable): SqlQuery {
  if (table.storage.tier === 'shared')
    return sql`insert into ${relationOf(table)} (project_id, table_id, id, data)
      select ${projectId}::uuid, ${table.id}::uuid, a.id, a.data from asked a`
  const { stored } = planOf(table)
  const names = join([sql`_id`, ...stored.map(({ key }) => identifier(key))], ', ')
  const values = join([sql`a.id`, ...stored.map(({ key }) => sql`v.${identifier(key)}`)], ', ')
  return sql`insert into ${relationOf(table)} (${names})
    select ${values} from asked a ${typedMembers(stored, sql`a.data`)}`
}

/** As `loggedSql`, with the operation and the actor that asked for the record. */
function loggedByRecord(projectId: string, table: StoredTable, rows: SqlQuery): SqlQuery {
  return sql`insert into studio.changes (project_id, operation, table_id, actor_id, actor, record_id, op, revision, before, after)
    select ${projectId}::uuid, by.operation, ${table.id}::uuid, by.actor_id, by.actor, l.*
    from (${rows}) l (record_id, op, revision, before, after) join asked by on by.id = l.record_id`
}

function notedEach(projectId: string, table: StoredTable, action: string, sentence: string, from: SqlQuery): SqlQuery {
  return sql`insert into studio.audit (project_id, actor_id, actor, action, sentence, table_id, operation)
    select ${projectId}::uuid, a.actor_id, a.actor, ${action}::text, ${sentence}::text, ${table.id}::uuid, a.operation
    from ${from}`
}
