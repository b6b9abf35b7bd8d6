import type { JsonObject } from '@shared/json'
import { identifier, type SqlQuery, sql } from '../../db/sql'
import { documentOf, ownRecords, recordId, recordRevision, recordsOf } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'

export interface ChangeRow {
  readonly id: string
  readonly at: string
  readonly actor: string
  readonly operation: string
  readonly op: 'insert' | 'update' | 'delete'
  readonly revision: number | null
  readonly before: JsonObject | null
  readonly after: JsonObject | null
  readonly found: number
}

export interface RecordAt {
  readonly projectId: string
  readonly tableId: string
  readonly recordId: string
}

/** Bytes of a page's documents, as they are stored; a single change may have more. */
const mostBytes = 1_000_000

/**
 * Newest first, those before `beforeId` when it is given: at most `limit`, and fewer of large records. `found` is how
 * many there would have been.
 */
export function selectHistorySql(at: RecordAt, beforeId: string | null, limit: number): SqlQuery {
  return sql`select s.id::text, s.at, s.actor, s.operation, s.op, s.revision, s.before, s.after, s.found
    from (
      select c.*, count(*) over ()::integer as found,
        sum(coalesce(pg_column_size(c.before), 0) + coalesce(pg_column_size(c.after), 0))
          over (order by c.id desc rows between unbounded preceding and 1 preceding) as bytes
      from (
        select * from studio.changes c
        where c.project_id = ${at.projectId} and c.table_id = ${at.tableId} and c.record_id = ${at.recordId}
          and (${beforeId}::bigint is null or c.id < ${beforeId}::bigint)
        order by c.id desc
        limit ${limit}
      ) c
    ) s
    where s.bytes is null or s.bytes < ${mostBytes}::integer
    order by s.id desc`
}

export function selectChangeSql(at: RecordAt, id: string): SqlQuery {
  return sql`select c.id::text, c.op from studio.changes c
    where c.project_id = ${at.projectId} and c.table_id = ${at.tableId} and c.record_id = ${at.recordId}
      and c.id = ${id}::bigint`
}

export interface ChangedTable {
  readonly table_id: string
  readonly edits: boolean
  /** The oldest of the changes. */
  readonly first: string
}

/** The tables that an operation changed; `edits` says that it edited the schema. */
export function selectChangedTablesSql(projectId: string, operation: string): SqlQuery {
  return sql`select c.table_id, bool_or(c.op = 'schema') as edits, min(c.id)::text as first from studio.changes c
    where c.project_id = ${projectId} and c.operation = ${operation}
    group by c.table_id`
}

export interface OperationEntry {
  readonly sentence: string
  /** The first of the operations that take each other back. */
  readonly chain: string
  /** Undone and not done again since. */
  readonly undone: boolean
  /** Whether it is an undo itself, and then of an undo. */
  readonly depth: number
}

/** What the audit says about an operation; several entries where SQL changed several tables. */
export function selectOperationSql(projectId: string, operation: string): SqlQuery {
  return sql`select a.sentence, coalesce(a.chain, a.operation) as chain,
      (select count(*) from studio.audit u
        where u.project_id = ${projectId} and u.chain = coalesce(a.chain, a.operation) and u.id > a.id) % 2 = 1 as undone,
      (select count(*)::integer from studio.audit u
        where u.project_id = ${projectId} and u.chain = a.chain and u.id <= a.id) as depth
    from studio.audit a
    where a.project_id = ${projectId} and a.operation = ${operation}
    order by a.id`
}

/** One at a time of the operations that take each other back. */
export function lockChainSql(chain: string): SqlQuery {
  return sql`select pg_advisory_xact_lock(hashtextextended(${`undo:${chain}`}, 0))`
}

/** The sentence of the first operation, from which those of its undos are made. */
export function selectFirstSentenceSql(projectId: string, chain: string): SqlQuery {
  return sql`select a.sentence from studio.audit a where a.project_id = ${projectId} and a.operation = ${chain} order by a.id`
}

/**
 * Whether the table's schema was edited after a change: an edit takes its number while it has the table alone, and no
 * writer does so meanwhile.
 */
export function isEditedSinceSql(projectId: string, tableId: string, change: string): SqlQuery {
  return sql`select exists (
      select from studio.changes c
      where c.project_id = ${projectId} and c.table_id = ${tableId} and c.record_id is null and c.op = 'schema'
        and c.id > ${change}::bigint
    ) as edited`
}

/**
 * The changes of an operation, for FROM. They are found by their own index before anything else is asked of them: with
 * statistics that are not of today, the planner would go through all changes of their table (0.8 s of 400,000).
 */
export function changesOfOperation(projectId: string, operation: string): SqlQuery {
  return sql`(select * from studio.changes c where c.project_id = ${projectId} and c.operation = ${operation} offset 0) c`
}

/** When the records of a table were made. */
export function madeAt(table: StoredTable): SqlQuery {
  return table.storage.tier === 'shared' ? sql`d.created_at` : sql`d.${identifier('_created')}`
}

/** Tables that an operation filled at once, which is one line of the log. */
export function selectLoadsSql(projectId: string, operation: string): SqlQuery {
  return sql`select c.table_id, c.at from ${changesOfOperation(projectId, operation)} where c.op = 'load'`
}

/**
 * Writes the lines of the records that a load made and nobody has changed since, as it would have written them itself.
 * Those that are changed or gone since have none.
 */
export function unfoldLoadSql(projectId: string, table: StoredTable, operation: string, at: string): SqlQuery {
  return sql`insert into studio.changes (project_id, operation, table_id, actor_id, actor, record_id, op, revision, after)
    select ${projectId}::uuid, ${operation}::uuid, ${table.id}::uuid, l.actor_id, l.actor, ${recordId(table, 'd')}, 'insert', 1,
      ${documentOf(table, 'd')}
    from ${recordsOf(table, 'd')}
    cross join (
      select c.actor_id, c.actor from ${changesOfOperation(projectId, operation)} where c.op = 'load' and c.table_id = ${table.id} limit 1
    ) l
    where ${ownRecords(projectId, table, 'd')} and ${madeAt(table)} = ${at}::timestamptz and ${recordRevision(table, 'd')} = 1
      and not exists (
        select from ${changesOfOperation(projectId, operation)} where c.table_id = ${table.id} and c.record_id is not null
      )
    order by ${recordId(table, 'd')}`
}

/** Records of a load that others have changed since. */
export function selectChangedLoadSql(projectId: string, table: StoredTable, at: string, most: number): SqlQuery {
  return sql`select ${recordId(table, 'd')} as id, (count(*) over ())::integer as count from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${madeAt(table)} = ${at}::timestamptz and ${recordRevision(table, 'd')} > 1
    limit ${most}`
}

/** The load that made a record, where one did. */
export function selectLoadOfSql(projectId: string, table: StoredTable, record: string): SqlQuery {
  return sql`select c.id::text, c.at, c.actor, c.operation from ${recordsOf(table, 'd')}
    join studio.changes c on c.project_id = ${projectId} and c.table_id = ${table.id} and c.op = 'load' and c.at = ${madeAt(table)}
    where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = ${record} limit 1`
}

/** Records that were loaded at one of these moments, as the condition of a row `d`. */
export function wasLoadedSql(table: StoredTable, loads: readonly string[]): SqlQuery {
  return sql`${madeAt(table)} = any(${loads}::timestamptz[])`
}

export function countLoadedSql(projectId: string, table: StoredTable, loads: readonly string[]): SqlQuery {
  return sql`select count(*)::integer as count from ${recordsOf(table, 'd')}
    where ${ownRecords(projectId, table, 'd')} and ${wasLoadedSql(table, loads)}`
}

export interface SinceMoment {
  /** The oldest change of a record since; null when there is none. */
  readonly first: string | null
  /** When the table was filled by a load since. */
  readonly loads: readonly string[]
  readonly is_kept: boolean
  readonly is_past: boolean
}

/** What the log has of a table after a moment, and whether it goes back so far. */
export function selectSinceSql(projectId: string, databaseId: string, table: StoredTable, moment: string): SqlQuery {
  return sql`select
      (select min(c.id)::text from studio.changes c where c.project_id = ${projectId} and c.table_id = ${table.id}
        and c.record_id is not null and c.at > ${moment}::timestamptz) as first,
      array(select c.at::text from studio.changes c where c.project_id = ${projectId} and c.table_id = ${table.id}
        and c.op = 'load' and c.at > ${moment}::timestamptz) as loads,
      ${moment}::timestamptz >= now() - make_interval(days => d.changes_days) as is_kept,
      ${moment}::timestamptz <= now() as is_past
    from studio.project_databases d where d.project_id = ${projectId} and d.id = ${databaseId}`
}
