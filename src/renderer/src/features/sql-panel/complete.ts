import { statementAt, statementRanges } from '@shared/domain/sql-text'
import type { TableSchema } from '@shared/domain/table-schema'
import { aliasFor, joinConditions, type SqlSource, sourcesOf } from './sql-sources'
import { isInText, type SqlToken, sqlTokens } from './sql-tokens'
import { keywords, reservedWords, snippets } from './sql-words'

export interface Suggestion {
  readonly kind: 'table' | 'column' | 'function' | 'keyword' | 'join' | 'snippet' | 'alias'
  readonly label: string
  readonly insert: string
  /** `insert` has `${1:places}` to fill in. */
  readonly isSnippet: boolean
  /** To the right of the label: a type, a table. */
  readonly detail: string
  /** Smaller comes first. */
  readonly order: number
}

export interface SqlCatalogue {
  readonly tables: readonly TableSchema[]
  readonly functions: readonly { readonly name: string; readonly takes: string; readonly gives: string }[]
}

export interface Completion {
  /** What is replaced: from here to the place. */
  readonly from: number
  readonly suggestions: readonly Suggestion[]
}

/** What may stand at the place, best first. */
export function complete(text: string, offset: number, catalogue: SqlCatalogue): Completion {
  if (isInText(text.slice(0, offset), offset)) return { from: offset, suggestions: [] }
  const range = statementAt(statementRanges(text), text, offset)
  const start = range !== null && range.start <= offset ? range.start : offset
  const statement = text.slice(start, Math.max(range?.end ?? offset, offset))
  const before = text.slice(start, offset)
  const typed = typedName(before)
  const from = offset - typed.length
  const tokens = sqlTokens(before.slice(0, before.length - typed.length))
  const sources = sourcesOf(sqlTokens(statement), catalogue.tables)
  const writing = { upper: /[A-Z]/.test(typed) && typed === typed.toUpperCase(), isQuoted: typed.startsWith('"') }
  return { from, suggestions: suggest(tokens, sources, catalogue, writing, statement) }
}

/** The name that is being written at the end; one in quotes is not closed yet. */
function typedName(before: string): string {
  const last = sqlTokens(before).at(-1)
  if (last === undefined || last.end !== before.length) return ''
  const written = before.slice(last.start)
  const isOpen = last.kind === 'quoted' && (written.length === 1 || !written.endsWith('"'))
  return last.kind === 'word' || isOpen ? written : ''
}

interface Writing {
  /** Keywords are typed in capitals. */
  readonly upper: boolean
  /** A name is begun with a quote. */
  readonly isQuoted: boolean
}

function suggest(
  tokens: readonly SqlToken[],
  sources: readonly SqlSource[],
  catalogue: SqlCatalogue,
  writing: Writing,
  statement: string,
): readonly Suggestion[] {
  const last = tokens.at(-1)
  const owner = last?.text === '.' && last.kind === 'mark' ? tokens.at(-2) : undefined
  if (owner !== undefined) return columnsOf(owner.text, sources, catalogue, writing)
  const word = last?.kind === 'word' ? last.text : ''
  if (['from', 'join', 'update', 'into', 'table', 'truncate', 'references'].includes(word) || isListOfTables(tokens))
    return [
      ...(word === 'join' ? joinsTo(sources, catalogue, writing) : []),
      ...tables(catalogue, writing),
      ...commonTables(statement, writing),
    ]
  if (word === 'on') return [...conditions(sources, writing), ...columns(sources, writing)]
  const isStart = tokens.length === 0
  return [
    ...(isStart ? [] : columns(sources, writing)),
    ...(isStart ? [] : aliases(sources, writing)),
    ...(isStart || writing.isQuoted ? [] : functions(catalogue)),
    ...(writing.isQuoted ? [] : words(writing)),
    ...(isStart && !writing.isQuoted ? snippetsFor(writing) : []),
    ...(isStart ? [] : tables(catalogue, writing).map((table) => ({ ...table, order: 6 }))),
  ]
}

/** `from a, ` goes on with a table. */
function isListOfTables(tokens: readonly SqlToken[]): boolean {
  if (tokens.at(-1)?.text !== ',') return false
  const clause = tokens.filter((token) => token.kind === 'word' && clauses.has(token.text)).at(-1)
  return clause?.text === 'from'
}

const clauses = new Set([
  'select',
  'from',
  'where',
  'group',
  'order',
  'having',
  'set',
  'values',
  'returning',
  'on',
  'limit',
])

function columnsOf(
  owner: string,
  sources: readonly SqlSource[],
  catalogue: SqlCatalogue,
  writing: Writing,
): readonly Suggestion[] {
  const table =
    sources.find(({ alias }) => alias === owner)?.table ?? catalogue.tables.find(({ name }) => name === owner)
  return (table?.columns ?? []).map(({ name, type }) => ({
    kind: 'column',
    label: name,
    insert: nameText(name, writing),
    isSnippet: false,
    detail: type,
    order: 1,
  }))
}

function columns(sources: readonly SqlSource[], writing: Writing): readonly Suggestion[] {
  const known = sources.filter(({ table }) => table !== null)
  const counts = new Map<string, number>()
  for (const { table } of known)
    for (const { name } of table?.columns ?? []) counts.set(name, (counts.get(name) ?? 0) + 1)
  return known.flatMap(({ alias, table }) =>
    (table?.columns ?? []).map((column): Suggestion => {
      // A name that several tables have is nobody's until it says whose.
      const needsOwner = (counts.get(column.name) ?? 0) > 1
      const insert = needsOwner
        ? `${plainName(alias)}.${nameText(column.name, { ...writing, isQuoted: false })}`
        : nameText(column.name, writing)
      const label = needsOwner ? `${alias}.${column.name}` : column.name
      return {
        kind: 'column',
        label,
        insert,
        isSnippet: false,
        detail: `${column.type} · ${table?.name ?? ''}`,
        order: 1,
      }
    }),
  )
}

function aliases(sources: readonly SqlSource[], writing: Writing): readonly Suggestion[] {
  return sources.map(({ alias, table }) => ({
    kind: 'alias',
    label: alias,
    insert: nameText(alias, writing),
    isSnippet: false,
    detail: table?.name === alias ? 'table' : (table?.name ?? ''),
    order: 2,
  }))
}

function tables({ tables: all }: SqlCatalogue, writing: Writing): readonly Suggestion[] {
  return all.map(({ name, columns: own }) => ({
    kind: 'table',
    label: name,
    insert: nameText(name, writing),
    isSnippet: false,
    detail: `${own.length} columns`,
    order: 2,
  }))
}

function commonTables(statement: string, writing: Writing): readonly Suggestion[] {
  const tokens = sqlTokens(statement)
  return tokens.flatMap((token, at): readonly Suggestion[] => {
    const isCommon = tokens[at + 1]?.text === 'as' && ['(', 'materialized', 'not'].includes(tokens[at + 2]?.text ?? '')
    const isNamed = ['with', 'recursive', ','].includes(tokens[at - 1]?.text ?? '')
    return isCommon && isNamed && token.kind !== 'mark'
      ? [
          {
            kind: 'table',
            label: token.text,
            insert: nameText(token.text, writing),
            isSnippet: false,
            detail: 'with',
            order: 1,
          },
        ]
      : []
  })
}

/** Whole joins along the references of what is read already. */
function joinsTo(sources: readonly SqlSource[], catalogue: SqlCatalogue, writing: Writing): readonly Suggestion[] {
  const taken = sources.map(({ alias }) => alias)
  return catalogue.tables.flatMap((table) => {
    const alias = sources.some(({ hasAlias }) => hasAlias) ? aliasFor(table.name, taken) : table.name
    if (taken.includes(alias)) return []
    const joined: SqlSource = { alias, hasAlias: alias !== table.name, table }
    return sources.flatMap((source) =>
      joinConditions(source, joined).map((condition): Suggestion => {
        const named = joined.hasAlias ? `${plainName(table.name)} ${alias}` : plainName(table.name)
        const on = writing.upper ? 'ON' : 'on'
        const text = `${named} ${on} ${conditionText(condition)}`
        return { kind: 'join', label: text, insert: text, isSnippet: false, detail: 'reference', order: 0 }
      }),
    )
  })
}

function conditions(sources: readonly SqlSource[], _writing: Writing): readonly Suggestion[] {
  const joined = sources.at(-1)
  if (joined === undefined) return []
  return sources
    .slice(0, -1)
    .flatMap((source) => joinConditions(source, joined))
    .map((condition) => {
      const text = conditionText(condition)
      return { kind: 'join', label: text, insert: text, isSnippet: false, detail: 'reference', order: 0 }
    })
}

function conditionText(condition: ReturnType<typeof joinConditions>[number]): string {
  const side = (source: SqlSource, column: string) => `${plainName(source.alias)}.${plainName(column)}`
  return `${side(condition.left, condition.leftColumn)} = ${side(condition.right, condition.rightColumn)}`
}

function functions({ functions: all }: SqlCatalogue): readonly Suggestion[] {
  return all.map(({ name, takes, gives }) => ({
    kind: 'function',
    label: name,
    // `$` begins a place to fill in.
    insert: `${name.replaceAll('$', '\\$')}(${takes === '' ? '' : '$0'})`,
    isSnippet: true,
    detail: `(${takes}) → ${gives}`,
    order: 5,
  }))
}

function words({ upper }: Writing): readonly Suggestion[] {
  return keywords.map((word) => {
    const text = upper ? word.toUpperCase() : word
    return { kind: 'keyword', label: text, insert: text, isSnippet: false, detail: '', order: 4 }
  })
}

function snippetsFor(_writing: Writing): readonly Suggestion[] {
  return snippets.map(({ label, insert, detail }) => ({
    kind: 'snippet',
    label,
    insert,
    isSnippet: true,
    detail,
    order: 3,
  }))
}

/** The name as it is to stand there: in quotes where they were begun, or where it is a word of SQL. */
function nameText(name: string, { isQuoted }: Writing): string {
  return isQuoted ? `"${name}"` : plainName(name)
}

export function plainName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}
