import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import { assertNever } from '@shared/assert-never'
import { coerceValue } from '@shared/domain/coerce-value'
import { nowAs } from '@shared/domain/column-default'
import type { BaseType, ColumnType } from '@shared/domain/column-type'
import { coerceSecret } from '@shared/domain/secret-column'
import { showValue } from '@shared/domain/text-problem'
import type { JsonObject, JsonValue } from '@shared/json'
import type { StoredTable } from '../tables/stored-table'
import { type PlannedColumn, planOf } from './record-plan'
import { uuidV7 } from './uuid-v7'

/** Canonical values by layout key, on their way into the store. */
export type Document = { [key: string]: JsonValue }

/** A record of a create. */
export interface Draft {
  readonly id: string
  /** Without NULLs, unless the place would then read as something else. */
  readonly data: JsonObject
}

export interface Given {
  /** The record's own id, where the table has it as a column and it was sent. */
  readonly id: string | undefined
  /** What was sent, NULLs too. */
  readonly data: Document
}

/**
 * Reads what was sent against the table's columns. VALIDATION for an unknown column and for a value that is not of its
 * column's type, CONSTRAINT for NULL in a required one. `index` tells which record of many it is.
 */
export function readValues(table: StoredTable, input: JsonObject, index?: number): Given {
  const { byName } = planOf(table)
  const data: Document = {}
  let id: string | undefined
  for (const name of Object.keys(input)) {
    const column = byName.get(name)
    if (!column) throw unknownColumn(table, name, index)
    const value = readValue(table, column, input[name] ?? null, index)
    if (!column.isId) data[column.key] = value
    else if (typeof value === 'string') id = value
  }
  return { id, data }
}

export function createDraft(table: StoredTable, input: JsonObject, now: string, index?: number): Draft {
  const { id, data: given } = readValues(table, input, index)
  fillDefaults(table, given, now, index)
  // A new object: one that members were deleted from is slow for everything that follows.
  const data: Document = {}
  for (const { key, missing } of planOf(table).stored) {
    const value = given[key] ?? null
    if (value !== null || missing !== undefined) data[key] = value
  }
  return { id: id ?? uuidV7(), data }
}

/** Fills what was left out: defaults, or NULL where that is allowed. */
export function fillDefaults(table: StoredTable, data: Document, now: string, index?: number): void {
  for (const column of planOf(table).stored) {
    if (Object.hasOwn(data, column.key)) continue
    const value = defaultValue(column, now)
    if (value === null && column.isRequired) throw missingValue(table, column, index)
    data[column.key] = value
  }
}

/** The record's own time of change, where it has one. */
export function touch(table: StoredTable, data: Document, now: string): void {
  for (const { isTouched, key } of planOf(table).stored) if (isTouched) data[key] = now
}

/** The identity cannot change; saying it again is fine. */
export function checkIdentity(table: StoredTable, given: Given, id: string): void {
  if (given.id === undefined || given.id === id) return
  throw new AppError('VALIDATION', 'The id of a record cannot change. Create a new record instead.', {
    details: { column: planOf(table).id?.name, value: given.id },
  })
}

function readValue(table: StoredTable, column: PlannedColumn, value: JsonValue, index: number | undefined): JsonValue {
  const coerced = column.isSecret ? coerceSecret(value) : coerceValue(column.type, value)
  if (!coerced.ok) throw misfitValue(table, column, value, coerced.reason, index)
  if (coerced.value === null && column.isRequired) throw missingValue(table, column, index)
  return coerced.value
}

function defaultValue({ fallback, type }: PlannedColumn, now: string): JsonValue {
  switch (fallback.kind) {
    case 'none':
    case 'misfit':
      return null
    case 'uuid':
      return randomUUID()
    case 'now':
      return momentOf(type, now)
    case 'value':
      return fallback.value
    default:
      return assertNever(fallback)
  }
}

/** The same for all records of a call. */
function momentOf(type: ColumnType, now: string): JsonValue {
  if (latest.now !== now) latest = { now, values: new Map() }
  const known = latest.values.get(type.base)
  if (known !== undefined) return known
  const value = nowAs(type, now)
  latest.values.set(type.base, value)
  return value
}

let latest: { readonly now: string; readonly values: Map<BaseType, JsonValue> } = { now: '', values: new Map() }

function unknownColumn(table: StoredTable, name: string, index: number | undefined): AppError {
  const sentence = name.startsWith('_')
    ? `Table "${table.schema.name}" has no column ${showValue(name)} to write; the studio keeps it. Leave it out.`
    : `Table "${table.schema.name}" has no column ${showValue(name)}.`
  return new AppError('VALIDATION', sentence, {
    details: { table: table.schema.name, column: name.slice(0, 200), ...at(index) },
  })
}

function misfitValue(
  table: StoredTable,
  { column, isSecret }: PlannedColumn,
  value: JsonValue,
  reason: string,
  index: number | undefined,
): AppError {
  const shown = isSecret ? 'the value' : showValue(value)
  return new AppError(
    'VALIDATION',
    `Column "${column.name}" of table "${table.schema.name}" takes ${column.type}, and ${shown} ${reason}.`,
    {
      details: {
        table: table.schema.name,
        column: column.name,
        ...(isSecret ? {} : { value: shownValue(value) }),
        reason,
        ...at(index),
      },
    },
  )
}

function missingValue(table: StoredTable, { name }: PlannedColumn, index: number | undefined): AppError {
  return new AppError('CONSTRAINT', `Column "${name}" of table "${table.schema.name}" is required. Fill it in.`, {
    details: { table: table.schema.name, column: name, columns: [name], constraint: 'required', ...at(index) },
  })
}

/** A value in the details of an error: whole when it is short. */
export function shownValue(value: JsonValue): JsonValue {
  return JSON.stringify(value).length <= 200 ? value : showValue(value)
}

function at(index: number | undefined): { readonly index?: number } {
  return index === undefined ? {} : { index }
}
