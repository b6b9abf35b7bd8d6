import type { DatabaseRow, Transaction } from '../../db/database'
import type { SqlQuery } from '../../db/sql'
import { openSchema } from '../tables/open-schema.service'
import { estimateRows } from '../tables/tables.service'
import { unsatisfiable } from './request-grammar'
import { answer, contentRange } from './rest-answer'
import type { RestAnswer, RestCall } from './rest-call'
import { pageLimit } from './rest-embed.sql'
import { compileQuery, type Node } from './rest-node.sql'
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
  const { node, query } = readQuery(await openScope(tx, database, call), call)
  const [row] = await tx.query<BodyRow>(query)
  return readAnswer(node, call, row, await estimated(tx, node, call))
}

/** The statement that answers it, but for an estimate of how many there are. */
export function readQuery(scope: RestScope, call: RestCall): { readonly node: Node; readonly query: SqlQuery } {
  const node = paged(compileQuery(scope, tableAt(scope, call.tableName), call.query), call)
  const withTotal = call.prefer.count === 'exact' && node.groups === null
  return { node, query: bodySql(node, { isStripped: call.accept.isStripped, withTotal }) }
}

export function readAnswer(
  node: Node,
  { accept, prefer }: RestCall,
  row: BodyRow | undefined,
  guessed: number | null,
): RestAnswer {
  const { body, count, total: exact } = row ?? { body: '[]', count: 0, total: null }
  const total = node.groups !== null && prefer.count !== null ? node.offset + count : (exact ?? guessed)
  if (total !== null && node.offset > 0 && node.offset > total)
    throw unsatisfiable(`An offset of ${node.offset} was requested, but there are only ${total} rows.`, total)
  const isPartial = total !== null && count < total
  return answer(isPartial ? 206 : 200, { body, count, outputs: node.outputs }, accept, prefer, {
    'content-range': contentRange(node.offset, count, total),
  })
}

/** The header says what the address leaves open, and nobody is given more than a page. */
export function paged(node: Node, { range, query }: RestCall): Node {
  const isOpen = query.root.limit === null && query.root.offset === 0
  const { limit, offset } = isOpen && range ? range : node
  return { ...node, limit: Math.min(limit ?? pageLimit, pageLimit), offset }
}

async function estimated(tx: Transaction, node: Node, { prefer }: RestCall): Promise<number | null> {
  if (node.groups !== null) return null
  if (prefer.count !== 'planned' && prefer.count !== 'estimated') return null
  if (prefer.count === 'planned') return estimateRows(tx, matchesSql(node))
  const [row] = await tx.query<{ count: number }>(countUpToSql(node, exactCountLimit + 1))
  const count = row?.count ?? 0
  return count <= exactCountLimit ? count : Math.max(count, await estimateRows(tx, matchesSql(node)))
}
