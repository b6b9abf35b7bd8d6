/** One record of a CSV file. An empty cell is null, a quoted empty one is a text. */
export interface CsvRecord {
  /** Where it begins; the first line of the file is 1. */
  readonly line: number
  readonly cells: readonly (string | null)[]
  /** What is wrong with it; it is read as well as can be nevertheless. */
  readonly problem?: string
}

export interface CsvParser {
  push(text: string): readonly CsvRecord[]
  end(): readonly CsvRecord[]
}

/** Characters of one record; a quote that is still open then was never meant to be closed. */
const longestRecord = 64 * 2 ** 20

const quote = 0x22
const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * RFC 4180 with any delimiter and any line ending. Written for speed: a million records of eight cells take about a
 * second. A quote that is never closed costs its own line only; the lines after it are read as they are.
 */
export function createCsvParser({ delimiter }: { readonly delimiter: string }): CsvParser {
  const separator = delimiter.charCodeAt(0)
  let buffer = ''
  let line = 1
  /** Up to here a record that did not end is not looked at again: growing by doubling keeps long ones linear. */
  let worthTrying = 0

  function parse(isLast: boolean): readonly CsvRecord[] {
    const records: CsvRecord[] = []
    let at = 0
    let special = -1
    while (at < buffer.length) {
      // Most lines have neither quotes nor lone carriage returns: those are cut by the engine's own code.
      if (special < at) special = firstSpecial(at)
      const lineEnd = buffer.indexOf('\n', at)
      if (lineEnd >= 0 && lineEnd < special) {
        const isCrLf = buffer.charCodeAt(lineEnd - 1) === carriageReturn && lineEnd > at
        records.push({ line, cells: plainCells(buffer.slice(at, isCrLf ? lineEnd - 1 : lineEnd)) })
        line += 1
        at = lineEnd + 1
        continue
      }
      const next = readRecord(at, isLast)
      if (next === null) {
        if (!isLast && buffer.length - at < longestRecord) break
        at = skipOpenQuote(at, records)
        continue
      }
      const { cells, end, lines, problem } = next
      records.push(problem === undefined ? { line, cells } : { line, cells, problem })
      line += lines
      at = end
    }
    buffer = at === 0 ? buffer : buffer.slice(at)
    worthTrying = buffer.length * 2
    return records
  }

  /** Of quotes and of carriage returns without a line feed; the end of what is there, where there is none. */
  function firstSpecial(from: number): number {
    const quoted = buffer.indexOf('"', from)
    let end = quoted < 0 ? buffer.length : quoted
    for (let cr = buffer.indexOf('\r', from); cr >= 0 && cr < end; cr = buffer.indexOf('\r', cr + 1))
      if (buffer.charCodeAt(cr + 1) !== lineFeed) end = cr
    return end
  }

  function plainCells(text: string): (string | null)[] {
    const cells: (string | null)[] = text.split(delimiter)
    for (let at = 0; at < cells.length; at++) if (cells[at] === '') cells[at] = null
    return cells
  }

  /** Null when the record does not end in what is there. */
  function readRecord(from: number, isLast: boolean) {
    const text = buffer
    const length = text.length
    const cells: (string | null)[] = []
    let problem: string | undefined
    let lines = 0
    let at = from
    for (;;) {
      if (at < length && text.charCodeAt(at) === quote) {
        let value = ''
        let begin = at + 1
        let close: number
        for (;;) {
          close = text.indexOf('"', begin)
          if (close < 0 || (close === length - 1 && !isLast)) return null
          if (text.charCodeAt(close + 1) !== quote) break
          value += text.slice(begin, close + 1)
          begin = close + 2
        }
        value += text.slice(begin, close)
        lines += lineBreaks(value)
        at = close + 1
        let after = at
        while (after < length && !isEnd(text.charCodeAt(after))) after++
        if (after === length && !isLast) return null
        if (after > at) {
          problem ??= `has text behind the closing quote of value ${cells.length + 1}`
          value += text.slice(at, after)
          at = after
        }
        cells.push(value)
      } else {
        let end = at
        while (end < length && !isEnd(text.charCodeAt(end))) end++
        if (end === length && !isLast) return null
        cells.push(end === at ? null : text.slice(at, end))
        at = end
      }
      if (at >= length) return { cells, end: length, lines, problem }
      const code = text.charCodeAt(at)
      if (code === separator) {
        at++
        continue
      }
      if (code === carriageReturn) {
        if (at + 1 === length && !isLast) return null
        if (text.charCodeAt(at + 1) === lineFeed) at++
      }
      return { cells, end: at + 1, lines: lines + 1, problem }
    }
  }

  function isEnd(code: number): boolean {
    return code === separator || code === lineFeed || code === carriageReturn
  }

  function skipOpenQuote(from: number, records: CsvRecord[]): number {
    let end = from
    while (end < buffer.length && buffer.charCodeAt(end) !== lineFeed && buffer.charCodeAt(end) !== carriageReturn)
      end++
    const cells = buffer.slice(from, end).split(delimiter)
    records.push({ line, cells, problem: 'has a quote that is never closed' })
    if (end === buffer.length) return end
    line += 1
    return buffer.startsWith('\r\n', end) ? end + 2 : end + 1
  }

  return {
    push(text) {
      buffer = buffer === '' ? text : buffer + text
      return buffer.length < worthTrying ? [] : parse(false)
    },
    end: () => parse(true),
  }
}

function lineBreaks(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed)) count++
  }
  return count
}
