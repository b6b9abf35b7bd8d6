/** A value of an INSERT: its text, NULL, the column's default, or an expression that only Postgres can compute. */
export type InsertValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'default' }
  | { readonly kind: 'expression'; readonly text: string }

export interface InsertStatement {
  readonly table: readonly string[]
  /** Null: all columns, in their order. */
  readonly columns: readonly string[] | null
  readonly rows: readonly { readonly line: number; readonly values: readonly InsertValue[] }[]
}

const space = String.raw`(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)*`
const word = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`
const head = new RegExp(
  `^insert\\s+into\\s+(?:only\\s+)?(${word}(?:\\s*\\.\\s*${word})*)${space}(?:\\(([^()]*)\\))?${space}(?:overriding\\s+(?:system|user)\\s+value)?${space}values${space}`,
  'i',
)

/** `line` is where the statement begins. Null when it is no `insert ... values`. */
export function readInsert(text: string, line: number): InsertStatement | null {
  const match = head.exec(text)
  if (!match) return null
  const [whole, target = '', list] = match
  const rows: { line: number; values: readonly InsertValue[] }[] = []
  let at = whole.length
  let currentLine = line + countBreaks(whole)
  for (;;) {
    const skipped = skipSpace(text, at)
    currentLine += countBreaks(text.slice(at, skipped))
    at = skipped
    if (text[at] !== '(') return null
    const row = readRow(text, at)
    if (row === null) return null
    rows.push({ line: currentLine, values: row.values })
    currentLine += countBreaks(text.slice(at, row.end))
    at = row.end
    const next = skipSpace(text, at)
    currentLine += countBreaks(text.slice(at, next))
    at = next
    if (text[at] === ',') at++
    else break
  }
  const rest = text.slice(at).trim()
  if (rest !== '' && !/^on\s+conflict\b[\s\S]*\bdo\s+nothing$/i.test(rest)) return null
  return {
    table: names(target),
    columns: list === undefined ? null : list.split(',').map((one) => nameOf(one.trim())),
    rows,
  }
}

/** `copy t (a, b) from stdin`. */
export function readCopyHead(
  text: string,
): { readonly table: readonly string[]; readonly columns: readonly string[] | null; readonly options: string } | null {
  const match = new RegExp(
    `^copy\\s+(${word}(?:\\s*\\.\\s*${word})*)${space}(?:\\(([^()]*)\\))?${space}from\\s+stdin([\\s\\S]*)$`,
    'i',
  ).exec(text)
  if (!match) return null
  const [, target = '', list, options = ''] = match
  return {
    table: names(target),
    columns: list === undefined ? null : list.split(',').map((one) => nameOf(one.trim())),
    options: options.trim(),
  }
}

function readRow(text: string, from: number): { readonly values: readonly InsertValue[]; readonly end: number } | null {
  const values: InsertValue[] = []
  let at = from + 1
  for (;;) {
    const begin = skipSpace(text, at)
    const end = endOfValue(text, begin)
    if (end === null) return null
    values.push(readValue(text.slice(begin, end).trim()))
    if (text[end] === ')') return { values, end: end + 1 }
    at = end + 1
  }
}

/** Where the comma or the bracket behind a value is. */
function endOfValue(text: string, from: number): number | null {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x27 || code === 0x22) {
      const isEscaped = code === 0x27 && /[eE]/.test(text[at - 1] ?? '') && !/[\w$]/.test(text[at - 2] ?? '')
      at = closingQuote(text, at, isEscaped)
      if (at < 0) return null
    } else if (code === 0x28 || code === 0x5b) depth++
    else if (code === 0x5d) depth--
    else if (code === 0x29) {
      if (depth === 0) return at
      depth--
    } else if (code === 0x2c && depth === 0) return at
    else if (code === 0x2d && text.charCodeAt(at + 1) === 0x2d) {
      at = text.indexOf('\n', at)
      if (at < 0) return null
    } else if (code === 0x24 && depth === 0) {
      const tag = /^\$\w*\$/.exec(text.slice(at, at + 70))?.[0]
      if (tag === undefined) continue
      const close = text.indexOf(tag, at + tag.length)
      if (close < 0) return null
      at = close + tag.length - 1
    }
  }
  return null
}

function closingQuote(text: string, from: number, escapes: boolean): number {
  const quote = text[from]
  for (let at = from + 1; at < text.length; at++) {
    if (escapes && text[at] === '\\') at++
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at
      at++
    }
  }
  return -1
}

function readValue(text: string): InsertValue {
  if (/^null$/i.test(text)) return { kind: 'null' }
  if (/^default$/i.test(text)) return { kind: 'default' }
  if (/^(true|false)$/i.test(text)) return { kind: 'text', text: text.toLowerCase() }
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return { kind: 'text', text }
  const plain = /^'((?:[^']|'')*)'(?:\s*::\s*[\w\s."]+(?:\([\d,\s]+\))?(?:\[\])*)?$/.exec(text)
  if (plain?.[1] !== undefined) return { kind: 'text', text: plain[1].replaceAll("''", "'") }
  const typed = /^(?:date|time|timestamp|timestamptz|interval)\s+'((?:[^']|'')*)'$/i.exec(text)
  if (typed?.[1] !== undefined) return { kind: 'text', text: typed[1].replaceAll("''", "'") }
  return { kind: 'expression', text }
}

function names(text: string): readonly string[] {
  return [...text.matchAll(new RegExp(word, 'g'))].map(([one]) => nameOf(one))
}

/** Names that are not quoted are in small letters, as Postgres reads them. */
function nameOf(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase()
}

function skipSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++
    if (text.startsWith('--', at)) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at)
      at = end < 0 ? text.length : end + 2
    } else return at
  }
}

function countBreaks(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}
