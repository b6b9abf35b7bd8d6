import { uniqueSetKey } from './check-table'
import type { DatabaseSchema } from './schema-edit'
import type { ColumnSchema, TableSchema } from './table-schema'

/** Whether two schemas say the same: tables and unique sets have no order, and a rule that is off is no rule. */
export function sameSchema(left: DatabaseSchema, right: DatabaseSchema): boolean {
  return JSON.stringify(canonicalSchema(left)) === JSON.stringify(canonicalSchema(right))
}

export function sameTable(left: TableSchema, right: TableSchema): boolean {
  return JSON.stringify(canonicalTable(left)) === JSON.stringify(canonicalTable(right))
}

/** Equal schemas are equal JSON. */
export function canonicalSchema({ tables }: DatabaseSchema): DatabaseSchema {
  return { tables: tables.map(canonicalTable).sort((a, b) => compare(a.name, b.name)) }
}

function canonicalTable({ name, columns, unique = [], comment }: TableSchema): TableSchema {
  const sets = [...unique].sort((a, b) => compare(uniqueSetKey(a), uniqueSetKey(b)))
  return {
    name,
    columns: columns.map(canonicalColumn),
    ...(sets.length > 0 ? { unique: sets } : {}),
    ...(comment === undefined ? {} : { comment }),
  }
}

export function canonicalColumn(column: ColumnSchema): ColumnSchema {
  const { name, type, primary_key, unique, required, references, comment } = column
  return {
    name,
    type,
    ...(primary_key === true ? { primary_key } : {}),
    ...(unique === true ? { unique } : {}),
    ...(required === true && primary_key !== true ? { required } : {}),
    ...(column.default === undefined ? {} : { default: column.default }),
    ...(references === undefined
      ? {}
      : {
          references: {
            table: references.table,
            column: references.column,
            on_delete: references.on_delete ?? 'restrict',
          },
        }),
    ...(comment === undefined ? {} : { comment }),
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
