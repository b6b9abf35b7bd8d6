import type { SqlQuery } from '../../db/sql'
import { bound } from '../records/statement'
import { laterOf, shapeOf, Templates, valuesFor } from './call-shape'
import type { RestCall } from './rest-call'
import { compileQuery, type Node } from './rest-node.sql'
import { paged } from './rest-read.service'
import { named } from './rest-read.sql'
import { rowsSql, rowsWriter } from './rest-rows.sql'
import { type RestScope, tableAt } from './rest-scope'

/** What is made once for all calls of one shape. */
export interface ReadTemplate {
  readonly node: Node
  readonly write: ReturnType<typeof rowsWriter>
  /** A value that is none of its column throws as it always does. */
  readonly query: (values: readonly string[]) => SqlQuery
}

/** Null where the text of the statement depends on the values. */
function makeTemplate(scope: RestScope, call: RestCall, values: readonly string[]): ReadTemplate | null {
  const later = laterOf(call.query.root.filters, values)
  if (later === null) return null
  const node = paged(compileQuery(scope, tableAt(scope, call.tableName), call.query, later), call)
  if (node.groups !== null || later.readers.size !== values.length) return null
  const statement = rowsSql(node)
  let prepared: SqlQuery | null = null
  return {
    node,
    write: rowsWriter(node),
    query(given) {
      const query = prepared ?? named(node, statement)
      if (query.name !== undefined) prepared = query
      return bound(query, valuesFor(later, given))
    },
  }
}

const templates = new Templates<ReadTemplate | null>()

/** The template of the call's shape, made when it is first met; null where there is none. */
export function templateOf(
  project: object,
  scope: RestScope,
  call: RestCall,
): { readonly template: ReadTemplate | null; readonly values: readonly string[] } {
  const { search, accept, prefer, range } = call
  const shape = search === undefined || accept.isStripped || prefer.count !== null ? null : shapeOf(search)
  if (shape === null) return { template: null, values: [] }
  const { text, values } = shape
  const pages = range === null ? '' : `${range.offset}-${range.limit}`
  const template = templates.of(project, call, `${pages}\n${text}`, () => makeTemplate(scope, call, values))
  return { template, values }
}
