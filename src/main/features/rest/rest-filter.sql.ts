import { assertNever } from '@shared/assert-never'
import { writeArrayLiteral } from '@shared/domain/array-literal'
import { parseValue } from '@shared/domain/coerce-value'
import { type BaseType, type ColumnType, formatColumnType } from '@shared/domain/column-type'
import { textProblem } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import { inlined, join, type SqlQuery, sql } from '../../db/sql'
import { conditionSql, loose } from '../records/filter.sql'
import { type FilterTarget, resolveTarget } from '../records/filter-target'
import { jsonColumn, typedValue } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import type { Comparison, Operation, RestFilter } from './filter-grammar'
import { withoutExcess } from './lenient-value'
import { misfitState, noColumn, RestError } from './rest-error'
import { type RestScope, visibleColumn } from './rest-scope'
import type { FieldRef } from './select-grammar'

/** What a condition or an order speaks of: a column, or what a path into one leads to. */
export interface Operand {
  readonly name: string
  readonly kind: 'column' | 'json' | 'text'
  readonly target: FilterTarget
  /** As it is compared and sorted. */
  readonly expression: SqlQuery
}

/** 42703 for what is not there and for what the caller may not see. */
export function operandOf(scope: RestScope, table: StoredTable, row: string, { name, path }: FieldRef): Operand {
  if ((name === '_id' || name === '_revision') && path.length === 0) {
    const target = resolveTarget(table, name, row)
    return { name, kind: 'column', target, expression: target.expression }
  }
  const column = visibleColumn(scope, table, name)
  if (!column) throw noColumn(table.schema.name, name)
  const target = resolveTarget(table, name, row)
  if (path.length === 0) return { name, kind: 'column', target, expression: target.expression }
  if (column.type.base !== 'jsonb' && !column.type.array)
    throw new RestError(400, '42883', `operator does not exist: ${formatColumnType(column.type)} -> unknown`)
  const keys = path.map(({ key }) => key)
  if (keys.some((key) => textProblem(key) !== null)) throw new RestError(400, '22P05', 'A path holds what no text can.')
  const value = inlined(sql`(${jsonColumn(table, column.column, row)} #> ${writeArrayLiteral(keys)}::text[])`)
  const isText = path.at(-1)?.asText === true
  return {
    name: `${name}->${keys.join('->')}`,
    kind: isText ? 'text' : 'json',
    target,
    expression: isText ? sql`(${value} #>> '{}')` : value,
  }
}

export function restFilterSql(
  filter: RestFilter,
  operand: (field: FieldRef) => Operand,
  embed: (name: string) => SqlQuery | null = () => null,
): SqlQuery {
  if (filter.kind !== 'condition') {
    const parts = filter.parts.map((part) => restFilterSql(part, operand, embed))
    const tree = sql`(${join(parts, filter.kind === 'and' ? ' and ' : ' or ')})`
    return filter.isNegated ? sql`not ${tree}` : tree
  }
  const { field, operation, isNegated } = filter
  // `author=is.null`: whether there is such a record.
  const exists = field.path.length === 0 ? embed(field.name) : null
  if (exists && operation.op === 'is' && (operation.word === 'null' || operation.word === 'not_null'))
    return (operation.word === 'null') !== isNegated ? sql`not ${exists}` : exists
  const condition = operationSql(exists ? columnNamed(field, operand) : operand(field), operation)
  return isNegated ? sql`not (${condition})` : condition
}

/** An embed may have the name of a column, and a column takes every operator. */
function columnNamed(field: FieldRef, operand: (field: FieldRef) => Operand): Operand {
  try {
    return operand(field)
  } catch (error) {
    if (!(error instanceof RestError) || error.code !== '42703') throw error
    throw new RestError(400, 'PGRST120', `Bad operator on the '${field.name}' embedded resource`, {
      details: 'Only is null or not is null filters are allowed on embedded resources',
    })
  }
}

function operationSql(operand: Operand, operation: Operation): SqlQuery {
  switch (operation.op) {
    case 'eq':
    case 'neq':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    case 'like':
    case 'ilike':
    case 'match':
    case 'imatch': {
      if (operation.quantifier === null) return comparisonSql(operand, operation.op, operation.value)
      const each = operation.values.map((value) => comparisonSql(operand, operation.op, value))
      if (each.length === 0) return operation.quantifier === 'any' ? sql`false` : sql`true`
      return sql`(${join(each, operation.quantifier === 'any' ? ' or ' : ' and ')})`
    }
    case 'in':
      return inSql(operand, operation.values)
    case 'is':
      return isSql(operand, operation.word)
    case 'isdistinct':
      return sql`${operand.expression} is distinct from ${valueSql(operand, operation.value)}`
    case 'cs':
    case 'cd':
    case 'ov':
      return containsSql(operand, operation.op, operation.value)
    case 'fts':
    case 'plfts':
    case 'phfts':
    case 'wfts':
      return searchSql(operand, operation)
    case 'sl':
    case 'sr':
    case 'nxl':
    case 'nxr':
    case 'adj':
      throw unsuited(operand, operation.op)
    default:
      return assertNever(operation)
  }
}

function comparisonSql(operand: Operand, op: Comparison, text: string): SqlQuery {
  const { expression, kind, target } = operand
  switch (op) {
    case 'like':
    case 'ilike': {
      const value = patternOf(operand, text)
      return op === 'like' ? sql`${textOf(operand, op)} like ${value}` : sql`${textOf(operand, op)} ilike ${value}`
    }
    case 'match':
      return sql`${textOf(operand, op)} ~ ${checked(operand, text)}::text`
    case 'imatch':
      return sql`${textOf(operand, op)} ~* ${checked(operand, text)}::text`
    default:
  }
  if (kind === 'column' && (op === 'eq' || op === 'neq' || !(target.type.array || target.type.base === 'jsonb')))
    return conditionSql(target, { column: operand.name, op, value: readValue(operand, text) })
  const value = valueSql(operand, text)
  switch (op) {
    case 'eq':
      return sql`${expression} = ${value}`
    case 'neq':
      return sql`${expression} <> ${value}`
    case 'gt':
      return sql`${expression} > ${value}`
    case 'gte':
      return sql`${expression} >= ${value}`
    case 'lt':
      return sql`${expression} < ${value}`
    case 'lte':
      return sql`${expression} <= ${value}`
    default:
      return assertNever(op)
  }
}

function inSql(operand: Operand, values: readonly string[]): SqlQuery {
  if (values.length === 0) return sql`false`
  const { kind, target, expression, name } = operand
  if (kind === 'text') return sql`${expression} = any(${values.map((value) => checked(operand, value))}::text[])`
  if (kind === 'json')
    return sql`${expression} in (${join(
      values.map((value) => valueSql(operand, value)),
      ', ',
    )})`
  return conditionSql(target, { column: name, op: 'in', value: values.map((value) => readValue(operand, value)) })
}

function isSql(operand: Operand, word: 'null' | 'not_null' | 'true' | 'false' | 'unknown'): SqlQuery {
  const { kind, target, expression } = operand
  if (word === 'null') return sql`${expression} is null`
  if (word === 'not_null') return sql`${expression} is not null`
  if (kind !== 'column' || target.type.array || target.type.base !== 'boolean') throw unsuited(operand, `is.${word}`)
  if (word === 'unknown') return sql`${expression} is unknown`
  return word === 'true' ? sql`${expression} is true` : sql`${expression} is false`
}

function containsSql(operand: Operand, op: 'cs' | 'cd' | 'ov', text: string): SqlQuery {
  const { expression, kind, target } = operand
  const isJson = kind === 'json' || (kind === 'column' && target.type.base === 'jsonb' && !target.type.array)
  if (!isJson && !(kind === 'column' && target.type.array)) throw unsuited(operand, op)
  if (isJson && op === 'ov') throw unsuited(operand, op)
  const value = valueSql(operand, text)
  if (op === 'cs') return sql`${expression} @> ${value}`
  return op === 'cd' ? sql`${expression} <@ ${value}` : sql`${expression} && ${value}`
}

/** What Postgres ships with; another name would be an error of the catalogue. */
const languages: ReadonlySet<string> = new Set(
  `simple arabic armenian basque catalan danish dutch english finnish french german greek hindi hungarian indonesian irish
  italian lithuanian nepali norwegian portuguese romanian russian serbian spanish swedish tamil turkish yiddish`.split(
    /\s+/,
  ),
)

function searchSql(
  operand: Operand,
  {
    op,
    value,
    language,
  }: { readonly op: 'fts' | 'plfts' | 'phfts' | 'wfts'; readonly value: string; readonly language: string | null },
): SqlQuery {
  const config = (language ?? 'english').toLowerCase()
  if (!languages.has(config))
    throw new RestError(400, '42704', `text search configuration "${config.slice(0, 50)}" does not exist`)
  const vector = sql`to_tsvector(${config}::regconfig, ${searchable(operand, op)})`
  const text = sql`${checked(operand, value)}::text`
  switch (op) {
    case 'fts':
      return sql`${vector} @@ to_tsquery(${config}::regconfig, ${text})`
    case 'plfts':
      return sql`${vector} @@ plainto_tsquery(${config}::regconfig, ${text})`
    case 'phfts':
      return sql`${vector} @@ phraseto_tsquery(${config}::regconfig, ${text})`
    case 'wfts':
      return sql`${vector} @@ websearch_to_tsquery(${config}::regconfig, ${text})`
    default:
      return assertNever(op)
  }
}

function searchable(operand: Operand, op: string): SqlQuery {
  const isJson = operand.kind === 'json' || (operand.kind === 'column' && operand.target.type.base === 'jsonb')
  return isJson ? operand.expression : textOf(operand, op)
}

/** Of text only: a pattern has no meaning for a number. */
function textOf(operand: Operand, op: string): SqlQuery {
  const { kind, target, expression } = operand
  if (kind === 'text') return expression
  if (kind === 'json' || target.type.array || !isText(target.type.base)) throw unsuited(operand, op)
  return expression
}

function isText(base: BaseType): boolean {
  return base === 'text' || base === 'varchar'
}

function valueSql(operand: Operand, text: string): SqlQuery {
  const { kind, target } = operand
  if (kind === 'text') return sql`${checked(operand, text)}::text`
  if (kind === 'json') return sql`${JSON.stringify(jsonOf(operand, text))}::jsonb`
  return typedValue(target.table, loose(target.type), readValue(operand, text))
}

export function readValue(operand: Operand, text: string): JsonValue {
  const type: ColumnType = loose(operand.target.type)
  const read = parseValue(type, type.array ? text : withoutExcess(type, text))
  if (read.ok) return read.value
  throw badValue(formatColumnType(type), text, misfitState(read.reason))
}

function jsonOf(operand: Operand, text: string): JsonValue {
  const read = parseValue({ base: 'jsonb', array: false }, text)
  if (read.ok) return read.value
  throw badValue('json', text, '22P02', `"${operand.name}" is JSON; use "->>" to compare it as text.`)
}

/** `*` stands for `%`, which would have to be encoded in an address. */
function patternOf(operand: Operand, text: string): string {
  const pattern = checked(operand, text).replaceAll('*', '%')
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(pattern))
    throw new RestError(400, '22025', 'LIKE pattern must not end with escape character')
  return pattern
}

function checked(operand: Operand, text: string): string {
  const problem = textProblem(text)
  if (problem !== null) throw new RestError(400, '22P05', `The value for "${operand.name}" ${problem}.`)
  return text
}

function badValue(type: string, text: string, state: string, hint: string | null = null): RestError {
  return new RestError(400, state, `invalid input syntax for type ${type}: ${JSON.stringify(text.slice(0, 100))}`, {
    hint,
  })
}

function unsuited({ name, kind, target }: Operand, op: string): RestError {
  const type = kind === 'column' ? formatColumnType(target.type) : kind
  return new RestError(400, '42883', `operator "${op}" does not go with "${name.slice(0, 200)}", which is ${type}`)
}
