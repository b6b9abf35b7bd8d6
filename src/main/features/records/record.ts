import type { TableRecord } from '@shared/contract/records.contract'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonObject, JsonValue } from '@shared/json'
import { isRecordId } from '../tables/column.sql'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'

/** A row of `studio.project_data`. */
export interface RecordRow {
  readonly id: string
  readonly data: JsonObject
  readonly revision: number
}

/** The record as it leaves: its columns in their order, without what is secret. */
export function toRecord(table: StoredTable, row: RecordRow, select?: ReadonlySet<string>): TableRecord {
  const columns = table.schema.columns.filter(
    ({ name }) => !isSecretColumn(table.schema.name, name) && (select?.has(name) ?? true),
  )
  return {
    _id: row.id,
    _revision: row.revision,
    ...Object.fromEntries(columns.map((column) => [column.name, readColumn(table, column, row)])),
  }
}

export function readColumn(table: StoredTable, column: ColumnSchema, row: RecordRow): JsonValue {
  if (isRecordId(table, column)) return row.id
  const { key, missing = null } = placeOf(table.layout, column.name)
  return Object.hasOwn(row.data, key) ? (row.data[key] ?? null) : missing
}
