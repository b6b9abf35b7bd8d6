import { AppError } from '../app-error'
import type { JsonObject, JsonValue } from '../json'
import { type Condition, type Filter, filterOperators } from './filter'
import { showValue } from './text-problem'

/** More than people write, and few enough for one statement. */
export const conditionLimit = 1000

/**
 * Reads a filter tree, or its short form `{column: value}`: equality, all of them; null means empty. Throws VALIDATION
 * with what is wrong. Nesting is bounded where the input enters (`fields.ts`).
 */
export function normaliseFilter(input: JsonValue | Filter | undefined): Filter {
  if (input === undefined) return { and: [] }
  const filter = readTree(input, true)
  if (countConditions(filter) > conditionLimit)
    throw refuse(`A filter has at most ${conditionLimit.toLocaleString('en')} conditions.`)
  return filter
}

function readTree(input: JsonValue | Filter, atTop: boolean): Filter {
  if (!isObject(input)) throw refuse(`A filter is an object, and ${showValue(toJson(input))} is not.`)
  const members = Object.keys(input)
  if (members.length === 1) {
    const { and, or, not } = input
    if (Array.isArray(and)) return { and: and.map((part: JsonValue) => readTree(part, false)) }
    if (Array.isArray(or)) return { or: or.map((part: JsonValue) => readTree(part, false)) }
    if (isObject(not)) return { not: readTree(not, false) }
  }
  if (Object.hasOwn(input, 'column') && Object.hasOwn(input, 'op')) return readCondition(input)
  if (!atTop && members.length === 0) return { and: [] }
  return { and: Object.entries(input).map(([column, value]) => equality(column, value)) }
}

function readCondition(input: JsonObject): Condition {
  const { column, op: name, value, ...more } = input
  const op = filterOperators.find((candidate) => candidate === name)
  if (typeof column !== 'string') throw refuse('The "column" of a condition is its name.')
  if (!op)
    throw refuse(`There is no operator ${showValue(name ?? null)}. The operators are ${filterOperators.join(', ')}.`)
  if (value === undefined) throw refuse(`The condition on "${column}" has no "value".`)
  const [other] = Object.keys(more)
  if (other !== undefined) throw refuse(`A condition has column, op and value, and no "${other}".`)
  return { column, op, value }
}

function equality(column: string, value: JsonValue): Condition {
  return value === null ? { column, op: 'is', value } : { column, op: 'eq', value }
}

function countConditions(filter: Filter): number {
  if ('column' in filter) return 1
  if ('not' in filter) return countConditions(filter.not)
  const parts = 'and' in filter ? filter.and : filter.or
  return parts.reduce((sum, part) => sum + countConditions(part), 0)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toJson(value: unknown): JsonValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

function refuse(sentence: string): AppError {
  return new AppError('VALIDATION', sentence)
}
