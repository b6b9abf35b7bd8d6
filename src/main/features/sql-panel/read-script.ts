import type { AppError } from '@shared/app-error'
import { type StatementRange, statementRanges, withNumberedParameters } from '@shared/domain/sql-text'
import { nestedTooDeeply, type Parser, SyntaxProblem } from '../sql/postgres-parser'
import { readQuoting } from '../sql/reserved-names'
import type { ParsedStatement } from '../sql/syntax'

/** One statement of a person's text. */
export interface ScriptStatement {
  /** In UTF-16 units of the whole text. */
  readonly start: number
  readonly end: number
  /** Itself, with `$1`, `$2`, ... for its `:name` places. */
  readonly text: string
  /** The names behind those numbers. */
  readonly parameters: readonly string[]
  /** From a unit of `text` to one of the whole text. */
  readonly toScript: (unit: number) => number
  readonly read: ReadStatement | ReadProblem
}

export interface ReadStatement {
  readonly kind: 'read'
  readonly statement: ParsedStatement
  /** What the parser read: `text` with names in quotes that are words of SQL. */
  readonly parsedText: string
  readonly toText: (unit: number) => number
}

export interface ReadProblem {
  readonly kind: 'problem'
  readonly message: string
  /** In units of the whole text. */
  readonly start: number
  readonly end: number
}

/** Reads each statement by itself, so that a mistake in one leaves the others as they are. */
export function readScript(parser: Parser, text: string, tables: ReadonlySet<string>): readonly ScriptStatement[] {
  // To Postgres, a text ends there.
  const end = text.indexOf('\0')
  const ranges = statementRanges(end < 0 ? text : text.slice(0, end))
  const statements = ranges.flatMap((range) => readOne(parser, text, range, tables))
  if (end < 0) return statements
  const message = 'The SQL holds the character U+0000. Take it out.'
  const problem: ReadProblem = { kind: 'problem', message, start: end, end: end + 1 }
  const toScript = (unit: number) => end + unit
  return [...statements, { start: end, end: end + 1, text: '\0', parameters: [], toScript, read: problem }]
}

function readOne(
  parser: Parser,
  script: string,
  range: StatementRange,
  tables: ReadonlySet<string>,
): readonly ScriptStatement[] {
  const { text, names, toOriginal } = withNumberedParameters(script, range)
  const place = { start: range.start, end: range.end, text, parameters: names, toScript: toOriginal }
  try {
    const read = readQuoting(parser, text, tables)
    return read.statements.map((statement) => ({
      ...place,
      read: { kind: 'read', statement, parsedText: read.text, toText: read.toOriginal },
    }))
  } catch (error) {
    if (error instanceof SyntaxProblem) {
      const start = Math.min(toOriginal(error.offset), range.end)
      const end = Math.max(start, wordEnd(script, start, range.end))
      return [{ ...place, read: { kind: 'problem', message: sentence(error.message), start, end } }]
    }
    const failure: AppError = nestedTooDeeply(error)
    return [{ ...place, read: { kind: 'problem', message: failure.message, start: range.start, end: range.end } }]
  }
}

/** What is underlined: the word that the parser stumbled over, or the last one of the statement. */
function wordEnd(text: string, start: number, end: number): number {
  const [word = ''] = /^[\p{L}\p{N}_$"']+|^\S/u.exec(text.slice(start, end)) ?? []
  return start + word.length
}

function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1)
  return /[.?!]$/.test(text) ? text : `${text}.`
}
