import type { JsonValue } from '@shared/json'

/** A rectangle of cells on the clipboard: from a spreadsheet as text, from this grid with its values. */
export type BlockCell =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'value'; readonly value: JsonValue }

export type Block = readonly (readonly BlockCell[])[]

/** Excel and Sheets part cells by tabs and quote those that hold tabs, line breaks or quotes. */
export function readBlock(text: string): Block {
  const tabs = readSeparated(text, '\t')
  if (tabs.some((row) => row.length > 1)) return tabs
  // Commas part cells only where every line has as many: a sentence is one cell.
  const commas = readSeparated(text, ',')
  const width = commas[0]?.length ?? 0
  return commas.length > 1 && width > 1 && commas.every((row) => row.length === width) ? commas : tabs
}

/** NULL is nothing at all, the empty text a pair of quotes. */
export function writeBlock(rows: readonly (readonly (string | null)[])[], separator: '\t' | ',' = '\t'): string {
  return rows.map((row) => row.map((cell) => writeCell(cell, separator)).join(separator)).join('\n')
}

function writeCell(cell: string | null, separator: string): string {
  if (cell === null) return ''
  const needsQuotes = cell === '' || cell.startsWith('"') || cell.includes(separator) || /[\r\n]/.test(cell)
  return needsQuotes || (separator === ',' && cell.includes('"')) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function readSeparated(text: string, separator: string): Block {
  const rows: BlockCell[][] = []
  let row: BlockCell[] = []
  let at = 0
  while (at < text.length || row.length > 0) {
    const quoted = text[at] === '"' ? readQuoted(text, at, separator) : null
    const end = quoted ? quoted.end : endOfPlain(text, at, separator)
    row.push(
      quoted
        ? { kind: 'text', text: quoted.text, quoted: true }
        : { kind: 'text', text: text.slice(at, end), quoted: false },
    )
    at = end
    if (text[at] === separator) {
      at += 1
      // A separator at the very end has one more empty cell after it.
      if (at === text.length) row.push({ kind: 'text', text: '', quoted: false })
      else continue
    }
    if (text[at] === '\r') at += 1
    if (text[at] === '\n') at += 1
    rows.push(row)
    row = []
  }
  return rows.length === 0 ? [[{ kind: 'text', text: '', quoted: false }]] : rows
}

/** A cell in quotes, if they close where a cell ends; otherwise the quote is a character like any other. */
function readQuoted(
  text: string,
  from: number,
  separator: string,
): { readonly text: string; readonly end: number } | null {
  let value = ''
  for (let at = from + 1; at < text.length; ) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return null
    value += text.slice(at, quote)
    if (text[quote + 1] === '"') {
      value += '"'
      at = quote + 2
      continue
    }
    const after = text[quote + 1]
    const isEnd = after === undefined || after === separator || after === '\n' || after === '\r'
    return isEnd ? { text: value, end: quote + 1 } : null
  }
  return null
}

function endOfPlain(text: string, from: number, separator: string): number {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}
