import { AppError } from '@shared/app-error'
import { nearestName } from './nearest-name'
import type { Splice } from './splice'
import { as, isNode, location, nodes, type ParsedStatement, text, walk } from './syntax'
import { type ByteOffsets, placeAt } from './text-offsets'

/** In Postgres, `from user` is the name of the login, in one row. */
const words: Readonly<Record<string, string>> = {
  SVFOP_USER: 'user',
  SVFOP_CURRENT_USER: 'current_user',
  SVFOP_CURRENT_ROLE: 'current_role',
  SVFOP_SESSION_USER: 'session_user',
  SVFOP_CURRENT_CATALOG: 'current_catalog',
  SVFOP_CURRENT_SCHEMA: 'current_schema',
  SVFOP_CURRENT_DATE: 'current_date',
  SVFOP_CURRENT_TIME: 'current_time',
  SVFOP_CURRENT_TIMESTAMP: 'current_timestamp',
  SVFOP_LOCALTIME: 'localtime',
  SVFOP_LOCALTIMESTAMP: 'localtimestamp',
}

/**
 * Reads `from user` as the table of that name, as everybody means it; VALIDATION when there is none, rather than an
 * answer to another question. `offsets` and `query` are of the text that the statement stands in.
 */
export function valueFunctionTables(
  statement: ParsedStatement,
  query: string,
  offsets: ByteOffsets,
  tables: readonly string[],
): readonly Splice[] {
  const splices: Splice[] = []
  walk(statement.kind, statement.body, ({ kind, body }) => {
    if (kind !== 'RangeFunction') return undefined
    const call = valueFunctionOf(body)
    const word = words[text(call?.op)]
    if (call === null || word === undefined) return undefined
    const at = offsets.toText(location(call))
    if (!tables.includes(word)) throw noTable(word, query, at, tables)
    splices.push({ at, remove: word.length, insert: `"${word}"` })
    return undefined
  })
  return splices
}

function valueFunctionOf(range: { readonly [member: string]: unknown }) {
  const [first] = nodes(range.functions)
  const items: unknown = as('List', first)?.items
  return Array.isArray(items) && isNode(items[0]) ? as('SQLValueFunction', items[0]) : null
}

function noTable(word: string, query: string, at: number, tables: readonly string[]): AppError {
  const near = nearestName(word, tables)
  const hint = near === null ? 'Write the name of a table.' : `Did you mean "${near}"?`
  return new AppError(
    'VALIDATION',
    `Without quotes, ${word} is a value of Postgres and not a table, and this database has no table "${word}". ${hint}`,
    { details: { ...placeAt(query, at), hint } },
  )
}
