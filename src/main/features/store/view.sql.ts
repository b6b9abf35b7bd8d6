import { assertNever } from '@shared/assert-never'
import { typeOf } from '@shared/domain/check-table'
import { renderValue } from '@shared/domain/coerce-value'
import { columnDefault } from '@shared/domain/column-default'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { isRecordId, ownRecords, recordsOf, sqlColumn, typeSql } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'

/** Where a logical database is: what its views and functions are made for. */
export interface Place {
  readonly databaseId: string
  readonly projectId: string
  /** The Postgres schema of the views. */
  readonly schema: string
}

export function viewName({ schema }: Place, name: string): SqlQuery {
  return sql`${identifier(schema)}.${identifier(name)}`
}

/**
 * The typed view of a table: exactly its columns. Of the shared tier it is a security barrier: other tenants' records
 * are in the same relation, and a cast that fails would tell of them. Every row of a dedicated relation is the tenant's
 * own, and without the barrier Postgres pulls the view up: a join of two tables of 100,000 takes what it takes natively,
 * and an index on numeric or jsonb serves, whose operators are not leakproof (test/bench/dedicated-layout.bench.ts).
 */
export function createViewSql(place: Place, table: StoredTable): SqlQuery {
  const columns = table.schema.columns.map(
    (column) => sql`${sqlColumn(table, column, 'd')} as ${identifier(column.name)}`,
  )
  const barrier = table.storage.tier === 'shared' ? sql`with (security_barrier)` : sql``
  return inlined(sql`create or replace view ${viewName(place, table.schema.name)} ${barrier} as
    select ${join(columns, ', ')} from ${recordsOf(table, 'd', 'store')}
    where ${ownRecords(place.projectId, table, 'd')}`)
}

/** What a column gets that an insert leaves out; told apart from NULL, which the functions behind the view cannot do. */
export function viewDefaultsSql(place: Place, table: StoredTable): readonly SqlQuery[] {
  const { name } = table.schema
  return table.schema.columns.flatMap((column) => {
    const value = defaultSql(table, column)
    return value
      ? [inlined(sql`alter view ${viewName(place, name)} alter column ${identifier(column.name)} set default ${value}`)]
      : []
  })
}

function defaultSql(table: StoredTable, column: ColumnSchema): SqlQuery | null {
  // The function behind the view makes these, in the order of time.
  if (isRecordId(table, column)) return null
  const type = typeOf(column)
  const fallback = columnDefault(column)
  switch (fallback.kind) {
    case 'none':
    case 'misfit':
      return null
    case 'uuid':
      return sql`pg_catalog.gen_random_uuid()`
    case 'now':
      return type.base === 'timestamptz'
        ? sql`pg_catalog.now()`
        : sql`(pg_catalog.now() at time zone 'UTC')::${typeSql(type)}`
    case 'value':
      return fallback.value === null ? null : sql`${renderValue(type, fallback.value)}::${typeSql(type)}`
    default:
      return assertNever(fallback)
  }
}

export function dropViewSql(place: Place, name: string): SqlQuery {
  return sql`drop view if exists ${viewName(place, name)}`
}

export function createTriggerSql(place: Place, table: StoredTable): SqlQuery {
  return sql`create trigger write instead of insert or update or delete on ${viewName(place, table.schema.name)}
    for each row execute function ${functionName(table)}()`
}

export function functionName(table: StoredTable): SqlQuery {
  return sql`studio_code.${identifier(`w_${table.id.replaceAll('-', '')}`)}`
}

export function dropFunctionSql(table: StoredTable): SqlQuery {
  return sql`drop function if exists ${functionName(table)}()`
}

export function createSchemaSql({ schema }: Place): SqlQuery {
  return sql`create schema if not exists ${identifier(schema)}`
}

export function closeSchemaSql({ schema }: Place): SqlQuery {
  return sql`revoke all on schema ${identifier(schema)} from public`
}

/** Views that read this one, directly or through others. */
export function dependentViewsSql(place: Place, name: string): SqlQuery {
  const relation = viewName(place, name).text
  return sql`with recursive dependent as (
      select to_regclass(${relation})::oid as oid, 0 as depth
      union
      select r.ev_class, dependent.depth + 1
      from dependent
      join pg_depend p on p.refclassid = 'pg_class'::regclass and p.refobjid = dependent.oid
        and p.classid = 'pg_rewrite'::regclass
      join pg_rewrite r on r.oid = p.objid and r.ev_class <> dependent.oid
      where dependent.depth < 50
    )
    select distinct n.nspname as schema, c.relname as name
    from dependent d join pg_class c on c.oid = d.oid join pg_namespace n on n.oid = c.relnamespace
    where d.depth > 0
    order by 1, 2`
}

export function renameViewSql(place: Place, from: string, to: string): SqlQuery {
  return sql`alter view ${viewName(place, from)} rename to ${identifier(to)}`
}

export function renameViewColumnSql(place: Place, name: string, from: string, to: string): SqlQuery {
  return sql`alter view ${viewName(place, name)} rename column ${identifier(from)} to ${identifier(to)}`
}

export function dropDefaultsSql(place: Place, table: StoredTable): readonly SqlQuery[] {
  return table.schema.columns.map(
    ({ name }) => sql`alter view ${viewName(place, table.schema.name)} alter column ${identifier(name)} drop default`,
  )
}
