import { AppError } from '@shared/app-error'
import { assertNever } from '@shared/assert-never'
import { coerceValue } from '@shared/domain/coerce-value'
import type { BaseType, ColumnType } from '@shared/domain/column-type'
import type { Condition, Filter } from '@shared/domain/filter'
import { jsonProblem, showValue, textProblem } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import { join, type SqlQuery, sql } from '../../db/sql'
import { typedArrays, typedValue, typedValues } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { type FilterTarget, resolveTarget } from './filter-target'

/** The filter as a condition on the record `row`. VALIDATION where operator, type and value do not go together. */
export function filterSql(table: StoredTable, filter: Filter, row = 'd'): SqlQuery {
  if ('column' in filter) return conditionSql(resolveTarget(table, filter.column, row), filter)
  if ('not' in filter) return sql`not (${filterSql(table, filter.not, row)})`
  const isAnd = 'and' in filter
  const parts = (isAnd ? filter.and : filter.or).map((part) => filterSql(table, part, row))
  if (parts.length === 0) return isAnd ? sql`true` : sql`false`
  return sql`(${join(parts, isAnd ? ' and ' : ' or ')})`
}

export function conditionSql(target: FilterTarget, condition: Condition): SqlQuery {
  const { expression } = target
  const { op, value } = condition
  switch (op) {
    case 'eq':
      return value === null ? sql`${expression} is null` : sql`${expression} = ${comparable(target, condition)}`
    case 'neq':
      return value === null ? sql`${expression} is not null` : sql`${expression} <> ${comparable(target, condition)}`
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return orderSql(target, condition)
    case 'like':
    case 'ilike': {
      const pattern = textValue(target, condition)
      if (/(?:^|[^\\])(?:\\\\)*\\$/.test(pattern))
        throw refuse(target, condition, 'ends with a backslash, which escapes nothing')
      return op === 'like' ? sql`${asText(target)} like ${pattern}` : sql`${asText(target)} ilike ${pattern}`
    }
    case 'starts_with':
      return sql`starts_with(${asText(target)}, ${textValue(target, condition)})`
    case 'contains':
      return containsSql(target, condition)
    case 'in':
      return inSql(target, condition)
    case 'is':
      return isSql(target, condition)
    default:
      return assertNever(op)
  }
}

const unordered: ReadonlySet<BaseType> = new Set(['jsonb'])

function orderSql(target: FilterTarget, condition: Condition): SqlQuery {
  const { expression, type, isPath } = target
  const { op, value } = condition
  if (!isPath && (type.array || unordered.has(type.base))) throw unsuited(target, condition)
  if (value === null) throw refuse(target, condition, 'is not a value to compare with; use "is"')
  if (isPath && typeof value === 'object') throw refuse(target, condition, 'has no order')
  const other = comparable(target, condition)
  // jsonb orders across kinds (every number is more than every text), which is never what was meant.
  const sameKind = isPath ? sql`jsonb_typeof(${expression}) = ${jsonKind(value)} and ` : sql``
  switch (op) {
    case 'gt':
      return sql`(${sameKind}${expression} > ${other})`
    case 'gte':
      return sql`(${sameKind}${expression} >= ${other})`
    case 'lt':
      return sql`(${sameKind}${expression} < ${other})`
    default:
      return sql`(${sameKind}${expression} <= ${other})`
  }
}

function containsSql(target: FilterTarget, condition: Condition): SqlQuery {
  const { expression, type, isPath } = target
  const { value } = condition
  if (type.array) {
    const items = Array.isArray(value) ? value : [value]
    return sql`${expression} @> ${typedValue(target.table, type, coerced(target, condition, type, items))}`
  }
  if (type.base === 'jsonb') {
    const part = sql`${expression} @> ${typedValue(target.table, type, coerced(target, condition, type, value))}`
    if (!isPath || typeof value !== 'string') return part
    return sql`(${part} or position(${value}::text in ${asText(target)}) > 0)`
  }
  return sql`position(${textValue(target, condition)}::text in ${asText(target)}) > 0`
}

function inSql(target: FilterTarget, condition: Condition): SqlQuery {
  const { value } = condition
  if (!Array.isArray(value)) throw refuse(target, condition, 'is not a list')
  const items: readonly JsonValue[] = value
  if (items.includes(null)) throw refuse(target, condition, 'holds null; add a condition with "is"')
  const type = loose(target.type)
  const values = items.map((item) => coerced(target, condition, type, item))
  // An array of arrays is one array to Postgres.
  if (type.array) return sql`${target.expression} in (${typedArrays(target.table, type, values)})`
  return sql`${target.expression} = any(${typedValues(target.table, type, values)})`
}

function isSql(target: FilterTarget, condition: Condition): SqlQuery {
  const { expression, type, isPath } = target
  const word = typeof condition.value === 'string' ? condition.value.toLowerCase() : condition.value
  if (word === null || word === 'null') return sql`${expression} is null`
  if (word === 'not_null' || word === 'not null') return sql`${expression} is not null`
  const truth = word === true || word === 'true' ? true : word === false || word === 'false' ? false : null
  if (truth === null) throw refuse(target, condition, 'is none of null, not_null, true and false')
  if (isPath) return sql`${expression} = ${JSON.stringify(truth)}::jsonb`
  if (type.base !== 'boolean' || type.array) throw unsuited(target, condition)
  return truth ? sql`${expression} is true` : sql`${expression} is false`
}

function comparable(target: FilterTarget, condition: Condition): SqlQuery {
  const type = loose(target.type)
  return typedValue(target.table, type, coerced(target, condition, type, condition.value))
}

/** A comparison does not keep to a column's size: 1.234 is not a value of numeric(4,2), and can be asked about. */
export function loose(type: ColumnType): ColumnType {
  // There is no comparison between arrays of different types.
  const isInteger = !type.array && (type.base === 'smallint' || type.base === 'integer')
  return { base: isInteger ? 'bigint' : type.base, array: type.array }
}

function coerced(target: FilterTarget, condition: Condition, type: ColumnType, value: JsonValue): JsonValue {
  const result = coerceValue(type, value)
  if (!result.ok) throw refuse(target, { ...condition, value }, result.reason)
  return result.value
}

function textValue(target: FilterTarget, condition: Condition): string {
  const { type, isPath } = target
  if (!isPath && (type.array || (type.base !== 'text' && type.base !== 'varchar'))) throw unsuited(target, condition)
  if (typeof condition.value !== 'string') throw refuse(target, condition, 'is not text')
  const problem = textProblem(condition.value)
  if (problem) throw refuse(target, condition, problem)
  return condition.value
}

function asText({ expression, isPath }: FilterTarget): SqlQuery {
  return isPath ? sql`(${expression} #>> '{}')` : expression
}

function jsonKind(value: JsonValue): string {
  return typeof value
}

function refuse(target: FilterTarget, { op, value }: Condition, reason: string): AppError {
  const shown = jsonProblem(value) === null ? { value: showValue(value) } : {}
  return new AppError(
    'VALIDATION',
    `The condition "${op}" on "${target.name}" cannot be asked: ${showValue(value)} ${reason}.`,
    { details: { column: target.name, op, ...shown, reason } },
  )
}

function unsuited(target: FilterTarget, { op }: Condition): AppError {
  const kind = `${target.type.base}${target.type.array ? '[]' : ''}`
  return new AppError('VALIDATION', `Column "${target.name}" is ${kind}, and "${op}" does not go with that.`, {
    details: { column: target.name, op },
  })
}
