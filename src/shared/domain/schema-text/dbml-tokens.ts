/** The text is no DBML. */
export class DbmlProblem extends Error {
  override readonly name = 'DbmlProblem'
  /** From 1. */
  readonly line: number
  readonly column: number

  constructor(message: string, { line, column }: { readonly line: number; readonly column: number }) {
    super(message)
    this.line = line
    this.column = column
  }
}

export interface DbmlToken {
  readonly kind: 'word' | 'quoted' | 'text' | 'code' | 'sign' | 'end'
  readonly value: string
  readonly line: number
  readonly column: number
  /** It is the first of its line. */
  readonly leads: boolean
}

/** Words, `"names"`, `'texts'`, `` `code` `` and signs; comments are left out. */
export function dbmlTokens(text: string): readonly DbmlToken[] {
  const tokens: DbmlToken[] = []
  const pattern =
    /(\s+)|(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|'''((?:\\[\s\S]|(?!''')[\s\S])*)'''|'((?:\\[\s\S]|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`([^`\n]*)`|([\p{L}\p{N}_#$-]+(?:\.\d+)?)|(<>|[{}[\]():,.<>~@=+*%/!?;])/uy
  let line = 1
  let lineStart = 0
  let leads = true
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex
    const place = { line, column: at - lineStart + 1 }
    const match = pattern.exec(text)
    if (!match) throw new DbmlProblem(`This is not understood here: ${text.slice(at, at + 10).split('\n')[0]}`, place)
    const [whole, blank, comment, long, short, quoted, code, word, sign] = match
    const add = (kind: DbmlToken['kind'], value: string) => {
      tokens.push({ kind, value, ...place, leads })
      leads = false
    }
    if (long !== undefined) add('text', unindented(unescaped(long)))
    else if (short !== undefined) add('text', unescaped(short))
    else if (quoted !== undefined) add('quoted', unescaped(quoted))
    else if (code !== undefined) add('code', code)
    else if (word !== undefined && blank === undefined && comment === undefined) add('word', word)
    else if (sign !== undefined) add('sign', sign)
    const breaks = whole.split('\n').length - 1
    if (breaks > 0) {
      line += breaks
      lineStart = at + whole.lastIndexOf('\n') + 1
      leads = true
    }
  }
  tokens.push({ kind: 'end', value: '', line, column: text.length - lineStart + 1, leads: true })
  return tokens
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, (_, character: string) => escapes.get(character) ?? character)
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['\n', ''],
])

/** Long texts are indented with what is around them. */
function unindented(text: string): string {
  const lines = text
    .replace(/^[^\S\n]*\n/, '')
    .replace(/\n[^\S\n]*$/, '')
    .split('\n')
  const depth = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)?.[0].length ?? 0),
  )
  return Number.isFinite(depth) ? lines.map((line) => line.slice(depth)).join('\n') : ''
}
