import { parseColumnType } from '@shared/domain/column-type'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import type { PlannedColumn } from '../records/record-plan'
import { permitted } from '../rules/access'
import {
  jsonColumn,
  ownRecords,
  recordId,
  recordRevision,
  recordsOf,
  storedColumn,
  storedValue,
  typeSql,
} from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { type Link, type Relation, relationOf } from './relations'
import type { Level, OrderTerm, RestQuery } from './request-grammar'
import { noColumn, parseError, RestError } from './rest-error'
import { operandOf, restFilterSql } from './rest-filter.sql'
import { permissionOf, type RestScope, visibleColumn, visibleColumns } from './rest-scope'
import type { FieldRef, SelectEmbed, SelectField, SelectItem } from './select-grammar'

/** One table of a query: the one that is asked for, or one that is embedded in it. */
export interface Node {
  readonly table: StoredTable
  /** The name of its record in the statement. */
  readonly row: string
  readonly outputs: readonly Output[]
  /** Everything that decides which records are seen: whose they are, the rules, the filters, inner embeds. */
  readonly conditions: readonly SqlQuery[]
  readonly from: SqlQuery
  /** Null where aggregates leave no records to sort. */
  readonly order: SqlQuery | null
  readonly limit: number | null
  readonly offset: number
  /** Null without aggregates; otherwise the positions of the outputs that are grouped by. */
  readonly groups: readonly number[] | null
  /** Tables whose own columns the text names: what a prepared statement of it depends on. */
  readonly tables: ReadonlySet<StoredTable>
}

export interface Output {
  readonly name: string
  readonly sql: SqlQuery
}

/** Records of an embed, like those of a page. */
export const pageLimit = 1000

const none: Level = { filters: [], order: [], limit: null, offset: 0 }

/** What the address asks of a table and of all that is embedded in it, held to what the caller may see. */
export function compileQuery(scope: RestScope, table: StoredTable, query: RestQuery): Node {
  const names = { count: 0, tables: new Set<StoredTable>() }
  const used = new Set<string>()
  const node = compile(
    { scope, query, names, used },
    { table, row: 'd', items: query.select, level: query.root, path: [] },
  )
  for (const path of query.embedded.keys())
    if (!used.has(path))
      throw new RestError(400, 'PGRST108', `'${path.slice(0, 200)}' is not an embedded resource in this request`, {
        hint: `Verify that '${path.slice(0, 200)}' is included in the 'select' query parameter.`,
      })
  return node
}

interface Compiling {
  readonly scope: RestScope
  readonly query: RestQuery
  readonly names: { count: number; readonly tables: Set<StoredTable> }
  readonly used: Set<string>
}

interface Place {
  readonly table: StoredTable
  readonly row: string
  readonly items: readonly SelectItem[]
  readonly level: Level
  readonly path: readonly string[]
  readonly relation?: { readonly relation: Relation; readonly outer: string } | undefined
}

interface Embedded {
  readonly embed: SelectEmbed
  readonly name: string
  readonly relation: Relation
  readonly node: Node
}

function compile(compiling: Compiling, place: Place): Node {
  const { scope, names } = compiling
  const { table, row, items, level } = place
  names.tables.add(table)
  const permission = permissionOf(scope, table, 'select')
  const embeds = items.flatMap((item) => (item.kind === 'embed' ? [compileEmbed(compiling, place, item)] : []))
  const operand = (field: FieldRef) => operandOf(scope, table, row, field)
  const exists = (name: string) => {
    const found = embeds.find((one) => one.name === name)
    return found ? existsSql(found.node) : null
  }
  const joined = place.relation && joinSql(compiling, place.relation.relation, place.relation.outer, row)
  const conditions = [
    ownRecords(scope.projectId, table, row),
    ...(joined?.conditions ?? []),
    permitted(permission, row),
    ...level.filters.map((filter) => restFilterSql(filter, operand, exists)),
    ...embeds.filter(({ embed }) => embed.isInner).map(({ node }) => existsSql(node)),
  ]
  const outputs = items.flatMap((item): readonly Output[] => {
    if (item.kind === 'all') return visibleColumns(scope, table).map((column) => outputOf(table, column, row))
    if (item.kind === 'field') return [fieldOutput(scope, table, row, item)]
    const found = embeds.find(({ embed }) => embed === item)
    return found ? embedOutputs(found) : []
  })
  const isAggregated = items.some((item) => item.kind === 'field' && isAggregate(table, item))
  return {
    table,
    row,
    outputs,
    conditions,
    from: joined ? joined.from : recordsOf(table, row),
    order: isAggregated ? groupOrderSql(level.order, outputs) : orderSql(compiling, place, embeds),
    limit: level.limit,
    offset: level.offset,
    groups: isAggregated ? groupsOf(table, items, outputs) : null,
    tables: names.tables,
  }
}

function compileEmbed(compiling: Compiling, place: Place, embed: SelectEmbed): Embedded {
  const { scope, query, names, used } = compiling
  const relation = relationOf(scope.tables, place.table, embed)
  if (embed.isSpread && !relation.isOne)
    throw new RestError(400, 'PGRST119', `A spread operation on '${embed.relation}' is not possible`, {
      details: `'${place.table.schema.name}' and '${embed.relation}' do not form a many-to-one or one-to-one relationship.`,
    })
  const name = embed.alias ?? embed.relation
  const paths = [...new Set([name, embed.relation])].map((one) => [...place.path, one])
  const found = paths.find((path) => query.embedded.has(path.join('.'))) ?? paths[0] ?? []
  used.add(found.join('.'))
  names.count += 1
  if (names.count > 50) throw parseError('At most 50 relations are embedded.')
  const row = `e${names.count}`
  const level = query.embedded.get(found.join('.')) ?? none
  // What lies on the way to an embed counts as named, too.
  for (let length = 1; length < found.length; length++) used.add(found.slice(0, length).join('.'))
  const node = compile(compiling, {
    table: relation.other,
    row,
    items: embed.items,
    level,
    path: found,
    relation: { relation, outer: place.row },
  })
  return { embed, name, relation, node }
}

function joinSql(
  { scope, names }: Compiling,
  relation: Relation,
  outer: string,
  row: string,
): { readonly from: SqlQuery; readonly conditions: readonly SqlQuery[] } {
  const { other } = relation
  switch (relation.kind) {
    case 'to':
      return { from: recordsOf(other, row), conditions: [sameSql(relation.link, outer, row)] }
    case 'from':
      return { from: recordsOf(other, row), conditions: [sameSql(relation.link, row, outer)] }
    case 'through': {
      const between = relation.here.table
      const name = `j${row}`
      names.tables.add(between)
      return {
        from: sql`${recordsOf(other, row)} cross join ${recordsOf(between, name)}`,
        conditions: [
          ownRecords(scope.projectId, between, name),
          permitted(permissionOf(scope, between, 'select'), name),
          sameSql(relation.here, name, outer),
          sameSql(relation.there, name, row),
        ],
      }
    }
  }
}

function sameSql({ table, column, target, key }: Link, from: string, to: string): SqlQuery {
  return inlined(sql`${storedValue(target, key, to)} = ${storedValue(table, column, from)}`)
}

function existsSql(node: Node): SqlQuery {
  return sql`exists (select from ${node.from} where ${join(node.conditions, ' and ')})`
}

/** Of each record its columns; with aggregates, of each group. Sorted and cut. */
export function recordsSql(node: Node, limit: number | null = node.limit): SqlQuery {
  const list = join(
    node.outputs.map((output) => sql`${output.sql} as ${identifier(output.name)}`),
    ', ',
  )
  const groups =
    node.groups === null || node.groups.length === 0
      ? sql``
      : sql`group by ${join(
          node.groups.map((position) => inlined(sql`${position}`)),
          ', ',
        )}`
  return sql`select ${list} from ${node.from} where ${join(node.conditions, ' and ')} ${groups}
    ${node.order === null ? sql`` : sql`order by ${node.order}`} ${limit === null ? sql`` : sql`limit ${limit}`}
    ${node.offset === 0 ? sql`` : sql`offset ${node.offset}`}`
}

function embedOutputs({ embed, name, relation, node }: Embedded): readonly Output[] {
  if (embed.isSpread)
    return node.outputs.map((output) => ({
      name: output.name,
      sql: sql`(select ${output.sql} from ${node.from} where ${join(node.conditions, ' and ')} limit 1)`,
    }))
  if (node.outputs.length === 0) return []
  const limit = Math.min(relation.isOne && node.groups === null ? 1 : pageLimit, node.limit ?? pageLimit)
  const records = recordsSql(node, limit)
  const value = relation.isOne
    ? sql`(select row_to_json(x) from (${records}) x)`
    : sql`(select coalesce(json_agg(x), '[]'::json) from (${records}) x)`
  return [{ name, sql: value }]
}

function fieldOutput(scope: RestScope, table: StoredTable, row: string, field: SelectField): Output {
  if (isCount(table, field)) return { name: field.alias ?? 'count', sql: casted(sql`count(*)`, field.aggregateCast) }
  const whole = wholeValue(scope, table, row, field)
  const name = field.alias ?? field.aggregate ?? whole.name
  if (field.aggregate === null) return { name, sql: whole.sql }
  return { name, sql: casted(aggregated(field.aggregate, whole.sql), field.aggregateCast) }
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

function isAggregate(table: StoredTable, field: SelectField): boolean {
  return field.aggregate !== null || isCount(table, field)
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

function groupsOf(table: StoredTable, items: readonly SelectItem[], outputs: readonly Output[]): readonly number[] {
  const isPlain = items.every((item) => item.kind === 'field')
  if (!isPlain) throw new RestError(400, '42803', 'Beside an aggregate only columns and other aggregates are selected.')
  return outputs.flatMap((_, index) => {
    const item = items[index]
    return item?.kind === 'field' && !isAggregate(table, item) ? [index + 1] : []
  })
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

/** The column as it leaves. Of the dedicated tier what JSON writes like its canonical form goes as it is. */
function outputOf(table: StoredTable, { name, column, type, isId }: PlannedColumn, row: string): Output {
  const isPlain = !type.array && ['text', 'varchar', 'smallint', 'integer', 'boolean', 'uuid'].includes(type.base)
  if (isId) return { name, sql: recordId(table, row) }
  if (table.storage.tier === 'dedicated' && isPlain) return { name, sql: storedColumn(table, column, row) }
  return { name, sql: inlined(jsonColumn(table, column, row)) }
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
  bool: 'boolean',
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

/** Always total: records that are equal in it come in the order of their ids. */
function orderSql(compiling: Compiling, { table, row, level }: Place, embeds: readonly Embedded[]): SqlQuery {
  const terms = level.order.map((term) => {
    const expression = termSql(compiling, table, row, term, embeds)
    const nulls = term.nulls === 'first' ? sql`nulls first` : sql`nulls last`
    return term.direction === 'asc' ? sql`${expression} asc ${nulls}` : sql`${expression} desc ${nulls}`
  })
  return join([...terms, recordId(table, row)], ', ')
}

/** Groups are sorted by what is selected of them. */
function groupOrderSql(order: readonly OrderTerm[], outputs: readonly Output[]): SqlQuery | null {
  if (order.length === 0) return null
  const terms = order.map(({ field, direction, nulls }) => {
    const at = outputs.findIndex(({ name }) => name === field.name)
    if (at < 0 || field.path.length > 0)
      throw new RestError(400, '42803', `Groups are sorted by what is selected, and "${field.name}" is not.`)
    const position = inlined(sql`${at + 1}`)
    const last = nulls === 'first' ? sql`nulls first` : sql`nulls last`
    return direction === 'asc' ? sql`${position} asc ${last}` : sql`${position} desc ${last}`
  })
  return join(terms, ', ')
}

function termSql(
  { scope }: Compiling,
  table: StoredTable,
  row: string,
  { relation, field }: OrderTerm,
  embeds: readonly Embedded[],
): SqlQuery {
  if (relation === null) return operandOf(scope, table, row, field).expression
  const found = embeds.find(({ name, embed }) => name === relation || embed.relation === relation)
  if (!found)
    throw new RestError(400, 'PGRST108', `'${relation.slice(0, 200)}' is not an embedded resource in this request`, {
      hint: `Verify that '${relation.slice(0, 200)}' is included in the 'select' query parameter.`,
    })
  const { node } = found
  if (!found.relation.isOne)
    throw new RestError(400, 'PGRST118', `A related order on '${relation}' is not possible`, {
      details: `'${table.schema.name}' and '${relation}' do not form a many-to-one or one-to-one relationship.`,
    })
  const { expression } = operandOf(scope, node.table, node.row, field)
  return sql`(select ${expression} from ${node.from} where ${join(node.conditions, ' and ')} limit 1)`
}
