import type { DatabaseRow, Transaction } from '../../db/database'
import { openSchema } from '../tables/open-schema.service'
import { estimateRows } from '../tables/tables.service'
import { unsatisfiable } from './request-grammar'
import { answer, contentRange } from './rest-answer'
import type { RestAnswer, RestCall } from './rest-call'
import { compileQuery, type Node, pageLimit } from './rest-node.sql'
import { type BodyRow, bodySql, countUpToSql, matchesSql } from './rest-read.sql'
import { type RestScope, tableAt } from './rest-scope'

/** "estimated" counts up to here, and asks the planner beyond. */
const exactCountLimit = 50_000

export async function openScope(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestScope> {
  const { tables } = await openSchema(tx, database)
  return { projectId: database.project_id, tables, rules: call.rules, caller: call.caller }
}

/** GET and HEAD of a table. */
export async function readRecords(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  const scope = await openScope(tx, database, call)
  const table = tableAt(scope, call.tableName)
  const node = paged(compileQuery(scope, table, call.query), call)
  const { prefer, accept } = call
  const isGrouped = node.groups !== null
  const withTotal = prefer.count === 'exact' && !isGrouped
  const [row] = await tx.query<BodyRow>(bodySql(node, { isStripped: accept.isStripped, withTotal }))
  const { body, count, total: exact } = row ?? { body: '[]', count: 0, total: null }
  const total = isGrouped && prefer.count !== null ? node.offset + count : (exact ?? (await estimated(tx, node, call)))
  if (total !== null && node.offset > 0 && node.offset > total)
    throw unsatisfiable(`An offset of ${node.offset} was requested, but there are only ${total} rows.`)
  const isPartial = total !== null && count < total
  return answer(isPartial ? 206 : 200, { body, count }, accept, prefer, {
    'content-range': contentRange(node.offset, count, total),
  })
}

/** The header says what the address leaves open, and nobody is given more than a page. */
function paged(node: Node, { range, query }: RestCall): Node {
  const isOpen = query.root.limit === null && query.root.offset === 0
  const { limit, offset } = isOpen && range ? range : node
  return { ...node, limit: Math.min(limit ?? pageLimit, pageLimit), offset }
}

async function estimated(tx: Transaction, node: Node, { prefer }: RestCall): Promise<number | null> {
  if (prefer.count !== 'planned' && prefer.count !== 'estimated') return null
  if (prefer.count === 'planned') return estimateRows(tx, matchesSql(node))
  const [row] = await tx.query<{ count: number }>(countUpToSql(node, exactCountLimit + 1))
  const count = row?.count ?? 0
  return count <= exactCountLimit ? count : Math.max(count, await estimateRows(tx, matchesSql(node)))
}
