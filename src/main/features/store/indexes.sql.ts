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
    where i.project_id = ${projectId} and i.table_id = ${tableId} order by i.created_at, i.members::text, i.name`
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

/** How the statements for an index are run: at once, while writers wait, or beside them. */
export type Building = 'at once' | 'concurrently'

/**
 * The index that was asked for, as the last of the statements. Its last column is the record's id, by which every order
 * ends, so that pages in the order of the index need no sort. A whole jsonb value and an array are asked what they
 * contain: that is GIN's. Of a text alone, where texts are not in the order of their characters, a second index comes
 * before it, for what texts begin with.
 */
export function createAskedIndexSql(
  table: StoredTable,
  {
    relation,
    name,
    columns,
  }: { readonly relation: string; readonly name: string; readonly columns: readonly IndexColumn[] },
  how: Building,
  server: { readonly sortsLanguage: boolean },
): readonly SqlQuery[] {
  const create = how === 'at once' ? sql`create index if not exists` : sql`create index concurrently if not exists`
  const on = (index: string) => sql`${create} ${identifier(index)} on ${dataOf(relation)}`
  const keyOf = ({ column }: IndexColumn) => identifier(placeOf(table.layout, column.name).key)
  const [only, ...more] = columns
  if (only && isContainer(only)) {
    const kind = typeOf(only.column).array ? sql`` : sql` jsonb_path_ops`
    return [sql`${on(name)} using gin (${keyOf(only)}${kind})`]
  }
  const terms = columns.map((member) => {
    if (isRecordId(table, member.column)) return sql`_id`
    if (member.path.length === 0) return keyOf(member)
    return sql`(${inlined(pathValue(table, member.column, member.path, relation))})`
  })
  const hasId = columns.some(({ column }) => isRecordId(table, column))
  const index = sql`${on(name)} (${join(hasId ? terms : [...terms, sql`_id`], ', ')})`
  const needsPrefixes = server.sortsLanguage && only && more.length === 0 && isText(only)
  return needsPrefixes ? [sql`${on(prefixIndexName(name))} (${keyOf(only)} text_pattern_ops)`, index] : [index]
}

/** Whether texts are sorted as a language has them, in which order those of one beginning need not stand together. */
export const sortsLanguageSql = sql`select case d.datlocprovider when 'b' then false when 'i' then true
    else d.datcollate not in ('C', 'POSIX') end as "sortsLanguage"
  from pg_database d where d.datname = current_database()`

export function prefixIndexName(name: string): string {
  return `${name}_p`
}

function isText({ column, path }: IndexColumn): boolean {
  const { base, array } = typeOf(column)
  return path.length === 0 && !array && (base === 'text' || base === 'varchar')
}

/** A column whose values are asked what they contain, and have no order. */
export function isContainer({ column, path }: IndexColumn): boolean {
  const type = typeOf(column)
  return type.array || (type.base === 'jsonb' && path.length === 0)
}

/** With what came along. */
export function dropAskedIndexSql(name: string, how: Building): readonly SqlQuery[] {
  const drop = how === 'at once' ? sql`drop index if exists` : sql`drop index concurrently if exists`
  return [name, prefixIndexName(name)].map((index) => sql`${drop} studio_data.${identifier(index)}`)
}

/** Whether there are that many, without counting them. */
export function hasRecordsSql(relation: string, count: number): SqlQuery {
  return sql`select exists (select from ${dataOf(relation)} offset ${count - 1} limit 1) as enough`
}
