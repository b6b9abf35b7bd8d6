import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { join, type SqlQuery, sql } from '../../db/sql'
import { jsonColumn, typedColumn, typedList } from './column.sql'
import { placeOf } from './layout'
import type { StoredTable } from './stored-table'

/** Questions about all values of a column, and the rules between values: not empty, unique, pointing to something. */

function rowsOf(projectId: string, table: StoredTable, row: 'd' | 'target'): SqlQuery {
  return row === 'd'
    ? sql`d.project_id = ${projectId} and d.table_id = ${table.id}`
    : sql`target.project_id = ${projectId} and target.table_id = ${table.id}`
}

export function countRecordsSql(projectId: string, table: StoredTable): SqlQuery {
  return sql`select count(*)::integer as count from studio.project_data d where ${rowsOf(projectId, table, 'd')}`
}

export function countFilledSql(projectId: string, table: StoredTable, column: ColumnSchema): SqlQuery {
  return sql`select count(*)::integer as count from studio.project_data d
    where ${rowsOf(projectId, table, 'd')} and ${typedColumn(table, column, 'd')} is not null`
}

export function countEmptySql(projectId: string, table: StoredTable, column: ColumnSchema): SqlQuery {
  return sql`select count(*)::integer as count from studio.project_data d
    where ${rowsOf(projectId, table, 'd')} and ${typedColumn(table, column, 'd')} is null`
}

/** How many values there are more than once, and a few of them. */
export function duplicatesSql(projectId: string, table: StoredTable, column: ColumnSchema): SqlQuery {
  const value = typedColumn(table, column, 'd')
  return sql`select count(*) over ()::integer as count, min((${jsonColumn(table, column, 'd')})::text) as example
    from studio.project_data d
    where ${rowsOf(projectId, table, 'd')} and ${value} is not null
    group by ${value}
    having count(*) > 1
    limit 5`
}

/** A value that one of these records has and another record has too. Without `ids`, of any record. NULLs are not equal. */
export function clashSql(
  projectId: string,
  table: StoredTable,
  columns: readonly ColumnSchema[],
  ids: readonly string[] | null,
): SqlQuery {
  const filled = join(
    columns.map((column) => sql`${typedColumn(table, column, 'd')} is not null`),
    ' and ',
  )
  const shown = sql`jsonb_build_array(${join(
    columns.map((column) => jsonColumn(table, column, 'd')),
    ', ',
  )})`
  const value = typedList(table, columns, 'd')
  const rows = sql`studio.project_data d where ${rowsOf(projectId, table, 'd')} and ${filled}`
  if (ids !== null && ids.length <= fewRecords)
    return sql`select min(${shown}::text)::jsonb as values from ${rows}
      and (${value}) in (select ${value} from ${rows} and d.id = any(${ids}::uuid[]))
      group by ${value} having count(*) > 1
      limit 1`
  const written = ids === null ? sql`` : sql`and bool_or(d.id = any(${ids}::uuid[]))`
  return sql`select min(${shown}::text)::jsonb as values from ${rows}
    group by ${value} having count(*) > 1 ${written}
    limit 1`
}

/**
 * Up to here the records' values are looked for in the table. The planner, who cannot see into documents, then compares
 * each with each: 3,000 new records beside 9,000 took 5.5 s. Above it, all values are counted in one pass.
 */
const fewRecords = 10

/** Values that point to no record of `target`. Without `ids`, of any record. */
export function danglingSql(
  projectId: string,
  from: { readonly table: StoredTable; readonly column: ColumnSchema; readonly ids: readonly string[] | null },
  target: { readonly table: StoredTable; readonly column: ColumnSchema },
): SqlQuery {
  const value = typedColumn(from.table, from.column, 'd')
  const some = from.ids === null ? sql`` : sql`and d.id = any(${from.ids}::uuid[])`
  return sql`select count(*) over ()::integer as count, ${jsonColumn(from.table, from.column, 'd')} as value
    from studio.project_data d
    where ${rowsOf(projectId, from.table, 'd')} ${some} and ${value} is not null
      and not exists (
        select from studio.project_data target
        where ${rowsOf(projectId, target.table, 'target')}
          and ${typedColumn(target.table, target.column, 'target')} = ${value}
      )
    limit 5`
}

/** A batch of a column's values in the order of `_id`. */
export function selectValuesSql(
  projectId: string,
  table: StoredTable,
  column: ColumnSchema,
  batch: { readonly after: string | null; readonly size: number },
): SqlQuery {
  const rest = batch.after === null ? sql`` : sql`and d.id > ${batch.after}`
  return sql`select d.id, ${jsonColumn(table, column, 'd')} as value from studio.project_data d
    where ${rowsOf(projectId, table, 'd')} ${rest}
    order by d.id limit ${batch.size}`
}

/** Gives each of these records its new value. A schema edit is not a write of the record: the revision stays. */
export function writeValuesSql(
  projectId: string,
  table: StoredTable,
  column: ColumnSchema,
  values: readonly { readonly id: string; readonly value: JsonValue }[],
): SqlQuery {
  const { key } = placeOf(table.layout, column.name)
  return sql`update studio.project_data d
    set data = d.data || jsonb_build_object(${key}::text, coalesce(new.value, 'null'::jsonb))
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as new (id uuid, value jsonb)
    where ${rowsOf(projectId, table, 'd')} and d.id = new.id`
}

/** Gives every record a uuid of its own, as Postgres does for a default that differs from row to row. */
export function fillUuidsSql(projectId: string, table: StoredTable, column: ColumnSchema): SqlQuery {
  const { key } = placeOf(table.layout, column.name)
  return sql`update studio.project_data d
    set data = d.data || jsonb_build_object(${key}::text, gen_random_uuid())
    where ${rowsOf(projectId, table, 'd')}`
}
