import type { Parser, Token } from './postgres-parser'
import { SyntaxProblem } from './postgres-parser'
import { type Splice, spliced } from './splice'
import type { ParsedStatement } from './syntax'

export interface ReadText {
  readonly text: string
  readonly statements: readonly ParsedStatement[]
  /** From a unit of `text` to a unit of what the person wrote. */
  readonly toOriginal: (unit: number) => number
}

/** Words that are put in quotes in one text, and characters that are read for it: each word is another reading. */
const mostWords = 200
const mostRead = 4_000_000

/**
 * Reads SQL in which tables whose names are words of SQL (order, group, user) are not quoted: where the text cannot be
 * read and such a table exists, its name is put in quotes. Throws SyntaxProblem, in places of the person's text.
 */
export function readQuoting(parser: Parser, text: string, tables: ReadonlySet<string>): ReadText {
  const splices: Splice[] = []
  let tokens: readonly Token[] | undefined
  for (;;) {
    const current = spliced(text, splices)
    try {
      return { text: current.text, statements: parser.parse(current.text), toOriginal: current.toOriginal }
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error
      const offset = current.toOriginal(error.offset)
      tokens ??= parser.scan(text)
      const quoted = new Set(splices.map(({ at }) => at))
      const word = wordAt(tokens, offset).find(
        (token) => token.keyword && tables.has(token.text.toLowerCase()) && !quoted.has(token.start),
      )
      if (word === undefined || splices.length >= Math.min(mostWords, mostRead / text.length))
        throw explained(error.message, tokens, offset)
      splices.push({ at: word.start, remove: word.end - word.start, insert: `"${word.text.toLowerCase()}"` })
    }
  }
}

/** What stands at the place, and what stands before it: `user.name` is read until its dot. */
function wordAt(tokens: readonly Token[], offset: number): readonly Token[] {
  const index = tokens.findIndex((token) => token.end > offset)
  const at = index < 0 ? tokens.length : index
  return tokens.slice(Math.max(0, at - 1), at + 1).reverse()
}

function explained(message: string, tokens: readonly Token[], offset: number): SyntaxProblem {
  const word = wordAt(tokens, offset).find((token) => token.reserved)
  if (word === undefined) return new SyntaxProblem(message, offset)
  const before = tokens[tokens.indexOf(word) - 1]?.text.toLowerCase() ?? ''
  const isName = ['from', 'join', 'into', 'update', 'table', '.', 'as'].includes(before)
  const hint = isName ? ` "${word.text.toLowerCase()}" is a word of SQL: as a name, write it in double quotes.` : ''
  return new SyntaxProblem(`${message.replace(/\.$/, '')}.${hint}`, offset)
}
