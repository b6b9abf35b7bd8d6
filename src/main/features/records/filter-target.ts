import { AppError } from '@shared/app-error'
import { typeOf } from '@shared/domain/check-table'
import type { ColumnType } from '@shared/domain/column-type'
import { isSecretColumn } from '@shared/domain/secret-column'
import { showValue, textProblem } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import { type SqlQuery, sql } from '../../db/sql'
import { jsonColumn, typedColumn } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { type RecordRow, readColumn } from './record'

/** What a condition or a sort speaks of: a column, `_id`, `_revision`, or a path into a jsonb column. */
export interface FilterTarget {
  readonly table: StoredTable
  /** As it was written. */
  readonly name: string
  readonly type: ColumnType
  readonly isPath: boolean
  readonly expression: SqlQuery
  /** The same value, of a row that was read. */
  readonly read: (row: RecordRow) => JsonValue
}

const longestPath = 50

/** VALIDATION when there is no such column, FORBIDDEN when it is secret. */
export function resolveTarget(table: StoredTable, name: string): FilterTarget {
  if (name === '_id')
    return {
      table,
      name,
      type: { base: 'uuid', array: false },
      isPath: false,
      expression: sql`d.id`,
      read: ({ id }) => id,
    }
  if (name === '_revision')
    return {
      table,
      name,
      type: { base: 'integer', array: false },
      isPath: false,
      expression: sql`d.revision`,
      read: ({ revision }) => revision,
    }
  const [head = '', ...path] = name.split('.')
  const column = table.schema.columns.find((candidate) => candidate.name === head)
  if (!column)
    throw new AppError('VALIDATION', `Table "${table.schema.name}" has no column ${showValue(head)}.`, {
      details: { column: head.slice(0, 200) },
    })
  if (isSecretColumn(table.schema.name, head)) throw secretColumn(head)
  const type = typeOf(column)
  if (path.length === 0)
    return {
      table,
      name,
      type,
      isPath: false,
      expression: typedColumn(table, column, 'd'),
      read: (row) => readColumn(table, column, row),
    }
  if (type.base !== 'jsonb' || type.array)
    throw new AppError(
      'VALIDATION',
      `Column "${head}" is ${column.type}; only jsonb has paths like ${showValue(name)}.`,
      {
        details: { column: head },
      },
    )
  if (path.length > longestPath || path.includes('') || textProblem(name))
    throw new AppError('VALIDATION', `${showValue(name)} is not a path. A path is like "${head}.a.b".`, {
      details: { column: head },
    })
  return {
    table,
    name,
    type,
    isPath: true,
    expression: sql`nullif(${jsonColumn(table, column, 'd')} #> ${path}::text[], 'null'::jsonb)`,
    read: (row) => follow(readColumn(table, column, row), path),
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
