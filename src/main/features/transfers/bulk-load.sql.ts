import type { ColumnSchema } from '@shared/domain/table-schema'
import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import { jsonColumn, ownRecords, recordsOf, storedValue } from '../tables/column.sql'
import { dataOf } from '../tables/physical-table.sql'
import type { StoredTable } from '../tables/stored-table'

/** A relation that nobody sees yet is filled by COPY, as studio_store. Rows are told apart by their place: they lie in the order they came. */

/** Indexes of a million records are sorted in memory: 0.5 s in place of 0.9 s for one of uuids. */
export const sortInMemorySql = sql`select set_config('maintenance_work_mem', '128MB', true)`

/** COPY takes no table whose policies bind its owner; nobody else can see it before the transaction ends. */
export function letOwnerInSql(relation: string): SqlQuery {
  return sql`alter table ${dataOf(relation)} no force row level security`
}

export function bindOwnerSql(relation: string): SqlQuery {
  return sql`alter table ${dataOf(relation)} force row level security`
}

/** Added again once the records are there: then a value that is there twice can be told, and it costs less. */
export function dropPrimaryKeySql(relation: string): SqlQuery {
  return sql`alter table ${dataOf(relation)} drop constraint ${identifier(`${relation}_pkey`)}`
}

export function addPrimaryKeySql(relation: string): SqlQuery {
  return sql`alter table ${dataOf(relation)} add constraint ${identifier(`${relation}_pkey`)} primary key (_id)`
}

export function copyRowsSql(relation: string, keys: readonly string[]): SqlQuery {
  const columns = [sql`_id`, ...keys.map((key) => identifier(key))]
  return sql`copy ${dataOf(relation)} (${join(columns, ', ')}) from stdin`
}

/** Rows whose values were there before, by the number of the row. */
export function repeatedRowsSql(relation: string, keys: readonly string[]): SqlQuery {
  const columns = keys.map((key) => identifier(key))
  const filled = join(
    columns.map((column) => sql`${column} is not null`),
    ' and ',
  )
  return sql`select r.n::integer as place from (
      select d.ctid as spot, row_number() over (order by d.ctid) as n,
        case when ${filled} then row_number() over (partition by ${join(columns, ', ')} order by d.ctid) end as nth
      from ${dataOf(relation)} d
    ) r where r.nth > 1 order by 1`
}

/** Rows whose value is nowhere that theirs may refer to, by the number of the row. */
export function danglingRowsSql(
  projectId: string,
  relation: string,
  key: string,
  targets: readonly ({ readonly table: StoredTable; readonly column: ColumnSchema } | { readonly key: string })[],
): SqlQuery {
  const there = targets.map((target) =>
    'key' in target
      ? sql`select t.${identifier(target.key)} as value from ${dataOf(relation)} t`
      : sql`select ${storedValue(target.table, target.column, 't')} as value from ${recordsOf(target.table, 't', 'store')}
          where ${ownRecords(projectId, target.table, 't')}`,
  )
  const nowhere = there.map((values) => sql`not exists (select from (${values}) t where t.value = r.value)`)
  return sql`select r.n::integer as place, r.value::text as value from (
      select row_number() over (order by d.ctid) as n, d.${identifier(key)} as value from ${dataOf(relation)} d
    ) r where ${join([sql`r.value is not null`, ...nowhere], ' and ')}
    order by 1`
}

export function deleteRowsSql(relation: string, places: readonly number[]): SqlQuery {
  return sql`delete from ${dataOf(relation)} d using (
      select r.spot from (
        select c.ctid as spot, row_number() over (order by c.ctid) as n from ${dataOf(relation)} c
      ) r where r.n = any(${places}::integer[])
    ) gone where d.ctid = gone.spot`
}

export function countRowsSql(relation: string): SqlQuery {
  return sql`select count(*)::integer as count from ${dataOf(relation)}`
}

export function hasRecordsSql(projectId: string, table: StoredTable): SqlQuery {
  return sql`select exists (select from ${recordsOf(table, 'd', 'store')} where ${ownRecords(projectId, table, 'd')}) as has`
}

/** One line for all of them; see the migration 000011. */
export function logLoadSql(
  projectId: string,
  table: StoredTable,
  line: { readonly operation: string; readonly actorId: string; readonly actor: string; readonly count: number },
): SqlQuery {
  return sql`insert into studio.changes (project_id, operation, table_id, op, after, actor_id, actor)
    values (${projectId}, ${line.operation}, ${table.id}, 'load', ${JSON.stringify({ count: line.count })}, ${line.actorId}, ${line.actor})`
}

/** What the records of another table are called, and the value that points to them. */
export function labelsSql(
  projectId: string,
  table: StoredTable,
  label: ColumnSchema,
  key: ColumnSchema,
  most: number,
): SqlQuery {
  return sql`select ${storedValue(table, label, 't')}::text as label, ${jsonColumn(table, key, 't')} as key
    from ${recordsOf(table, 't')}
    where ${ownRecords(projectId, table, 't')} and ${storedValue(table, label, 't')} is not null limit ${most}`
}
