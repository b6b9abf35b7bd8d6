import type { JsonValue } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'
import { recordId } from '../tables/column.sql'
import { rowsOf, type TableAt } from './page.sql'
import { wholeRecord } from './record-row.sql'
import { slot } from './statement'

/** One at a time of those that carry the same key. */
export function lockKeySql(key: string): SqlQuery {
  return sql`select pg_advisory_xact_lock(hashtextextended(${`save:${key}`}, 0))`
}

export interface SavedEntry {
  readonly action: string
  readonly table_id: string | null
  readonly details: { readonly [name: string]: JsonValue } | null
}

export function selectSavedSql(projectId: string, operation: string): SqlQuery {
  return sql`select a.action, a.table_id, a.details from studio.audit a
    where a.project_id = ${projectId} and a.operation = ${operation}`
}

export interface WrittenRecord {
  readonly id: string
  readonly op: 'insert' | 'update'
}

/** What an operation created, in that order, and changed. */
export function selectWrittenSql({ projectId, table }: TableAt, operation: string): SqlQuery {
  return sql`select c.record_id as id, c.op from studio.changes c
    where c.project_id = ${projectId} and c.operation = ${operation} and c.table_id = ${table.id}
      and c.op in ('insert', 'update')
    order by c.id`
}

/** Slot `ids`; in no order. */
export function readSetTemplate(at: TableAt): SqlQuery {
  return sql`select ${wholeRecord(at.table).list} from ${rowsOf(at)}
    and ${recordId(at.table, 'd')} = any(${slot('ids')}::uuid[])`
}

/** The same, and nobody else changes them until the transaction ends. Locked in the order of their ids, as updates do. */
export function lockSetTemplate(at: TableAt): SqlQuery {
  return sql`${readSetTemplate(at)} order by ${recordId(at.table, 'd')} for no key update of d`
}

export interface LastWriter {
  readonly place: number
  readonly by: string
  readonly at: string
}

/** Who last wrote each of these fields (by layout key), or the record where `key` is null; nothing that is forgotten. */
export function selectLastWritersSql(
  { projectId, table }: TableAt,
  fields: readonly { readonly id: string; readonly key: string | null }[],
): SqlQuery {
  const places = JSON.stringify(fields.map((field, place) => ({ ...field, place })))
  return sql`select f.place, c.actor as by, c.at
    from jsonb_to_recordset(${places}::jsonb) as f (place integer, id uuid, key text)
    cross join lateral (
      select c.actor, c.at from studio.changes c
      where c.project_id = ${projectId} and c.table_id = ${table.id} and c.record_id = f.id
        and (f.key is null or c.op <> 'update' or c.after ? f.key)
      order by c.id desc limit 1
    ) c`
}
