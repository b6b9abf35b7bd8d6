import { AppError } from '@shared/app-error'
import type { ColumnType } from '@shared/domain/column-type'
import { showValue } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import { inlined, type SqlQuery } from '../../db/sql'
import { pathValue, recordId, recordRevision, typedColumn } from '../tables/column.sql'
import { checkPath } from '../tables/json-path'
import type { StoredTable } from '../tables/stored-table'
import { type RecordRow, readColumn } from './record'
import { type PlannedColumn, planOf } from './record-plan'

/** What a condition or a sort speaks of: a column, `_id`, `_revision`, or a path into a jsonb column. */
export interface FilterTarget {
  readonly table: StoredTable
  /** As it was written. */
  readonly name: string
  readonly type: ColumnType
  readonly isPath: boolean
  /** The record's id. */
  readonly isIdentity: boolean
  readonly isNullable: boolean
  /** The column it is read from; undefined for `_id` and `_revision`. */
  readonly column: PlannedColumn | undefined
  readonly expression: SqlQuery
  /** The same value, of a row that was read. */
  readonly read: (row: RecordRow) => JsonValue
}

/** VALIDATION when there is no such column, FORBIDDEN when it is secret. The record is the row called `row`. */
export function resolveTarget(table: StoredTable, name: string, row = 'd'): FilterTarget {
  if (name === '_id')
    return {
      table,
      name,
      type: { base: 'uuid', array: false },
      isPath: false,
      isIdentity: true,
      isNullable: false,
      column: undefined,
      expression: recordId(table, row),
      read: ({ id }) => id,
    }
  if (name === '_revision')
    return {
      table,
      name,
      type: { base: 'integer', array: false },
      isPath: false,
      isIdentity: false,
      isNullable: false,
      column: undefined,
      expression: recordRevision(table, row),
      read: ({ revision }) => revision,
    }
  const [head = '', ...path] = name.split('.')
  const planned = planOf(table).byName.get(head)
  if (!planned)
    throw new AppError('VALIDATION', `Table "${table.schema.name}" has no column ${showValue(head)}.`, {
      details: { column: head.slice(0, 200) },
    })
  if (planned.isSecret) throw secretColumn(head)
  const { column, type } = planned
  if (path.length === 0)
    return {
      table,
      name,
      type,
      isPath: false,
      isIdentity: planned.isId,
      isNullable: !planned.isRequired,
      column: planned,
      expression: inlined(typedColumn(table, column, row)),
      read: (record) => readColumn(planned, record),
    }
  checkPath(column, name, path)
  return {
    table,
    name,
    type,
    isPath: true,
    isIdentity: false,
    isNullable: true,
    column: planned,
    expression: inlined(pathValue(table, column, path, row)),
    read: (record) => follow(readColumn(planned, record), path),
  }
}

export function secretColumn(name: string): AppError {
  return new AppError(
    'FORBIDDEN',
    `Column "${name}" holds password hashes. It cannot be read, filtered or sorted by.`,
    {
      details: { column: name },
    },
  )
}

/** As Postgres' #> goes: names in objects, positions in arrays, from the end when negative. */
function follow(value: JsonValue, path: readonly string[]): JsonValue {
  let current: JsonValue = value
  for (const step of path) {
    if (current === null || typeof current !== 'object') return null
    if (Array.isArray(current)) {
      const items: readonly JsonValue[] = current
      current = (/^-?\d+$/.test(step) ? items.at(Number(step)) : undefined) ?? null
    } else current = (Object.hasOwn(current, step) ? Reflect.get(current, step) : undefined) ?? null
  }
  return current
}
