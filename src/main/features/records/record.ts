import type { TableRecord } from '@shared/contract/records.contract'
import type { JsonObject, JsonValue } from '@shared/json'
import type { StoredTable } from '../tables/stored-table'
import { type PlannedColumn, planOf } from './record-plan'

/** A record as the store has it: canonical values by layout key. */
export interface RecordRow {
  readonly id: string
  readonly revision: number
  readonly data: JsonObject
}

/** The record as it leaves: its columns in their order, without what is secret. */
export function toRecord(table: StoredTable, row: RecordRow, select?: ReadonlySet<string>): TableRecord {
  const record: { _id: string; _revision: number; [column: string]: JsonValue } = {
    _id: row.id,
    _revision: row.revision,
  }
  for (const column of planOf(table).columns)
    if (!column.isSecret && (select === undefined || select.has(column.name)))
      record[column.name] = readColumn(column, row)
  return record
}

export function readColumn({ isId, key, missing = null }: PlannedColumn, row: RecordRow): JsonValue {
  if (isId) return row.id
  const value = Object.hasOwn(row.data, key) ? row.data[key] : missing
  return value ?? null
}
