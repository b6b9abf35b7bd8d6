import { identifier, join, type SqlQuery, sql } from '../../db/sql'

export const selectLostSchemasSql = sql`select studio.lost_schemas() as name`
export const selectLostFunctionsSql = sql`select studio.lost_functions() as name`
export const shortWaitSql = sql`set local lock_timeout = '2s'`

export function selectViewsSql(schema: string, most: number): SqlQuery {
  return sql`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relkind = 'v' limit ${most}`
}

/** With those that read them: their database is gone. */
export function dropViewsSql(schema: string, names: readonly string[]): SqlQuery {
  return sql`drop view ${join(
    names.map((name) => sql`${identifier(schema)}.${identifier(name)}`),
    ', ',
  )} cascade`
}

export function dropSchemaSql(schema: string): SqlQuery {
  return sql`drop schema if exists ${identifier(schema)} cascade`
}

export function dropFunctionsSql(names: readonly string[]): SqlQuery {
  return sql`drop function if exists ${join(
    names.map((name) => sql`studio_code.${identifier(name)}()`),
    ', ',
  )}`
}
