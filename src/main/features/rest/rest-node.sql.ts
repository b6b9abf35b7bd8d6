import type { ColumnType } from '@shared/domain/column-type'
import type { SqlQuery } from '../../db/sql'
import { permitted } from '../rules/access'
import { ownRecords, recordsOf } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { type Relation, relationOf } from './relations'
import type { Level, RestQuery } from './request-grammar'
import { embedOutputs, existsSql, joinSql } from './rest-embed.sql'
import { parseError, RestError } from './rest-error'
import { operandOf, restFilterSql } from './rest-filter.sql'
import { type Later, laterSql } from './rest-later.sql'
import { groupOrderSql, orderSql } from './rest-order.sql'
import { fieldOutput, groupsOf, isAggregate, outputOf } from './rest-output.sql'
import type { TextForm } from './rest-rows.sql'
import { permissionOf, type RestScope, visibleColumns } from './rest-scope'
import type { FieldRef, SelectEmbed, SelectItem } from './select-grammar'

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
  /** Of a column that is answered as it is: CSV writes some types in a way of its own. */
  readonly type?: ColumnType
  /** Where it need not be made JSON by Postgres. */
  readonly text?: TextForm | undefined
}

const none: Level = { filters: [], order: [], limit: null, offset: 0 }

/** What the address asks of a table and of all that is embedded in it, held to what the caller may see. */
export function compileQuery(scope: RestScope, table: StoredTable, query: RestQuery, later?: Later): Node {
  const names = { count: 0, tables: new Set<StoredTable>() }
  const used = new Set<string>()
  const node = compile(
    { scope, query, names, used, later },
    { table, row: 'd', items: query.select, level: query.root, path: [] },
  )
  for (const path of query.embedded.keys())
    if (!used.has(path))
      throw new RestError(400, 'PGRST108', `'${path.slice(0, 200)}' is not an embedded resource in this request`, {
        hint: `Verify that '${path.slice(0, 200)}' is included in the 'select' query parameter.`,
      })
  return node
}

export interface Compiling {
  readonly scope: RestScope
  readonly query: RestQuery
  readonly names: { count: number; readonly tables: Set<StoredTable> }
  readonly used: Set<string>
  readonly later?: Later | undefined
}

export interface Place {
  readonly table: StoredTable
  readonly row: string
  readonly items: readonly SelectItem[]
  readonly level: Level
  readonly path: readonly string[]
  readonly relation?: { readonly relation: Relation; readonly outer: string } | undefined
}

export interface Embedded {
  readonly embed: SelectEmbed
  readonly name: string
  readonly relation: Relation
  readonly node: Node
}

function compile(compiling: Compiling, place: Place): Node {
  const { scope, names, later } = compiling
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
    ...level.filters.map(
      (filter) => (later && laterSql(later, filter, operand)) ?? restFilterSql(filter, operand, exists),
    ),
    ...embeds.filter(({ embed }) => embed.isInner).map(({ node }) => existsSql(node)),
  ]
  const outputs = items.flatMap((item): readonly Output[] => {
    if (item.kind === 'all') return visibleColumns(scope, table).map((column) => outputOf(table, column, row))
    if (item.kind === 'field') return [fieldOutput(scope, table, row, item)]
    const found = embeds.find(({ embed }) => embed === item)
    return found ? embedOutputs(found) : []
  })
  const isAggregated = items.some((item) => item.kind === 'field' && isAggregate(table, item))
  const groups = isAggregated ? groupsOf(table, items, outputs) : null
  return {
    table,
    row,
    outputs,
    conditions,
    from: joined ? joined.from : recordsOf(table, row),
    order: groups ? groupOrderSql(level.order, outputs, groups) : orderSql(compiling, place, embeds),
    limit: level.limit,
    offset: level.offset,
    groups,
    tables: names.tables,
  }
}

function compileEmbed(compiling: Compiling, place: Place, embed: SelectEmbed): Embedded {
  const { scope, query, names, used } = compiling
  const relation = relationOf(scope.tables, place.table, embed)
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
