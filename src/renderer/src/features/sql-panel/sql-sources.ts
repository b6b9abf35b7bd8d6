import type { TableSchema } from '@shared/domain/table-schema'
import type { SqlToken } from './sql-tokens'

/** What a statement reads from, by the name that it is known by there. */
export interface SqlSource {
  readonly alias: string
  readonly hasAlias: boolean
  /** Null for what WITH or a subquery gives. */
  readonly table: TableSchema | null
}

const introducing = new Set(['from', 'join', 'update', 'into', 'using', 'table', 'truncate'])
/** Words that come behind a table's name and are not its alias. */
const following = new Set(
  'as on using where group order limit offset join left right inner outer full cross natural set values select returning having window union intersect except when default for do tablesample lateral and or only'.split(
    ' ',
  ),
)

/** Tables of FROM, JOIN, UPDATE and INTO, with their aliases. */
export function sourcesOf(tokens: readonly SqlToken[], tables: readonly TableSchema[]): readonly SqlSource[] {
  const found: SqlSource[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token?.kind !== 'word' || !introducing.has(token.text)) continue
    let next = at + 1
    for (;;) {
      const read = sourceAt(tokens, next, tables)
      if (read === null) break
      found.push(read.source)
      next = read.end
      // `from a, b`
      if (tokens[next]?.text !== ',' || token.text === 'into') break
      next += 1
    }
  }
  return found
}

function sourceAt(
  tokens: readonly SqlToken[],
  at: number,
  tables: readonly TableSchema[],
): { readonly source: SqlSource; readonly end: number } | null {
  let place = at
  while (['only', 'lateral', 'table'].includes(tokens[place]?.text ?? '') && tokens[place]?.kind === 'word') place += 1
  const name = tokens[place]
  if (name === undefined || !isName(name)) return null
  place += 1
  let table = name.text
  if (tokens[place]?.text === '.' && tokens[place + 1] !== undefined) {
    table = tokens[place + 1]?.text ?? table
    place += 2
  }
  if (tokens[place]?.text === 'as' && tokens[place]?.kind === 'word') place += 1
  const alias = tokens[place]
  const schema = tables.find(({ name: known }) => known === table) ?? null
  const isAlias = alias !== undefined && isName(alias) && !(alias.kind === 'word' && following.has(alias.text))
  return isAlias
    ? { source: { alias: alias.text, hasAlias: true, table: schema }, end: place + 1 }
    : { source: { alias: table, hasAlias: false, table: schema }, end: place }
}

function isName(token: SqlToken): boolean {
  return token.kind === 'word' || token.kind === 'quoted'
}

/** A short alias that nothing else has: `order_items` is `oi`. */
export function aliasFor(name: string, taken: readonly string[]): string {
  const letters = name
    .split('_')
    .map((part) => part.charAt(0))
    .join('')
  if (!taken.includes(letters) && !following.has(letters)) return letters
  for (let number = 2; ; number += 1) if (!taken.includes(`${letters}${number}`)) return `${letters}${number}`
}

export interface JoinCondition {
  readonly left: SqlSource
  readonly leftColumn: string
  readonly right: SqlSource
  readonly rightColumn: string
}

/** How two sources refer to each other. */
export function joinConditions(a: SqlSource, b: SqlSource): readonly JoinCondition[] {
  return [...refersTo(a, b), ...(a.alias === b.alias ? [] : refersTo(b, a))]
}

function refersTo(from: SqlSource, to: SqlSource): readonly JoinCondition[] {
  return (from.table?.columns ?? []).flatMap(({ name, references }) =>
    references?.table === to.table?.name && references !== undefined
      ? [{ left: from, leftColumn: name, right: to, rightColumn: references.column }]
      : [],
  )
}
