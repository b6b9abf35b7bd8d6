import { inlined, join, type SqlQuery, sql } from '../../db/sql'
import { recordId } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import type { OrderTerm } from './request-grammar'
import { RestError } from './rest-error'
import { operandOf } from './rest-filter.sql'
import type { Compiling, Embedded, Output, Place } from './rest-node.sql'

/** Always total: records that are equal in it come in the order of their ids. */
export function orderSql(compiling: Compiling, { table, row, level }: Place, embeds: readonly Embedded[]): SqlQuery {
  const terms = level.order.map((term) => {
    const expression = termSql(compiling, table, row, term, embeds)
    const nulls = term.nulls === 'first' ? sql`nulls first` : sql`nulls last`
    return term.direction === 'asc' ? sql`${expression} asc ${nulls}` : sql`${expression} desc ${nulls}`
  })
  return join([...terms, recordId(table, row)], ', ')
}

/** Groups are sorted by what is selected of them; where all records are one group, there is nothing to sort. */
export function groupOrderSql(
  order: readonly OrderTerm[],
  outputs: readonly Output[],
  groups: readonly number[],
): SqlQuery | null {
  if (order.length === 0 || groups.length === 0) return null
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
