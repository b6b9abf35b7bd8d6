import { typeOf } from '@shared/domain/check-table'
import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import {
  canonicalJson,
  jsonColumn,
  ownRecords,
  type Reader,
  recordId,
  recordsOf,
  sqlOfJson,
  storedValue,
  typedColumn,
  typedList,
  typeSql,
} from './column.sql'
import { placeOf } from './layout'
import { dataOf } from './physical-table.sql'
import type { StoredTable } from './stored-table'

/**
 * Questions about all values of a column, and the rules between values: not empty, unique, pointing to something. For
 * schema edits, so as studio_store, in both tiers.
 */

function from(projectId: string, table: StoredTable, row: 'd' | 'target', reader: Reader = 'store'): SqlQuery {
  return sql`${recordsOf(table, row, reader)} where ${ownRecords(projectId, table, row)}`
}

export function countRecordsSql(projectId: string, table: StoredTable): SqlQuery {
  return sql`select count(*)::integer as count from ${from(projectId, table, 'd')}`
}

export function countFilledSql(projectId: string, table: StoredTable, column: ColumnSchema): SqlQuery {
  return sql`select count(*)::integer as count from ${from(projectId, table, 'd')}
    and ${typedColumn(table, column, 'd')} is not null`
}

export function countEmptySql(projectId: string, table: StoredTable, column: ColumnSchema): SqlQuery {
  return sql`select count(*)::integer as count from ${from(projectId, table, 'd')}
    and ${typedColumn(table, column, 'd')} is null`
}

/** How many values, or combinations of them, there are more than once, and a few of them. */
export function duplicatesSql(projectId: string, table: StoredTable, columns: readonly ColumnSchema[]): SqlQuery {
  const values = typedList(table, columns, 'd')
  const shown = join(
    columns.map((column) => jsonColumn(table, column, 'd')),
    ', ',
  )
  const example = columns.length === 1 ? sql`(${shown})::text` : sql`jsonb_build_array(${shown})::text`
  return sql`select count(*) over ()::integer as count, min(${example}) as example
    from ${from(projectId, table, 'd')} and ${filled(table, columns)}
    group by ${values}
    having count(*) > 1
    order by 2
    limit 5`
}

/** Values that point to no record of `target`. */
export function danglingSql(
  projectId: string,
  referrer: { readonly table: StoredTable; readonly column: ColumnSchema },
  target: { readonly table: StoredTable; readonly column: ColumnSchema },
  reader: Reader = 'store',
): SqlQuery {
  const { table, column } = referrer
  const value = storedValue(table, column, 'd')
  return sql`select count(*) over ()::integer as count, ${jsonColumn(table, column, 'd')} as value
    from ${from(projectId, table, 'd', reader)} and ${value} is not null
      and not exists (
        select from ${from(projectId, target.table, 'target', reader)}
          and ${storedValue(target.table, target.column, 'target')} = ${value}
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
  const id = recordId(table, 'd')
  const rest = batch.after === null ? sql`` : sql`and ${id} > ${batch.after}`
  return sql`select ${id} as id, ${jsonColumn(table, column, 'd')} as value from ${from(projectId, table, 'd')} ${rest}
    order by ${id} limit ${batch.size}`
}

/** Gives each of these records its new value. A schema edit is not a write of the record: the revision stays. */
export function writeValuesSql(
  projectId: string,
  table: StoredTable,
  column: ColumnSchema,
  values: readonly { readonly id: string; readonly value: JsonValue }[],
): SqlQuery {
  const { key } = placeOf(table.layout, column.name)
  const set =
    table.storage.tier === 'shared'
      ? sql`data = d.data || jsonb_build_object(${key}::text, coalesce(new.value, 'null'::jsonb))`
      : sql`${identifier(key)} = ${sqlOfJson(typeOf(column), sql`new.value`)}`
  return sql`update ${recordsOf(table, 'd', 'store')} set ${set}
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as new (id uuid, value jsonb)
    where ${ownRecords(projectId, table, 'd')} and ${recordId(table, 'd')} = new.id`
}

/**
 * The same for all records at once, where a cast says what the new value is. A relation is written anew, with a new
 * column of the old one's values: 200,000 records take a tenth of the time that an update of them takes.
 */
export function castValuesSql(
  projectId: string,
  old: { readonly table: StoredTable; readonly column: ColumnSchema },
  next: { readonly table: StoredTable; readonly column: ColumnSchema },
): SqlQuery {
  const { key } = placeOf(next.table.layout, next.column.name)
  const { storage } = next.table
  const type = typeOf(next.column)
  if (storage.tier === 'dedicated') {
    const from = identifier(placeOf(old.table.layout, old.column.name).key)
    return sql`alter table ${dataOf(storage.relation)}
      alter column ${identifier(key)} type ${typeSql(type)} using ${from}::${typeSql(type)}`
  }
  const value = storedValue(old.table, old.column, 'd')
  return sql`update ${recordsOf(old.table, 'd', 'store')}
    set data = d.data || jsonb_build_object(${key}::text, ${canonicalJson(type, sql`(${value}::${typeSql(type)})`)})
    where ${ownRecords(projectId, old.table, 'd')} and ${value} is not null`
}

/** Gives every record a uuid of its own, as Postgres does for a default that differs from row to row. */
export function fillUuidsSql(projectId: string, table: StoredTable, column: ColumnSchema): SqlQuery {
  const { key } = placeOf(table.layout, column.name)
  const set =
    table.storage.tier === 'shared'
      ? sql`data = d.data || jsonb_build_object(${key}::text, gen_random_uuid())`
      : sql`${identifier(key)} = gen_random_uuid()`
  return sql`update ${recordsOf(table, 'd', 'store')} set ${set} where ${ownRecords(projectId, table, 'd')}`
}

function filled(table: StoredTable, columns: readonly ColumnSchema[]): SqlQuery {
  return join(
    columns.map((column) => sql`${typedColumn(table, column, 'd')} is not null`),
    ' and ',
  )
}
