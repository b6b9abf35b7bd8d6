/** One value of a JSON file, as text, or what is wrong at its place. */
export type JsonPiece =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly problem: string }

export interface JsonSplitter {
  push(text: string): readonly JsonPiece[]
  end(): readonly JsonPiece[]
  /** Of a list inside of something: what came behind its end; null before that. */
  rest(): { readonly text: string; readonly line: number } | null
}

/** Characters of one record. */
const longestPiece = 64 * 2 ** 20

type Place = 'start' | 'element' | 'afterElement' | 'afterComma' | 'end' | 'over'

/**
 * Cuts a JSON array, or values one after the other (NDJSON), into its values without reading them: so a file may be of
 * any length, and one broken value costs no other.
 */
export function createJsonSplitter({ line: firstLine = 1, isInside = false } = {}): JsonSplitter {
  let place: Place = 'start'
  let isArray = false
  let line = firstLine
  let depth = 0
  let inText = false
  let isEscaped = false
  /** Of the value that is being read; null between values. */
  let begin: number | null = null
  let beginLine = firstLine
  let buffer = ''
  let at = 0
  /** The last piece was this problem, in this push or one before. */
  let told: { readonly line: number; readonly problem: string } | null = null

  function scan(isLast: boolean): readonly JsonPiece[] {
    const pieces: JsonPiece[] = []
    for (; at < buffer.length; at++) {
      if (isInside && place === 'end') break
      const code = buffer.charCodeAt(at)
      if (code === 0x0a) line++
      if (begin !== null) {
        if (inText) {
          if (isEscaped) isEscaped = false
          else if (code === 0x5c) isEscaped = true
          else if (code === 0x22) inText = false
          // A line break inside a text is an error in any JSON: the quote was never closed.
          else if (code === 0x0a) cut(pieces)
          continue
        }
        if (code === 0x22) inText = true
        else if (code === 0x7b || code === 0x5b) depth++
        else if ((code === 0x7d || code === 0x5d) && depth > 0) {
          depth--
          if (depth === 0) finish(pieces, at + 1)
        } else if (depth === 0 && (isSpace(code) || code === 0x2c || code === 0x5d || code === 0x7d)) {
          finish(pieces, at)
          between(code, pieces)
        }
        continue
      }
      between(code, pieces)
    }
    if (begin !== null && isLast) {
      if (depth > 0 || inText) pieces.push({ line: beginLine, problem: 'ends before it is complete' })
      else finish(pieces, buffer.length)
      begin = null
    }
    if (isLast && isArray && place !== 'end' && place !== 'over')
      pieces.push({ line, problem: 'The file ends before its list does: "]" is missing.' })
    if (begin !== null && at - begin > longestPiece) {
      pieces.push({ line: beginLine, problem: 'is longer than 64 MB' })
      reset()
    }
    const from = begin ?? at
    buffer = buffer.slice(from)
    at -= from
    if (begin !== null) begin = 0
    return pieces
  }

  function between(code: number, pieces: JsonPiece[]): void {
    if (isSpace(code) || code === 0xfeff || place === 'over') return
    if (place === 'end') {
      problem(pieces, 'There is text behind the end of the list.')
      place = 'over'
      return
    }
    if (place === 'start' && code === 0x5b && !isArray) {
      isArray = true
      place = 'element'
      return
    }
    if (isArray && code === 0x5d) {
      if (place === 'afterComma') problem(pieces, 'There is a comma without a record behind it.')
      place = 'end'
      return
    }
    if (isArray && code === 0x2c) {
      if (place !== 'afterElement') problem(pieces, 'There is a comma without a record before it.')
      place = 'afterComma'
      return
    }
    if (isArray && place === 'afterElement') problem(pieces, 'A comma is missing between two records.')
    begin = at
    beginLine = line
    depth = 0
    inText = false
    isEscaped = false
    if (code === 0x22) inText = true
    else if (code === 0x7b || code === 0x5b) depth = 1
  }

  function problem(pieces: JsonPiece[], sentence: string): void {
    // Said once for what is one mistake.
    if (told?.line === line && told.problem === sentence) return
    told = { line, problem: sentence }
    pieces.push(told)
  }

  function finish(pieces: JsonPiece[], end: number): void {
    if (begin === null) return
    pieces.push({ line: beginLine, text: buffer.slice(begin, end) })
    reset()
  }

  /** What began here is broken; the next line may begin a value of its own. */
  function cut(pieces: JsonPiece[]): void {
    pieces.push({ line: beginLine, problem: 'has a text that is not closed at the end of its line' })
    reset()
  }

  function reset(): void {
    told = null
    begin = null
    depth = 0
    inText = false
    place = isArray ? 'afterElement' : 'element'
  }

  return {
    push(text) {
      buffer += text
      return scan(false)
    },
    end: () => scan(true),
    rest: () => (isInside && place === 'end' ? { text: buffer, line } : null),
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
