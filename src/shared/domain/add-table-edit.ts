import type { SchemaEdit } from './schema-edit'
import { primaryKeyOf, type TableSchema } from './table-schema'

/** The edit that makes exactly this table: the columns that a table is given by itself are in it, or were not wanted. */
export function addTableEdit(table: TableSchema): Extract<SchemaEdit, { readonly type: 'addTable' }> {
  const bare = primaryKeyOf(table).length > 0 ? table : { ...table, primary_key: false, timestamps: false }
  return { type: 'addTable', table: bare }
}
