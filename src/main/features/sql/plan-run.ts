import { AppError } from '@shared/app-error'
import type { StoredTable } from '../tables/stored-table'
import { checkStatement, type StatementFacts } from './check-statement'
import { groupAlso } from './group-by'
import { nestedTooDeeply, type Parser, SyntaxProblem } from './postgres-parser'
import { withoutPublic } from './public-schema'
import { type ReadText, readQuoting } from './reserved-names'
import { type Splice, spliced } from './splice'
import { syntaxError } from './sql-error'
import type { ParsedStatement } from './syntax'
import { byteOffsets, placeAt } from './text-offsets'
import { upsertAsMerge } from './upsert'
import { valueFunctionTables } from './value-function-tables'

export interface PlannedStatement {
  /** From 1. */
  readonly number: number
  readonly facts: StatementFacts
  /** The word of the command as it was written: an INSERT may be sent as MERGE. */
  readonly command: string | null
  /** What to send. */
  readonly text: string
  /** From a unit of `text` to a unit of the person's text. */
  readonly toQuery: (unit: number) => number
  /** The same with the column that Postgres missed in GROUP BY; null when plain tables would be refused it as well. */
  readonly grouped: (missing: { readonly offset: number; readonly name: string | null }) => PlannedStatement | null
}

/** Statements of one run; each takes an exchange with Postgres and a result. */
const mostStatements = 1_000

/** Reads, checks and rewrites the text. VALIDATION or FORBIDDEN, with the place, for what cannot be run. */
export function planRun(parser: Parser, query: string, tables: readonly StoredTable[]): readonly PlannedStatement[] {
  try {
    return plan(remembering(parser), query, tables)
  } catch (error) {
    // Trees are walked by recursion, and some that Postgres' parser reads are deeper than our stack.
    if (!(error instanceof RangeError)) throw error
    throw nestedTooDeeply(error)
  }
}

/** A text of a thousand upserts is looked over once and not a thousand times. */
function remembering(parser: Parser): Parser {
  const scans = new Map<string, ReturnType<Parser['scan']>>()
  return {
    parse: (text) => parser.parse(text),
    scan(text) {
      const tokens = scans.get(text) ?? parser.scan(text)
      scans.set(text, tokens)
      return tokens
    },
  }
}

function plan(parser: Parser, query: string, tables: readonly StoredTable[]): readonly PlannedStatement[] {
  // To Postgres and to its parser, a text ends there; what comes after it would be seen by neither.
  const end = query.indexOf('\0')
  if (end >= 0) throw syntaxError('The SQL holds the character U+0000. Take it out', query, end)
  const names = tables.map(({ schema }) => schema.name)
  const read = readText(parser, query, names)
  if (read.statements.length > mostStatements)
    throw new AppError('TOO_LARGE', `These are ${read.statements.length} statements. Run at most 1,000 at a time.`)
  const offsets = byteOffsets(read.text)
  return read.statements.map((statement, index) => {
    const located = <T>(work: () => T): T => locating(work, query, read.toOriginal(statement.start), index + 1)
    const facts = located(() => checkStatement(statement))
    const splices = located(() => [
      ...withoutPublic(statement, read.text, offsets),
      ...valueFunctionTables(statement, read.text, offsets, names),
      ...upsertAsMerge(statement, read.text, offsets, parser, tables),
    ])
    return planned({ number: index + 1, statement, read, offsets, facts, tables }, splices)
  })
}

interface Planning {
  readonly number: number
  readonly statement: ParsedStatement
  readonly read: ReadText
  readonly offsets: ReturnType<typeof byteOffsets>
  readonly facts: StatementFacts
  readonly tables: readonly StoredTable[]
}

/** `splices` are in units of the text as it was read. */
function planned(planning: Planning, splices: readonly Splice[]): PlannedStatement {
  const { number, statement, read, offsets, facts, tables } = planning
  const { start, end } = statement
  const written = spliced(
    read.text.slice(start, end),
    splices.map((splice) => ({ ...splice, at: splice.at - start })),
  )
  return {
    number,
    facts,
    command: statement.kind === 'InsertStmt' ? 'INSERT' : null,
    text: written.text,
    toQuery: (unit) => read.toOriginal(start + written.toOriginal(unit)),
    grouped({ offset, name }) {
      const missing = { offset: start + written.toOriginal(offset), name }
      const splice = groupAlso(statement, offsets, missing, tables)
      return splice === null ? null : planned(planning, [...splices, splice])
    },
  }
}

function readText(parser: Parser, query: string, names: readonly string[]): ReadText {
  try {
    return readQuoting(parser, query, new Set(names))
  } catch (error) {
    if (error instanceof SyntaxProblem) throw syntaxError(error.message, query, error.offset)
    throw error
  }
}

/** Says which statement it is that is refused. */
function locating<T>(work: () => T, query: string, start: number, number: number): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const more = typeof error.details === 'object' ? error.details : {}
    throw new AppError(error.code, error.message, {
      details: { statement: number, ...placeAt(query, start), ...more },
      cause: error,
    })
  }
}
