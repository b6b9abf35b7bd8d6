import { typeOf } from '@shared/domain/check-table'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { isRecordId, pathValue } from '../tables/column.sql'
import { placeOf } from '../tables/layout'
import { dataOf } from '../tables/physical-table.sql'
import type { StoredTable } from '../tables/stored-table'

/** A column of an asked index by its layout key, with the path into it that a jsonb column may have. */
export interface IndexMember {
  readonly key: string
  readonly path?: readonly string[]
}

/** A row of `studio.table_indexes`. */
export interface AskedIndex {
  readonly name: string
  readonly members: readonly IndexMember[]
  readonly created_at: string
}

/** The same as the columns are today. */
export interface IndexColumn {
  readonly column: ColumnSchema
  readonly path: readonly string[]
}

/** An index of a relation, as Postgres has it. */
export interface PhysicalIndexRow {
  readonly name: string
  readonly unique: boolean
  readonly primary: boolean
  readonly valid: boolean
  /** Of its columns; null for an expression. */
  readonly keys: readonly (string | null)[]
  readonly bytes: number
  readonly scans: number
  /** Postgres began to count again then. */
  readonly counted_since: string | null
}

export function selectAskedSql(projectId: string, tableId: string): SqlQuery {
  return sql`select i.name, i.members, i.created_at from studio.table_indexes i
    where i.project_id = ${projectId} and i.table_id = ${tableId} order by i.created_at, i.name`
}

/** No row when the same one is there. */
export function insertAskedSql(projectId: string, tableId: string, members: readonly IndexMember[]): SqlQuery {
  return sql`insert into studio.table_indexes (project_id, table_id, members)
    values (${projectId}, ${tableId}, ${JSON.stringify(members)}) on conflict do nothing
    returning name, members, created_at`
}

export function deleteAskedSql(projectId: string, tableId: string, name: string): SqlQuery {
  return sql`delete from studio.table_indexes i
    where i.project_id = ${projectId} and i.table_id = ${tableId} and i.name = ${name}`
}

export function selectPhysicalIndexesSql(relation: string): SqlQuery {
  return sql`select i.relname as name, x.indisunique as "unique", x.indisprimary as "primary", x.indisvalid as valid,
      array(
        select a.attname::text from unnest(x.indkey::int2[]) with ordinality k (number, place)
        left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.number and k.number > 0
        where k.place <= x.indnkeyatts order by k.place
      ) as keys,
      pg_relation_size(i.oid)::double precision as bytes,
      coalesce(s.idx_scan, 0)::double precision as scans,
      (select d.stats_reset from pg_stat_database d where d.datname = current_database()) as counted_since
    from pg_class t
    join pg_index x on x.indrelid = t.oid
    join pg_class i on i.oid = x.indexrelid
    left join pg_stat_user_indexes s on s.indexrelid = i.oid
    where t.relnamespace = 'studio_data'::regnamespace and t.relname = ${relation}
    order by x.indisprimary desc, i.oid`
}

/**
 * The index that was asked for. Its last column is the record's id, by which every order ends, so that pages in the
 * order of the index need no sort. A whole jsonb value and an array are asked what they contain: that is GIN's.
 */
export function createAskedIndexSql(
  table: StoredTable,
  relation: string,
  name: string,
  columns: readonly IndexColumn[],
  how: 'at once' | 'concurrently',
): SqlQuery {
  const create = how === 'at once' ? sql`create index if not exists` : sql`create index concurrently if not exists`
  const on = sql`${create} ${identifier(name)} on ${dataOf(relation)}`
  const [only] = columns
  if (only && isContainer(only)) {
    const kind = typeOf(only.column).array ? sql`` : sql` jsonb_path_ops`
    return sql`${on} using gin (${identifier(placeOf(table.layout, only.column.name).key)}${kind})`
  }
  const terms = columns.map(({ column, path }) => {
    if (isRecordId(table, column)) return sql`_id`
    if (path.length === 0) return identifier(placeOf(table.layout, column.name).key)
    return sql`(${inlined(pathValue(table, column, path, relation))})`
  })
  const hasId = columns.some(({ column }) => isRecordId(table, column))
  return sql`${on} (${join(hasId ? terms : [...terms, sql`_id`], ', ')})`
}

/** A column whose values are asked what they contain, and have no order. */
export function isContainer({ column, path }: IndexColumn): boolean {
  const type = typeOf(column)
  return type.array || (type.base === 'jsonb' && path.length === 0)
}

export function dropAskedIndexSql(name: string, how: 'at once' | 'concurrently'): SqlQuery {
  return how === 'at once'
    ? sql`drop index if exists studio_data.${identifier(name)}`
    : sql`drop index concurrently if exists studio_data.${identifier(name)}`
}

/** Whether there are that many, without counting them. */
export function hasRecordsSql(relation: string, count: number): SqlQuery {
  return sql`select exists (select from ${dataOf(relation)} offset ${count - 1} limit 1) as enough`
}
