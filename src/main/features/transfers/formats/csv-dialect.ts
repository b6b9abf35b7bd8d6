import { type CsvRecord, createCsvParser } from './csv-parser'

export const delimiters = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof delimiters)[number]

/** Records that are looked at. */
const sample = 200

/** The delimiter that cuts the most records into the same number of cells. */
export function detectDelimiter(head: string): Delimiter {
  const scored = delimiters.map((delimiter) => ({ delimiter, score: scoreOf(recordsOf(head, delimiter)) }))
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).delimiter
}

function scoreOf(records: readonly CsvRecord[]): number {
  const widths = new Map<number, number>()
  for (const { cells } of records) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1)
  const [width, count] = [...widths].reduce((best, one) => (one[1] > best[1] ? one : best), [1, 0] as const)
  if (width === 1 || records.length === 0) return 0
  const clean = records.filter(({ problem }) => problem === undefined).length / records.length
  // Agreement first; among those that agree, the one that makes more of the line.
  return (count / records.length) * clean * (1 + Math.min(width, 50) / 100)
}

export function recordsOf(head: string, delimiter: string): readonly CsvRecord[] {
  const parser = createCsvParser({ delimiter })
  const whole = parser.push(head)
  const records = whole.length === 0 ? parser.end() : whole
  return records.filter(({ cells }) => cells.length > 1 || cells[0] !== null).slice(0, sample)
}

/** Whether the first record names the columns: texts, each there once, and not of the kind that follows below. */
export function detectHeader(records: readonly CsvRecord[]): boolean {
  const [first, ...rest] = records
  if (!first || first.cells.some((cell) => cell === null || cell.trim() === '')) return false
  const names = first.cells.map((cell) => (cell ?? '').trim().toLowerCase())
  if (new Set(names).size < names.length || names.some(looksLikeData)) return false
  if (rest.length === 0) return true
  const isName = names.every((name) => /^[\p{L}_$#@*][\p{L}\p{N}\p{M} _$#@.,:;/()%&'’*+?-]*$/u.test(name))
  const differs = names.some((_, at) => {
    const below = rest.map(({ cells }) => cells[at] ?? null).filter((cell) => cell !== null)
    return below.length > 0 && below.every(looksLikeData)
  })
  return isName || differs
}

function looksLikeData(text: string): boolean {
  return (
    /^[+-]?[\d.,]+(e[+-]?\d+)?%?$/i.test(text) ||
    /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/.test(text) ||
    text === 'true' ||
    text === 'false'
  )
}
