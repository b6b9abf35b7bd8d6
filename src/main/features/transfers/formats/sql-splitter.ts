/** A piece of a SQL file: a statement, or a line of the data that follows `copy ... from stdin`. */
export type SqlPiece =
  | { readonly kind: 'statement'; readonly line: number; readonly text: string }
  | { readonly kind: 'row'; readonly line: number; readonly text: string }
  | { readonly kind: 'comment'; readonly line: number; readonly text: string }
  | { readonly kind: 'problem'; readonly line: number; readonly problem: string }

export interface SqlSplitter {
  push(text: string): readonly SqlPiece[]
  end(): readonly SqlPiece[]
}

/** Characters of one statement. */
const longestStatement = 256 * 2 ** 20

const copyIn = /^copy\s[\s\S]*\bfrom\s+stdin\b/i

/**
 * Cuts a script as psql reads it: quotes, dollar quotes and comments hold no end of a statement, lines behind a COPY are
 * its rows up to `\.`, and words for psql itself (`\restrict`) are left out.
 */
export function createSqlSplitter(): SqlSplitter {
  let buffer = ''
  let line = 1
  let isCopy = false
  let worthTrying = 0

  function scan(isLast: boolean): readonly SqlPiece[] {
    const pieces: SqlPiece[] = []
    let at = 0
    for (;;) {
      const next = isCopy ? copyRow(at, isLast) : statement(at, isLast)
      if (next === null) break
      const { piece, end, lines } = next
      if (piece !== null) pieces.push(piece)
      line += lines
      at = end
    }
    buffer = buffer.slice(at)
    worthTrying = isCopy ? 0 : buffer.length * 2
    if (buffer.length > longestStatement) {
      pieces.push({
        kind: 'problem',
        line,
        problem: 'A statement is longer than 256 MB, or a quote in it is never closed.',
      })
      buffer = ''
    }
    return pieces
  }

  function copyRow(at: number, isLast: boolean) {
    if (at >= buffer.length) return null
    const found = buffer.indexOf('\n', at)
    if (found < 0 && !isLast) return null
    const end = found < 0 ? buffer.length : found
    const text = buffer.slice(at, buffer.charCodeAt(end - 1) === 0x0d ? end - 1 : end)
    if (text === '\\.') {
      isCopy = false
      return { piece: null, end: Math.min(buffer.length, end + 1), lines: 1 }
    }
    const piece: SqlPiece = { kind: 'row', line, text }
    return { piece, end: Math.min(buffer.length, end + 1), lines: 1 }
  }

  function statement(from: number, isLast: boolean) {
    let at = from
    for (;;) {
      while (at < buffer.length && isSpace(buffer.charCodeAt(at))) at++
      if (!buffer.startsWith('/*', at)) break
      const close = closeComment(at)
      if (close === null) return null
      at = close
    }
    if (at >= buffer.length) return null
    const before = breaks(buffer, from, at)
    if (buffer.startsWith('--', at) || buffer.charCodeAt(at) === backslash) {
      const found = buffer.indexOf('\n', at)
      if (found < 0 && !isLast) return null
      const end = found < 0 ? buffer.length : found
      const text = buffer.slice(at, end)
      const piece: SqlPiece | null = text.startsWith('--')
        ? { kind: 'comment', line: line + before, text: text.trimEnd() }
        : null
      return { piece, end: Math.min(buffer.length, end + 1), lines: before + (found < 0 ? 0 : 1) }
    }
    const end = endOf(at)
    if (end === null) {
      if (!isLast) return null
      const text = buffer.slice(at).trim()
      const piece: SqlPiece | null =
        text === '' || onlyComments(text) ? null : { kind: 'statement', line: line + before, text }
      return { piece, end: buffer.length, lines: breaks(buffer, from, buffer.length) }
    }
    const text = buffer.slice(at, end)
    const lines = breaks(buffer, from, end)
    let after = end + 1
    let more = 0
    if (copyIn.test(text)) {
      const found = buffer.indexOf('\n', after)
      if (found < 0 && !isLast) return null
      isCopy = true
      after = found < 0 ? buffer.length : found + 1
      more = found < 0 ? 0 : 1
    }
    const piece: SqlPiece | null = text.trim() === '' ? null : { kind: 'statement', line: line + before, text }
    return { piece, end: after, lines: lines + more }
  }

  /** Where the semicolon of the statement is; null when it is not there yet. */
  function endOf(from: number): number | null {
    let at = from
    while (at < buffer.length) {
      const code = buffer.charCodeAt(at)
      if (code === 0x3b) return at
      if (code === 0x27) {
        const escapes = /[eE]/.test(buffer[at - 1] ?? '') && !/[\w$]/.test(buffer[at - 2] ?? '')
        const close = closing(at, "'", escapes)
        if (close === null) return null
        at = close
      } else if (code === 0x22) {
        const close = closing(at, '"', false)
        if (close === null) return null
        at = close
      } else if (code === 0x24) {
        const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(buffer.slice(at, at + 70))?.[0]
        if (tag !== undefined && !/[\w$]/.test(buffer[at - 1] ?? '')) {
          const close = buffer.indexOf(tag, at + tag.length)
          if (close < 0) return null
          at = close + tag.length
        } else at++
      } else if (code === 0x2d && buffer.charCodeAt(at + 1) === 0x2d) {
        const close = buffer.indexOf('\n', at)
        if (close < 0) return null
        at = close
      } else if (code === 0x2f && buffer.charCodeAt(at + 1) === 0x2a) {
        const close = closeComment(at)
        if (close === null) return null
        at = close
      } else at++
    }
    return null
  }

  function closing(from: number, quote: string, escapes: boolean): number | null {
    let at = from + 1
    for (;;) {
      if (escapes) {
        while (at < buffer.length && buffer[at] !== quote) at += buffer[at] === '\\' ? 2 : 1
        if (at >= buffer.length) return null
      } else {
        at = buffer.indexOf(quote, at)
        if (at < 0) return null
      }
      if (buffer[at + 1] !== quote) return at + 1
      at += 2
    }
  }

  function closeComment(from: number): number | null {
    let depth = 0
    const mark = /\/\*|\*\//g
    mark.lastIndex = from
    for (let match = mark.exec(buffer); match; match = mark.exec(buffer)) {
      depth += match[0] === '/*' ? 1 : -1
      if (depth === 0) return mark.lastIndex
    }
    return null
  }

  return {
    push(text) {
      buffer += text
      return buffer.length < worthTrying ? [] : scan(false)
    },
    end() {
      const pieces = scan(true)
      return isCopy
        ? [
            ...pieces,
            { kind: 'problem', line, problem: 'The file ends inside the rows of a COPY: the line "\\." is missing.' },
          ]
        : pieces
    },
  }
}

const backslash = 0x5c

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff
}

function breaks(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}

function onlyComments(text: string): boolean {
  return (
    text
      .replace(/--[^\n]*/g, '')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .trim() === ''
  )
}
