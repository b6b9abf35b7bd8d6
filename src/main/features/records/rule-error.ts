import { AppError } from '@shared/app-error'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { showValue } from '@shared/domain/text-problem'
import type { JsonObject, JsonValue } from '@shared/json'
import { violatedConstraint } from '../../db/pg-error'
import { placeOf } from '../tables/layout'
import { physicalIndexesOf } from '../tables/physical-table.sql'
import type { Referrer, StoredTable } from '../tables/stored-table'
import { planOf } from './record-plan'
import { shownValue } from './record-values'

/** Rules that a write breaks: a sentence, and for programs the table, the columns, the rule and the value. */

/** `data` is the refused record by layout key, as far as it is known; `index` its place among many. */
export function notUnique(
  table: StoredTable,
  columns: readonly ColumnSchema[],
  data: JsonObject,
  index?: number,
): AppError {
  const values = columns.map(({ name }) => data[placeOf(table.layout, name).key])
  const known = values.every((value) => value !== undefined)
  const shown = columns.map(({ name }, at) => {
    const value = values[at]
    return value === undefined ? `this "${name}"` : `"${name}" ${showValue(value)}`
  })
  const [value = null, ...more] = values.map((one) => one ?? null)
  return new AppError(
    'CONSTRAINT',
    `There is already a record with ${shown.join(' and ')} in table "${table.schema.name}". Choose another value.`,
    {
      details: {
        table: table.schema.name,
        column: columns[0]?.name,
        columns: columns.map(({ name }) => name),
        constraint: 'unique',
        ...(known ? { value: shownValue(more.length === 0 ? value : [value, ...more]) } : {}),
        ...(index === undefined ? {} : { index }),
      },
    },
  )
}

export function takenId(table: StoredTable, id: string, index?: number): AppError {
  const column = planOf(table).id?.name ?? '_id'
  return new AppError(
    'CONSTRAINT',
    `There is already a record with the id ${id} in table "${table.schema.name}". Leave the id out to get a new one.`,
    {
      details: {
        table: table.schema.name,
        column,
        columns: [column],
        constraint: 'unique',
        value: id,
        ...(index === undefined ? {} : { index }),
      },
    },
  )
}

/** What an index of the dedicated tier has refused, of `record` where it was one; any other error as it is. */
export function asRuleError(
  error: unknown,
  table: StoredTable,
  record?: { readonly id: string; readonly data: JsonObject },
): unknown {
  const name = violatedConstraint(error)
  if (name === undefined || table.storage.tier === 'shared') return error
  const index = physicalIndexesOf(table, table.storage.relation).find((one) => one.name === name)
  if (index) return notUnique(table, index.columns, record?.data ?? {})
  return record ? takenId(table, record.id) : error
}

export function pointsNowhere(
  { table, column, target }: { readonly table: StoredTable; readonly column: ColumnSchema; readonly target: string },
  value: JsonValue,
  index?: number,
): AppError {
  return new AppError(
    'CONSTRAINT',
    `Column "${column.name}" points to ${target}, where there is no ${showValue(value)}.`,
    {
      details: {
        ...referenceFacts(table, column),
        target,
        value: shownValue(value),
        ...(index === undefined ? {} : { index }),
      },
    },
  )
}

export function stillPointedTo(table: StoredTable, referrer: Referrer, value: JsonValue): AppError {
  const { table: other, column, target } = referrer
  return new AppError(
    'CONSTRAINT',
    `Column "${column.name}" of table "${other.schema.name}" still points to "${table.schema.name}"."${target}" ${showValue(value)}. Change that first.`,
    { details: { ...referenceFacts(other, column), referenced: table.schema.name, value: shownValue(value) } },
  )
}

export function keepsFromDelete(
  table: StoredTable,
  { table: other, column }: Referrer,
  { count, value }: { readonly count: number; readonly value: JsonValue },
): AppError {
  const who = count === 1 ? '1 record points' : `${count.toLocaleString('en')} records point`
  return new AppError(
    'CONSTRAINT',
    `In table "${other.schema.name}" ${who} to this by "${column.name}", so it cannot be deleted from "${table.schema.name}". Change or delete that first.`,
    { details: { ...referenceFacts(other, column), referenced: table.schema.name, value: shownValue(value) } },
  )
}

function referenceFacts(table: StoredTable, column: ColumnSchema) {
  return { table: table.schema.name, column: column.name, columns: [column.name], constraint: 'reference' }
}
