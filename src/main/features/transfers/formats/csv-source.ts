import { type CsvRecord, createCsvParser } from './csv-parser'
import type { RowSource, SourceFile, SourceRow } from './row'
import { readText } from './text-encoding'

export interface CsvOptions {
  readonly encoding: string
  readonly delimiter: string
  readonly header: boolean
}

export function openCsv({ path, bytes }: SourceFile, columns: readonly string[], options: CsvOptions): RowSource {
  const read = { bytes: 0, total: bytes }
  return { columns, isText: true, read, rows: (signal) => readRows(path, columns.length, options, read, signal) }
}

async function* readRows(
  path: string,
  width: number,
  { encoding, delimiter, header }: CsvOptions,
  read: RowSource['read'],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly SourceRow[]> {
  const parser = createCsvParser({ delimiter })
  let toSkip = header ? 1 : 0

  function take(records: readonly CsvRecord[], isDamaged: boolean): SourceRow[] {
    const rows: SourceRow[] = []
    for (const record of records) {
      // With one column a blank line is a record without a value; otherwise it is nothing.
      const isBlank = record.cells.length === 1 && record.cells[0] === null
      if (isBlank && (width > 1 || toSkip > 0)) continue
      if (toSkip > 0) toSkip -= 1
      else rows.push(toRow(record, width, isDamaged))
    }
    return rows
  }

  let wasDamaged = false
  for await (const { text, isDamaged, bytes } of readText(path, encoding, signal)) {
    read.bytes = bytes
    wasDamaged = isDamaged
    const rows = take(parser.push(text), isDamaged)
    if (rows.length > 0) yield rows
  }
  const rows = take(parser.end(), wasDamaged)
  if (rows.length > 0) yield rows
}

function toRow({ line, cells, problem }: CsvRecord, width: number, isDamaged: boolean): SourceRow {
  if (problem !== undefined) return { line, problem }
  if (isDamaged && cells.some((cell) => cell?.includes('\ufffd') === true))
    return { line, problem: 'has bytes that are no characters in the encoding of the file' }
  if (cells.length === width) return { line, values: cells }
  if (cells.length > width && cells.slice(width).every((cell) => cell === null))
    return { line, values: cells.slice(0, width) }
  return { line, problem: `has ${counted(cells.length)}, and the file has ${width} columns` }
}

function counted(count: number): string {
  return count === 1 ? '1 value' : `${count} values`
}
