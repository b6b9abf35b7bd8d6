import type { TableSchema } from '@shared/domain/table-schema'
import { nearestName } from '../../sql/nearest-name'
import { isNode, names, nodes, type ParsedStatement, text, walk } from '../../sql/syntax'

/**
 * Names of a statement that the database does not have, each with the one that may be meant. Postgres says the first
 * only, and not so that a model can mend it; what it alone can know (a subquery's columns) is left to it.
 */
export function unresolvedNames(statement: ParsedStatement, tables: readonly TableSchema[]): readonly string[] {
  const problems = new Set<string>()
  const known = tables.map(({ name }) => name)
  const queries = new Set<string>()
  walk(statement.kind, statement.body, ({ kind, body }) => {
    if (kind === 'CommonTableExpr') queries.add(text(body.ctename))
    return undefined
  })

  /** What each name before a dot stands for; null for a subquery, a function or a WITH, whose columns are their own. */
  const sources = new Map<string, TableSchema | null>()
  const outputs = new Set<string>()
  let isClosed = true
  walk(statement.kind, statement.body, ({ kind, body }) => {
    if (kind === 'RangeVar') {
      const name = text(body.relname)
      const schema = text(body.schemaname)
      const alias = aliasOf(body.alias) ?? name
      const table = tables.find((each) => each.name === name)
      const isQuery = queries.has(name) && schema === ''
      if (schema !== '' && schema !== 'public') problems.add(`"${schema}.${name}" is not part of this database.`)
      else if (table === undefined && !isQuery)
        problems.add(`There is no table "${name}" in this database.${meant(name, known)}`)
      if (isQuery) isClosed = false
      // An alias that two parts of the statement use for two tables is Postgres' to tell apart.
      const other = sources.get(alias)
      sources.set(alias, isQuery || (other !== undefined && other !== table) ? null : (table ?? null))
    }
    if (kind === 'RangeSubselect' || kind === 'RangeFunction' || kind === 'RangeTableFunc' || kind === 'JoinExpr') {
      const alias = aliasOf(body.alias)
      if (alias !== undefined) sources.set(alias, null)
      if (kind !== 'JoinExpr') isClosed = false
    }
    if (kind === 'ResTarget' && text(body.name) !== '') outputs.add(text(body.name))
    return undefined
  })
  // What INSERT, UPDATE and DELETE return or overwrite has names of its own.
  for (const name of ['excluded', 'old', 'new']) if (!sources.has(name)) sources.set(name, null)

  const columns = [...sources.values()].flatMap((table) => table?.columns.map(({ name }) => name) ?? [])
  walk(statement.kind, statement.body, ({ kind, body }) => {
    if (kind !== 'ColumnRef') return undefined
    const path = names(body.fields)
    const [first, second] = path.length === 3 ? path.slice(1) : path
    if (typeof first !== 'string' || nodes(body.fields).length === 0) return undefined
    if (second === undefined) {
      if (isClosed && !columns.includes(first) && !outputs.has(first) && !sources.has(first))
        problems.add(`There is no column "${first}" in the tables of this query.${meant(first, columns)}`)
    } else if (!sources.has(first))
      problems.add(`There is no table or alias "${first}" in this query.${meant(first, [...sources.keys()])}`)
    else {
      const table = sources.get(first)
      if (typeof second === 'string' && table && !table.columns.some(({ name }) => name === second))
        problems.add(
          `Table "${table.name}" has no column "${second}".${meant(
            second,
            table.columns.map(({ name }) => name),
          )}`,
        )
    }
    return undefined
  })
  return [...problems]
}

/** The tables of the database that a statement names. */
export function tablesOf(statement: ParsedStatement, tables: readonly TableSchema[]): readonly string[] {
  const named = new Set<string>()
  walk(statement.kind, statement.body, ({ kind, body }) => {
    if (kind === 'RangeVar') named.add(text(body.relname))
    return undefined
  })
  return tables.map(({ name }) => name).filter((name) => named.has(name))
}

function aliasOf(alias: unknown): string | undefined {
  const name = isNode(alias) ? text(alias.aliasname) : ''
  return name === '' ? undefined : name
}

function meant(name: string, known: readonly string[]): string {
  const near = nearestName(name, known)
  return near === null ? '' : ` Did you mean "${near}"?`
}
