import { primaryKeyOf } from '@shared/domain/table-schema'
import type { StoredTable } from '../tables/stored-table'
import type { Splice } from './splice'
import { as, isNode, location, type Node, names, nodes, type ParsedStatement, quoted, text, walk } from './syntax'
import type { ByteOffsets } from './text-offsets'

/** A column that Postgres found to be neither grouped nor aggregated. */
export interface Ungrouped {
  /** In UTF-16 units of the text that the statement stands in. */
  readonly offset: number
  /** `c.name`, as Postgres' message has it; null in a message of another language. */
  readonly name: string | null
}

interface Source {
  readonly alias: string
  /** By the names that the query knows them by. */
  readonly columns: readonly string[]
  readonly key: readonly string[]
}

/** The whole row, as Postgres' message has it. */
const wholeRow = '*'

/**
 * On plain tables, a query that groups by a table's whole primary key may use all its columns. A view has no key that
 * Postgres knows, so the column is added to GROUP BY, where it changes no group. Null when the key is not grouped: then
 * Postgres refuses the query on plain tables too.
 */
export function groupAlso(
  statement: ParsedStatement,
  offsets: ByteOffsets,
  ungrouped: Ungrouped,
  tables: readonly StoredTable[],
): Splice | null {
  const selects = selectsAround(statement, offsets, ungrouped.offset)
  if (selects === null) return null
  for (const [depth, select] of selects.around.entries()) {
    const hidden = new Set(selects.around.slice(depth).flatMap(commonTables).concat(selects.outer))
    const sources = nodes(select.fromClause).flatMap((item) => sourcesOf(item, tables, hidden))
    const found = columnOf(sources, ungrouped.name, selects.reference)
    if (found === null) continue
    const at = keyPlace(select, found.source, sources)
    if (at !== null)
      return { at: offsets.toText(at), remove: 0, insert: `${quoted(found.source.alias)}.${written(found.column)}, ` }
  }
  return null
}

/** The SELECTs that the column stands in, inner ones first. */
function selectsAround(statement: ParsedStatement, offsets: ByteOffsets, offset: number) {
  let found: { reference: readonly (string | null)[]; around: readonly Node[]; outer: readonly string[] } | null = null
  walk(statement.kind, statement.body, ({ kind, body, above }) => {
    if (found !== null) return false
    if (kind === 'ColumnRef' && offsets.toText(location(body)) === offset) {
      const around = above.filter((each) => each.kind === 'SelectStmt').map((each) => each.body)
      const outer = above.filter((each) => each.kind !== 'SelectStmt').flatMap((each) => commonTables(each.body))
      found = { reference: names(body.fields), around: around.reverse(), outer }
    }
    return undefined
  })
  return found as { reference: readonly (string | null)[]; around: readonly Node[]; outer: readonly string[] } | null
}

/** Names that WITH gives, which hide tables of the same name. */
function commonTables(statement: Node): readonly string[] {
  const clause = isNode(statement.withClause) ? statement.withClause : null
  return nodes(clause?.ctes).map((cte) => text(as('CommonTableExpr', cte)?.ctename))
}

function sourcesOf(item: Node, tables: readonly StoredTable[], hidden: ReadonlySet<string>): readonly Source[] {
  const join = as('JoinExpr', item)
  if (join !== null) return [join.larg, join.rarg].filter(isNode).flatMap((side) => sourcesOf(side, tables, hidden))
  const range = as('RangeVar', item)
  if (range === null) return []
  const name = text(range.relname)
  if (range.schemaname === undefined && hidden.has(name)) return []
  const table = tables.find(({ schema }) => schema.name === name)
  if (table === undefined) return []
  const alias = isNode(range.alias) ? range.alias : {}
  const renamed = names(alias.colnames)
  const columns = table.schema.columns.map((column, index) => ({ ...column, name: renamed[index] ?? column.name }))
  return [
    {
      alias: isNode(range.alias) ? text(alias.aliasname) : name,
      columns: columns.map((column) => column.name),
      key: primaryKeyOf({ ...table.schema, columns }).map((column) => column.name),
    },
  ]
}

function columnOf(
  sources: readonly Source[],
  name: string | null,
  reference: readonly (string | null)[],
): { readonly source: Source; readonly column: string } | null {
  for (const source of sources) {
    for (const column of [...source.columns, wholeRow]) {
      const isMeant =
        name === null
          ? reference.at(-1) === column && (reference.length === 1 || reference.at(-2) === source.alias)
          : name === `${source.alias}.${column}`
      if (isMeant) return { source, column }
    }
  }
  return null
}

/** Where in GROUP BY a column of the source's key stands; null unless all of them are there. In bytes. */
function keyPlace(select: Node, source: Source, sources: readonly Source[]): number | null {
  // In ROLLUP and its kin a column more is a level more; beside them it is in every set.
  const items = nodes(select.groupClause).filter((item) => as('GroupingSet', item) === null)
  const places = source.key.map((name) => {
    const item = items.find((each) => isColumn(groupedExpression(each, select, sources), source, name, sources))
    return item === undefined ? null : placeOf(item)
  })
  return places.includes(null) ? null : (places[0] ?? null)
}

/** `group by 2` and `group by alias` stand for an expression of the select list. */
function groupedExpression(item: Node, select: Node, sources: readonly Source[]): Node {
  const targets = nodes(select.targetList).map((target) => as('ResTarget', target))
  const constant = as('A_Const', item)
  const number = isNode(constant?.ival) ? Number(constant.ival.ival ?? 0) : null
  if (number !== null) {
    const target = targets[number - 1]?.val
    return isNode(target) ? target : item
  }
  const path = names(as('ColumnRef', item)?.fields)
  const [name] = path
  if (path.length !== 1 || typeof name !== 'string') return item
  // A column of a table goes before a name of the select list.
  if (sources.some(({ columns }) => columns.includes(name))) return item
  const target = targets.find((each) => each?.name === name)?.val
  return isNode(target) ? target : item
}

function isColumn(expression: Node, source: Source, column: string, sources: readonly Source[]): boolean {
  const path = names(as('ColumnRef', expression)?.fields)
  if (path.at(-1) !== column) return false
  if (path.length > 1) return path.at(-2) === source.alias
  // More than one table may have it only where USING merges them, into that of the first.
  return sources.find(({ columns }) => columns.includes(column)) === source
}

function placeOf(item: Node): number | null {
  const body = as('ColumnRef', item) ?? as('A_Const', item)
  return body === null ? null : location(body)
}

function written(column: string): string {
  return column === wholeRow ? column : quoted(column)
}
