import type { Splice } from './splice'
import { isNode, location, type Node, names, type ParsedStatement, text, walk } from './syntax'
import type { ByteOffsets } from './text-offsets'

/**
 * Programs that speak to one database write `public.orders`. A logical database is one schema of another name, so the
 * prefix is left out, unless a table of the query itself is called public.
 */
export function withoutPublic(statement: ParsedStatement, query: string, offsets: ByteOffsets): readonly Splice[] {
  const splices: Splice[] = []
  let isTaken = false
  walk(statement.kind, statement.body, ({ kind, body }) => {
    if (kind === 'RangeVar') {
      if (text(body.relname) === schema || (isNode(body.alias) && text(body.alias.aliasname) === schema)) isTaken = true
      if (text(body.schemaname) === schema) splices.push(...prefixAt(body, query, offsets))
    }
    // schema.table.column; two names are a table and a column.
    const path = kind === 'ColumnRef' ? names(body.fields) : []
    if (path.length === 3 && path[0] === schema) splices.push(...prefixAt(body, query, offsets))
    return undefined
  })
  return isTaken ? [] : splices
}

const schema = 'public'

function prefixAt(body: Node, query: string, offsets: ByteOffsets): readonly Splice[] {
  const at = offsets.toText(location(body))
  const [prefix] = /^(?:public|"public")\s*\.\s*/i.exec(query.slice(at, at + 100)) ?? []
  return prefix === undefined ? [] : [{ at, remove: prefix.length, insert: '' }]
}
