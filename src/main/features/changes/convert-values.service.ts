import { AppError } from '@shared/app-error'
import { coerceValue, parseValue } from '@shared/domain/coerce-value'
import type { Coerced } from '@shared/domain/coerced'
import type { ColumnType } from '@shared/domain/column-type'
import { showValue } from '@shared/domain/text-problem'
import { type JsonObject, type JsonValue, sameJson } from '@shared/json'
import type { Transaction } from '../../db/database'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { shownValue } from '../records/record-values'
import type { StoredTable } from '../tables/stored-table'
import { type Converted, foldedValuesSql, type TakeBack } from './take-back-plan.sql'

interface FoldedRow {
  readonly id: string
  readonly whole: boolean
  readonly was: JsonObject
  readonly became: JsonObject | null
}

/**
 * Reads values that were logged under an older schema as those of today's types; answers those that look different now.
 * CONSTRAINT when a value that would be written no longer fits, or one is missing that is required by now.
 */
export async function convertValues(tx: Transaction, at: TakeBack): Promise<readonly Converted[]> {
  const { table } = at
  // A jsonb value is JSON under every schema, and its numbers may be longer than JavaScript's.
  const columns = planOf(table).stored.filter(({ type }) => type.base !== 'jsonb' || type.array)
  const rows = await tx.query<FoldedRow>(foldedValuesSql(at))
  return rows.flatMap(({ id, whole, was, became }) => {
    const before: [string, JsonValue][] = []
    const after: [string, JsonValue][] = []
    for (const column of planOf(table).stored)
      if (whole || Object.hasOwn(was, column.key)) refuseMissing(table, column, was)
    for (const column of columns) {
      const { key, type } = column
      const old = was[key] ?? null
      const read = readAs(type, old)
      if (!read.ok) throw unfit(table, column, old, read.reason)
      if (!sameJson(read.value, old)) before.push([key, read.value])
      const later = became?.[key] ?? null
      const readLater = readAs(type, later)
      if (readLater.ok && !sameJson(readLater.value, later)) after.push([key, readLater.value])
    }
    if (before.length === 0 && after.length === 0) return []
    return [{ id, was: Object.fromEntries(before), became: Object.fromEntries(after) }]
  })
}

/** As a change of the column's type would read it: the value itself, or its text. */
function readAs(type: ColumnType, value: JsonValue): Coerced {
  const coerced = coerceValue(type, value)
  if (coerced.ok || typeof value === 'object') return coerced
  const parsed = parseValue(type, String(value))
  return parsed.ok ? parsed : coerced
}

function refuseMissing(
  table: StoredTable,
  { isRequired, isSecret, key, name, missing }: PlannedColumn,
  was: JsonObject,
) {
  const value = Object.hasOwn(was, key) ? (was[key] ?? null) : (missing ?? null)
  if (!isRequired || value !== null) return
  const from = isSecret ? 'a value' : `"${name}"`
  throw new AppError(
    'CONSTRAINT',
    `Column "${name}" of table "${table.schema.name}" is required by now, and the record of then has not ${from}. Make the column optional first, or write the record anew.`,
    { details: { table: table.schema.name, column: name, columns: [name], constraint: 'required' } },
  )
}

function unfit(table: StoredTable, { column, isSecret }: PlannedColumn, value: JsonValue, reason: string): AppError {
  const shown = isSecret ? 'the value of then' : showValue(value)
  return new AppError(
    'CONSTRAINT',
    `Column "${column.name}" of table "${table.schema.name}" is ${column.type} by now, and ${shown} ${reason}. Change the column's type back first.`,
    {
      details: {
        table: table.schema.name,
        column: column.name,
        columns: [column.name],
        constraint: 'type',
        ...(isSecret ? {} : { value: shownValue(value) }),
      },
    },
  )
}
