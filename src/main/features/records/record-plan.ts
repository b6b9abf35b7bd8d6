import { typeOf } from '@shared/domain/check-table'
import { type ColumnDefault, columnDefault, isTouchedOnWrite } from '@shared/domain/column-default'
import type { ColumnType } from '@shared/domain/column-type'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { isRecordId } from '../tables/column.sql'
import { type KeyRule, keyRulesOf } from '../tables/key-rule'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'

/** What every record of a table needs to know of its columns: read from the catalogue once, and not for each value. */
export interface RecordPlan {
  /** In the table's order, the record's own id too. */
  readonly columns: readonly PlannedColumn[]
  /** Those that the storage has. */
  readonly stored: readonly PlannedColumn[]
  readonly byName: ReadonlyMap<string, PlannedColumn>
  readonly id: PlannedColumn | undefined
  readonly rules: readonly KeyRule[]
}

export interface PlannedColumn {
  readonly column: ColumnSchema
  readonly name: string
  readonly key: string
  readonly type: ColumnType
  readonly fallback: ColumnDefault
  /** What older documents of the shared tier read as; undefined where that is NULL. */
  readonly missing: JsonValue | undefined
  readonly isId: boolean
  readonly isSecret: boolean
  readonly isRequired: boolean
  /** The record's own time of change. */
  readonly isTouched: boolean
}

export function planOf(table: StoredTable): RecordPlan {
  const known = plans.get(table)
  if (known) return known
  const columns = table.schema.columns.map((column) => planned(table, column))
  const plan: RecordPlan = {
    columns,
    stored: columns.filter(({ isId }) => !isId),
    byName: new Map(columns.map((column) => [column.name, column])),
    id: columns.find(({ isId }) => isId),
    rules: keyRulesOf(table),
  }
  plans.set(table, plan)
  return plan
}

/** The objects of `openSchema` live until the schema changes, and so does what is known of them. */
const plans = new WeakMap<StoredTable, RecordPlan>()

function planned(table: StoredTable, column: ColumnSchema): PlannedColumn {
  const { key, missing } = placeOf(table.layout, column.name)
  return {
    column,
    name: column.name,
    key,
    missing,
    type: typeOf(column),
    fallback: columnDefault(column),
    isId: isRecordId(table, column),
    isSecret: isSecretColumn(table.schema.name, column.name),
    isRequired: column.required === true || column.primary_key === true,
    isTouched: isTouchedOnWrite(column),
  }
}
