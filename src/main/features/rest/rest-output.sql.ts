import { parseColumnType } from '@shared/domain/column-type'
import { inlined, type SqlQuery, sql } from '../../db/sql'
import type { PlannedColumn } from '../records/record-plan'
import { jsonColumn, recordId, recordRevision, storedColumn, storedValue, typeSql } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { noColumn, RestError } from './rest-error'
import { operandOf } from './rest-filter.sql'
import type { Output } from './rest-node.sql'
import { textFormOf } from './rest-rows.sql'
import { type RestScope, visibleColumn } from './rest-scope'
import type { SelectField, SelectItem } from './select-grammar'

export function fieldOutput(scope: RestScope, table: StoredTable, row: string, field: SelectField): Output {
  if (isCount(table, field)) return { name: field.alias ?? 'count', sql: casted(sql`count(*)`, field.aggregateCast) }
  const whole = wholeValue(scope, table, row, field)
  const name = field.alias ?? field.aggregate ?? whole.name
  if (field.aggregate === null) return { ...whole, name }
  return { name, sql: casted(aggregated(field.aggregate, whole.sql), field.aggregateCast) }
}

export function isAggregate(table: StoredTable, field: SelectField): boolean {
  return field.aggregate !== null || isCount(table, field)
}

export function groupsOf(
  table: StoredTable,
  items: readonly SelectItem[],
  outputs: readonly Output[],
): readonly number[] {
  const isPlain = items.every((item) => item.kind === 'field')
  if (!isPlain) throw new RestError(400, '42803', 'Beside an aggregate only columns and other aggregates are selected.')
  return outputs.flatMap((_, index) => {
    const item = items[index]
    return item?.kind === 'field' && !isAggregate(table, item) ? [index + 1] : []
  })
}

/** The column as it leaves. Of the dedicated tier what JSON writes like its canonical form goes as it is. */
export function outputOf(table: StoredTable, planned: PlannedColumn, row: string): Output {
  const { name, column, type, isId } = planned
  const isPlain = !type.array && ['text', 'varchar', 'smallint', 'integer', 'boolean', 'uuid'].includes(type.base)
  const id = recordId(table, row)
  if (isId) return { name, type, sql: id, text: { sql: id, write: (text) => `"${text}"` } }
  const text = table.storage.tier === 'dedicated' ? textFormOf(table, planned, row) : undefined
  if (table.storage.tier === 'dedicated' && isPlain) return { name, type, sql: storedColumn(table, column, row), text }
  const json = inlined(jsonColumn(table, column, row))
  return { name, type, sql: json, text: text ?? { sql: json, write: (value) => value } }
}

/** `count` where no column has this name. */
function isCount(table: StoredTable, { name, path, aggregate, cast }: SelectField): boolean {
  if (name === '') return aggregate === 'count'
  return (
    name === 'count' &&
    aggregate === null &&
    path.length === 0 &&
    cast === null &&
    !table.schema.columns.some((column) => column.name === 'count')
  )
}

function aggregated(aggregate: NonNullable<SelectField['aggregate']>, value: SqlQuery): SqlQuery {
  switch (aggregate) {
    case 'count':
      return sql`count(${value})`
    case 'sum':
      return sql`sum(${value})`
    case 'avg':
      return sql`avg(${value})`
    case 'min':
      return sql`min(${value})`
    case 'max':
      return sql`max(${value})`
  }
}

function wholeValue(scope: RestScope, table: StoredTable, row: string, field: SelectField): Output {
  const { name, path, cast, aggregate } = field
  if (path.length > 0) {
    const { expression } = operandOf(scope, table, row, field)
    const last = [...path].reverse().find(({ key }) => !/^-?\d+$/.test(key))
    return { name: last?.key ?? name, sql: casted(expression, cast) }
  }
  if (name === '_id') return { name, sql: casted(recordId(table, row), cast) }
  if (name === '_revision') return { name, sql: casted(recordRevision(table, row), cast) }
  const column = visibleColumn(scope, table, name)
  if (!column) throw noColumn(table.schema.name, name)
  if (cast === null && aggregate === null) return outputOf(table, column, row)
  return { name, sql: casted(inlined(storedValue(table, column.column, row)), cast) }
}

/** Names that Postgres has for the same types. */
const typeAliases: Readonly<Record<string, string>> = {
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  decimal: 'numeric',
  float4: 'real',
  float8: 'double',
  'double precision': 'double',
  float: 'double',
  bool: 'boolean',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  json: 'jsonb',
  'character varying': 'varchar',
}

function casted(value: SqlQuery, cast: string | null): SqlQuery {
  if (cast === null) return value
  const isArray = cast.endsWith('[]')
  const word = (isArray ? cast.slice(0, -2) : cast).trim().toLowerCase()
  const type = parseColumnType(`${typeAliases[word] ?? word}${isArray ? '[]' : ''}`)
  if (!type) throw new RestError(400, '42704', `type "${cast.slice(0, 50)}" does not exist`)
  return sql`(${value})::${typeSql(type)}`
}
