import { renderValue } from '@shared/domain/coerce-value'
import { type SqlQuery, sql } from '../../db/sql'
import { loose } from '../records/filter.sql'
import type { Slot } from '../records/statement'
import { comparableText } from '../tables/column.sql'
import type { Operation, RestFilter } from './filter-grammar'
import { type Operand, readValue } from './rest-filter.sql'
import type { FieldRef } from './select-grammar'

/** Comparisons whose values are given later: their text is the same for every value. */
export interface Later {
  readonly slots: ReadonlyMap<RestFilter, Slot>
  /** By the names of the slots; filled while the conditions are written. */
  readonly readers: Map<string, (text: string) => string>
}

const operators = { eq: sql`=`, neq: sql`<>`, gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` } as const

type LaterOperation = { readonly op: keyof typeof operators; readonly value: string; readonly quantifier: null }

export function isLater(operation: Operation): operation is LaterOperation {
  return operation.op in operators && 'quantifier' in operation && operation.quantifier === null
}

/** Null for a filter that has no slot, or whose text depends on its value. */
export function laterSql(
  { slots, readers }: Later,
  filter: RestFilter,
  operandOf: (field: FieldRef) => Operand,
): SqlQuery | null {
  const slot = slots.get(filter)
  if (slot === undefined || filter.kind !== 'condition' || !isLater(filter.operation)) return null
  const operand = operandOf(filter.field)
  const { target, kind, expression } = operand
  const type = loose(target.type)
  if (kind !== 'column' || type.array || type.base === 'jsonb') return null
  readers.set(slot.name, (text) => renderValue(type, readValue(operand, text)))
  return sql`${expression} ${operators[filter.operation.op]} ${comparableText(target.table, type, sql`${slot}::text`)}`
}
