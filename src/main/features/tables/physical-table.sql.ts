import { createHash } from 'node:crypto'
import { typeOf } from '@shared/domain/check-table'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { isRecordId, typeSql } from './column.sql'
import { keyRulesOf } from './key-rule'
import { placeOf } from './layout'
import type { StoredTable } from './stored-table'

/**
 * The tables of the dedicated tier, `studio_data.<relation>`, and the app's way to them, `studio_rows.<relation>`. Made
 * and changed as studio_store. Names of relations and indexes say nothing: every login of the server sees them.
 */

export interface PhysicalOptions {
  /** On Citus every key begins with the tenant: the column `_project`, which no caller has to give. */
  readonly distributed?: boolean | undefined
}

/** A column of the relation; the record's own uuid id is `_id` and not among them. */
export interface PhysicalColumn {
  readonly key: string
  readonly column: ColumnSchema
  readonly type: SqlQuery
  readonly required: boolean
}

/** An index that keeps a rule, or that a deleted target's referrers are found by. Its name stays over renames. */
export interface PhysicalIndex {
  readonly name: string
  /** Layout keys. */
  readonly keys: readonly string[]
  readonly unique: boolean
  /** The columns as they are called now, for who has to say which rule was broken. */
  readonly columns: readonly ColumnSchema[]
}

/** Postgres counts dropped columns too; the rest is for those of the studio and for edits to come. */
export const mostPhysicalColumns = 1500

export function physicalColumnsOf(table: StoredTable): readonly PhysicalColumn[] {
  return table.schema.columns
    .filter((column) => !isRecordId(table, column))
    .map((column) => ({
      key: placeOf(table.layout, column.name).key,
      column,
      type: typeSql(typeOf(column)),
      required: column.required === true || column.primary_key === true,
    }))
}

/**
 * The empty relation with its columns, its policy and the app's view, but without the indexes of `physicalIndexesOf`,
 * which cost less when the records are there. One statement each.
 */
export function createPhysicalTableSql(
  projectId: string,
  table: StoredTable,
  relation: string,
  { distributed = false }: PhysicalOptions = {},
): readonly SqlQuery[] {
  const at = dataOf(relation)
  const columns = [
    ...(distributed ? [inlined(sql`_project uuid not null default ${projectId}::uuid`)] : []),
    sql`_id uuid not null`,
    sql`_revision integer not null default 1`,
    sql`_created timestamptz not null default now()`,
    sql`_updated timestamptz not null default now()`,
    ...physicalColumnsOf(table).map(({ key, type, required }) =>
      required ? sql`${identifier(key)} ${type} not null` : sql`${identifier(key)} ${type}`,
    ),
    distributed ? sql`primary key (_project, _id)` : sql`primary key (_id)`,
  ]
  return [
    sql`create table ${at} (${join(columns, ', ')})`,
    sql`alter table ${at} enable row level security, force row level security`,
    sql`create policy store_rows on ${at} for all to studio_store using (true) with check (true)`,
    createRowsViewSql(projectId, relation, { distributed }),
  ]
}

/** Also what was made of it: its indexes go with it. */
export function dropPhysicalTableSql(relation: string): readonly SqlQuery[] {
  return [dropRowsViewSql(relation), sql`drop table if exists ${dataOf(relation)}`]
}

/**
 * Shows its rows, and takes new ones, in the tenant's own context only. It is no barrier, so that indexes serve every
 * operator; its columns are those of this moment, so a column edit makes it anew.
 */
export function createRowsViewSql(
  projectId: string,
  relation: string,
  { distributed = false }: PhysicalOptions = {},
): SqlQuery {
  const own = distributed ? sql` and _project = ${projectId}::uuid` : sql``
  return inlined(sql`create view ${rowsOf(relation)} as
    select * from ${dataOf(relation)} where (select studio.current_project()) = ${projectId}::uuid${own}
    with local check option`)
}

export function dropRowsViewSql(relation: string): SqlQuery {
  return sql`drop view if exists ${rowsOf(relation)}`
}

/** Every index the table's rules and references need, in the order of the columns. */
export function physicalIndexesOf(table: StoredTable, relation: string): readonly PhysicalIndex[] {
  const rules = keyRulesOf(table).map(({ rule, columns }) => ({
    name: indexName('u', relation, rule),
    keys: rule.split(','),
    unique: true,
    columns,
  }))
  // A rule that begins with the column serves its lookups too; the record's own id has the primary key.
  const served = new Set(rules.map(({ keys }) => keys[0]))
  const references = table.schema.columns
    .filter((column) => column.references && !isRecordId(table, column))
    .map((column) => ({ column, key: placeOf(table.layout, column.name).key }))
    .filter(({ key }) => !served.has(key))
    .map(({ column, key }) => ({
      name: indexName('r', relation, key),
      keys: [key],
      unique: false,
      columns: [column],
    }))
  return [...rules, ...references]
}

/** Nothing when an index of its name exists, which then is the same one. */
export function createIndexSql(
  relation: string,
  { name, keys, unique }: PhysicalIndex,
  { distributed = false }: PhysicalOptions = {},
): SqlQuery {
  const columns = join([...(distributed ? [sql`_project`] : []), ...keys.map((key) => identifier(key))], ', ')
  const on = sql`if not exists ${identifier(name)} on ${dataOf(relation)} (${columns})`
  return unique ? sql`create unique index ${on}` : sql`create index ${on}`
}

export function dropIndexSql(name: string): SqlQuery {
  return sql`drop index if exists studio_data.${identifier(name)}`
}

export function dataOf(relation: string): SqlQuery {
  return sql`studio_data.${identifier(relation)}`
}

function rowsOf(relation: string): SqlQuery {
  return sql`studio_rows.${identifier(relation)}`
}

function indexName(kind: 'u' | 'r', relation: string, rule: string): string {
  return `${kind}_${createHash('sha256').update(`${relation}:${rule}`).digest('hex').slice(0, 32)}`
}
