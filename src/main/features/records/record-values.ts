import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import { assertNever } from '@shared/assert-never'
import { typeOf } from '@shared/domain/check-table'
import { coerceValue } from '@shared/domain/coerce-value'
import { columnDefault, isTouchedOnWrite, nowAs } from '@shared/domain/column-default'
import { coerceSecret, isSecretColumn } from '@shared/domain/secret-column'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { showValue } from '@shared/domain/text-problem'
import type { JsonObject, JsonValue } from '@shared/json'
import { isRecordId } from '../tables/column.sql'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'
import { uuidV7 } from './uuid-v7'

/** Canonical values by column. */
export type Values = ReadonlyMap<string, JsonValue>

/** A record of a create, on its way into `project_data`. */
export interface Draft {
  readonly id: string
  readonly data: JsonObject
}

/**
 * Reads what was sent against the table's columns. VALIDATION for an unknown column and for a value that is not of its
 * column's type, CONSTRAINT for NULL in a required one. `index` tells which record of many it is.
 */
export function readValues(table: StoredTable, input: JsonObject, index?: number): Values {
  const values = new Map<string, JsonValue>()
  const at = index === undefined ? {} : { index }
  for (const [name, value] of Object.entries(input)) {
    const column = table.schema.columns.find((candidate) => candidate.name === name)
    if (!column) {
      const sentence = name.startsWith('_')
        ? `Table "${table.schema.name}" has no column ${showValue(name)} to write; the studio keeps it. Leave it out.`
        : `Table "${table.schema.name}" has no column ${showValue(name)}.`
      throw new AppError('VALIDATION', sentence, { details: { column: name.slice(0, 200), ...at } })
    }
    values.set(name, readValue(table, column, value, at))
  }
  return values
}

function readValue(table: StoredTable, column: ColumnSchema, value: JsonValue, at: { index?: number }): JsonValue {
  const isSecret = isSecretColumn(table.schema.name, column.name)
  const coerced = isSecret ? coerceSecret(value) : coerceValue(typeOf(column), value)
  if (!coerced.ok) {
    const shown = isSecret ? 'the value' : showValue(value)
    const small = JSON.stringify(value).length <= 200
    throw new AppError(
      'VALIDATION',
      `Column "${column.name}" of table "${table.schema.name}" takes ${column.type}, and ${shown} ${coerced.reason}.`,
      {
        details: {
          column: column.name,
          ...(isSecret ? {} : { value: small ? value : showValue(value) }),
          reason: coerced.reason,
          ...at,
        },
      },
    )
  }
  if (coerced.value === null && isRequired(column)) throw missing(table, column, at)
  return coerced.value
}

/** Fills what was left out: defaults, or NULL where that is allowed. */
export function withDefaults(table: StoredTable, given: Values, now: string, index?: number): Values {
  const values = new Map<string, JsonValue>()
  for (const column of table.schema.columns) {
    if (isRecordId(table, column)) continue
    const value = given.has(column.name) ? (given.get(column.name) ?? null) : defaultValue(column, now)
    if (value === null && isRequired(column)) throw missing(table, column, index === undefined ? {} : { index })
    values.set(column.name, value)
  }
  return values
}

export function createDraft(table: StoredTable, input: JsonObject, now: string, index?: number): Draft {
  const given = readValues(table, input, index)
  const own = table.schema.columns.find((column) => isRecordId(table, column))
  const id = own ? given.get(own.name) : undefined
  return {
    id: typeof id === 'string' ? id : uuidV7(),
    data: toData(table, withDefaults(table, given, now, index)),
  }
}

/** The values as members of `data`. NULL is left out, unless the place would then read as something else. */
export function toData(table: StoredTable, values: Values, keepNull = false): JsonObject {
  const members: [string, JsonValue][] = []
  for (const [name, value] of values) {
    const { key, missing: otherwise } = placeOf(table.layout, name)
    if (value !== null || keepNull || otherwise !== undefined) members.push([key, value])
  }
  return Object.fromEntries(members)
}

/** The record's own time of change, where it has one. */
export function touch(table: StoredTable, values: Values, now: string): Values {
  const touched = table.schema.columns.filter(isTouchedOnWrite)
  return new Map([...values, ...touched.map((column) => [column.name, now] as const)])
}

/** The identity cannot change; saying it again is fine. */
export function withoutIdentity(table: StoredTable, values: Values, id: string): Values {
  const own = table.schema.columns.find((column) => isRecordId(table, column))
  if (!own || !values.has(own.name)) return values
  if (values.get(own.name) !== id)
    throw new AppError('VALIDATION', 'The id of a record cannot change. Create a new record instead.', {
      details: { column: own.name, value: values.get(own.name) },
    })
  return new Map([...values].filter(([name]) => name !== own.name))
}

function isRequired(column: ColumnSchema): boolean {
  return column.required === true || column.primary_key === true
}

function defaultValue(column: ColumnSchema, now: string): JsonValue {
  const fallback = columnDefault(column)
  switch (fallback.kind) {
    case 'none':
    case 'misfit':
      return null
    case 'uuid':
      return randomUUID()
    case 'now':
      return nowAs(typeOf(column), now)
    case 'value':
      return fallback.value
    default:
      return assertNever(fallback)
  }
}

function missing(table: StoredTable, column: ColumnSchema, at: { readonly index?: number }): AppError {
  return new AppError(
    'CONSTRAINT',
    `Column "${column.name}" of table "${table.schema.name}" is required. Fill it in.`,
    {
      details: { column: column.name, constraint: 'required', ...at },
    },
  )
}
