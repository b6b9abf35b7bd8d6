import type { ResultEditing } from '@shared/contract/sql-panel.contract'
import { primaryKeyOf } from '@shared/domain/table-schema'
import { as, isNode, type Node, names, nodes, type ParsedStatement, text, walk } from '../sql/syntax'
import type { StoredTable } from '../tables/stored-table'

export type Editability =
  | { readonly editing: ResultEditing; readonly notEditable: null }
  | { readonly editing: null; readonly notEditable: string }

/** Where an edit of a cell of the result would go, or why it can go nowhere. */
export function editabilityOf({ kind, body }: ParsedStatement, tables: readonly StoredTable[]): Editability {
  if (kind !== 'SelectStmt') return no('Only the rows of a SELECT can be edited.')
  if (body.op !== undefined && body.op !== 'SETOP_NONE')
    return no('Rows of UNION, INTERSECT and EXCEPT belong to no one table.')
  if (nodes(body.valuesLists).length > 0) return no('These rows come from no table.')
  if (body.groupClause !== undefined || body.havingClause !== undefined)
    return no('Each row stands for a group of records.')
  if (body.distinctClause !== undefined) return no('With DISTINCT a row may stand for several records.')
  const from = nodes(body.fromClause)
  if (from.length === 0) return no('These rows come from no table.')
  const range = as('RangeVar', from[0])
  if (from.length > 1 || as('JoinExpr', from[0]) !== null) return no('The rows come from more than one table.')
  if (range === null) return no('The rows do not come straight from a table.')
  const name = text(range.relname)
  const common = nodes(isNode(body.withClause) ? body.withClause.ctes : [])
  if (common.some((cte) => text(as('CommonTableExpr', cte)?.ctename) === name))
    return no('The rows do not come straight from a table.')
  const table = tables.find(({ schema }) => schema.name === name)
  if (table === undefined) return no('The rows do not come straight from a table.')
  if (hasAggregate(body)) return no('Each row stands for a group of records.')
  const key = primaryKeyOf(table.schema).map((column) => column.name)
  if (key.length === 0) return no(`${name} has no key that would name a record.`)
  const columns = nodes(body.targetList).flatMap((target) => columnsOf(target, table, range))
  const missing = key.filter((column) => !columns.includes(column))
  if (missing.length > 0) return no(`The key of ${name} (${key.join(', ')}) is not among the columns.`)
  return { editing: { table: name, columns, key }, notEditable: null }
}

/** Names of the table's columns; null for what is computed. */
function columnsOf(target: Node, { schema }: StoredTable, range: Node): readonly (string | null)[] {
  const value = as('ResTarget', target)?.val
  const path = names(as('ColumnRef', value)?.fields)
  const all = schema.columns.map(({ name }) => name)
  const alias = isNode(range.alias) ? text(range.alias.aliasname) : schema.name
  const renamed = isNode(range.alias) ? names(range.alias.colnames) : []
  const last = path.at(-1)
  if (path.length === 0) return [null]
  if (path.length > 1 && path.at(-2) !== alias) return [null]
  if (last === null) return all
  const at = all.findIndex((name, index) => (renamed[index] ?? name) === last)
  return [all[at] ?? null]
}

function hasAggregate(body: Node): boolean {
  let found = false
  walk('SelectStmt', body, ({ kind, body: inner, above }) => {
    if (kind === 'SelectStmt' && above.length > 0) return false
    if (kind === 'FuncCall' && inner.over === undefined && aggregates.has(names(inner.funcname).at(-1) ?? ''))
      found = true
    return undefined
  })
  return found
}

const aggregates = new Set(
  'count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg bool_and bool_or every bit_and bit_or xmlagg stddev stddev_pop stddev_samp variance var_pop var_samp corr covar_pop covar_samp mode percentile_cont percentile_disc any_value regr_slope regr_intercept regr_count'.split(
    ' ',
  ),
)

function no(notEditable: string): Editability {
  return { editing: null, notEditable }
}
