/** Where a statement stands in a text, in UTF-16 units, without its semicolon and what is around it. */
export interface StatementRange {
  readonly start: number
  readonly end: number
  /** Its `:name` places, in the order of the text. */
  readonly parameters: readonly ParameterPlace[]
}

/** A `:name` that takes a value when the statement runs. */
export interface ParameterPlace {
  readonly name: string
  readonly start: number
  readonly end: number
}

/**
 * The statements of a text, also of one that is not finished: an open quote or comment goes to the end of it. Quotes,
 * dollar quotes, comments (also nested) and parentheses are read as Postgres reads them; `begin atomic` bodies are not.
 */
export function statementRanges(text: string): readonly StatementRange[] {
  const found: StatementRange[] = []
  let parameters: ParameterPlace[] = []
  let start = -1
  let end = 0
  let depth = 0
  const finish = () => {
    if (start >= 0) found.push({ start, end, parameters })
    parameters = []
    start = -1
  }
  for (let at = 0; at < text.length; ) {
    const blank = blankEnd(text, at)
    if (blank > at) {
      at = blank
      continue
    }
    const character = text[at] ?? ''
    if (character === ';' && depth === 0) {
      finish()
      at += 1
      continue
    }
    if (character === '(' || character === '[') depth += 1
    if (character === ')' || character === ']') depth = Math.max(0, depth - 1)
    const parameter = character === ':' ? parameterAt(text, at) : null
    if (parameter !== null) parameters.push(parameter)
    if (start < 0) start = at
    at = parameter?.end ?? pieceEnd(text, at)
    end = at
  }
  finish()
  return found
}

/** The statement that the place is in or right behind; else the one before it on the same line, or the next one. */
export function statementAt(ranges: readonly StatementRange[], text: string, offset: number): StatementRange | null {
  const within = ranges.find(({ start, end }) => start <= offset && offset <= end)
  if (within !== undefined) return within
  const before = ranges.filter(({ end }) => end <= offset).at(-1)
  const after = ranges.find(({ start }) => start >= offset)
  const isOnLine = before !== undefined && !text.slice(before.end, offset).includes('\n')
  return (isOnLine ? before : (after ?? before)) ?? null
}

/** The text with each `:name` as `$1`, `$2`, ...; `names` in that order. One statement's parameters, from `start` on. */
export function withNumberedParameters(
  text: string,
  { start, end, parameters }: StatementRange,
): { readonly text: string; readonly names: readonly string[]; readonly toOriginal: (unit: number) => number } {
  const names: string[] = []
  const moves: { readonly from: number; readonly shift: number }[] = []
  let written = ''
  let last = start
  for (const place of parameters) {
    if (!names.includes(place.name)) names.push(place.name)
    written += `${text.slice(last, place.start)}$${names.indexOf(place.name) + 1}`
    last = place.end
    moves.push({ from: written.length, shift: place.end - start - written.length })
  }
  written += text.slice(last, end)
  return {
    text: written,
    names,
    toOriginal(unit) {
      const move = moves.filter(({ from }) => from <= unit).at(-1)
      return start + unit + (move?.shift ?? 0)
    },
  }
}

/** Behind the spaces and comments at `at`. */
function blankEnd(text: string, at: number): number {
  if (/\s/.test(text[at] ?? '')) return at + 1
  if (text.startsWith('--', at)) {
    const line = text.indexOf('\n', at)
    return line < 0 ? text.length : line + 1
  }
  if (!text.startsWith('/*', at)) return at
  let depth = 0
  for (let place = at; place < text.length; ) {
    if (text.startsWith('/*', place)) depth += 1
    else if (text.startsWith('*/', place)) depth -= 1
    else {
      place += 1
      continue
    }
    place += 2
    if (depth === 0) return place
  }
  return text.length
}

const word = /[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*/uy
const dollarQuote = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy
const number = /\d[\d_.]*(?:[eE][+-]?\d+)?\w*/y

/** Behind the quoted text, the word, the number or the character at `at`. */
function pieceEnd(text: string, at: number): number {
  const character = text[at] ?? ''
  if (character === "'") return quoteEnd(text, at, "'", isEscapeString(text, at))
  if (character === '"') return quoteEnd(text, at, '"', false)
  const dollar = matchAt(dollarQuote, text, at)
  if (dollar !== null) {
    const close = text.indexOf(dollar, at + dollar.length)
    return close < 0 ? text.length : close + dollar.length
  }
  return at + (matchAt(word, text, at) ?? matchAt(number, text, at) ?? character).length
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

/** `E'...'`, in which a backslash hides the quote behind it. */
function isEscapeString(text: string, at: number): boolean {
  return /[eE]/.test(text[at - 1] ?? '') && !/[\p{L}\p{N}_$]/u.test(text[at - 2] ?? '')
}

function quoteEnd(text: string, at: number, quote: string, escapes: boolean): number {
  for (let place = at + 1; place < text.length; place += 1) {
    if (escapes && text[place] === '\\') place += 1
    else if (text[place] === quote) {
      if (text[place + 1] !== quote) return place + 1
      place += 1
    }
  }
  return text.length
}

const parameterName = /[\p{L}_][\p{L}\p{N}_]*/uy

/** `a::text`, `a := 1` and the slices `a[1:n]` are no parameters. */
function parameterAt(text: string, at: number): ParameterPlace | null {
  if (/[:\p{L}\p{N}_$)\]"']/u.test(text[at - 1] ?? '')) return null
  const name = matchAt(parameterName, text, at + 1)
  return name === null ? null : { name, start: at, end: at + 1 + name.length }
}
