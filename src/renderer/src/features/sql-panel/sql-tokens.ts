/** A piece of SQL that is no space and no comment. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'mark'
  /** A word in lower case, a quoted name without its quotes, anything else as it stands. */
  readonly text: string
  readonly start: number
  readonly end: number
}

const pieces =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(?<string>[eE]?'(?:[^']|'')*(?:'|$)|\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$))|(?<quoted>"(?:[^"]|"")*(?:"|$))|(?<number>\d[\w.]*)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<mark>\S)/gu

/** Reads text that need not be whole: an open quote goes to its end. */
export function sqlTokens(text: string): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  for (const match of text.matchAll(pieces)) {
    const start = match.index
    const end = start + match[0].length
    const { string, quoted, number, word, mark } = match.groups ?? {}
    if (string !== undefined) tokens.push({ kind: 'string', text: string, start, end })
    else if (quoted !== undefined)
      tokens.push({
        kind: 'quoted',
        text: quoted.slice(1, quoted.endsWith('"') && quoted.length > 1 ? -1 : undefined),
        start,
        end,
      })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, start, end })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase(), start, end })
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, start, end })
  }
  return tokens
}

/** Whether the place is within a string or a comment, where nothing is completed. */
export function isInText(text: string, offset: number): boolean {
  for (const match of text.matchAll(pieces)) {
    const end = match.index + match[0].length
    if (match.index >= offset) return false
    if (match[0].startsWith('--') && offset <= end) return true
    if (match[0].startsWith('/*') && offset < end) return true
    if (match.groups?.string !== undefined && offset < end) return true
    if (match.groups?.string !== undefined && offset === end && !/['$]$/.test(match[0])) return true
  }
  return false
}
