import { AppError } from '@shared/app-error'
import type { FileFormat, FileOptions, Inspection } from '@shared/contract/transfers.contract'
import type { JsonValue } from '@shared/json'
import { detectDelimiter, detectHeader, recordsOf } from './formats/csv-dialect'
import { openCsv } from './formats/csv-source'
import { foreignFile } from './formats/foreign-file'
import { jsonColumns, openJson } from './formats/json-source'
import type { RowSource, SourceFile } from './formats/row'
import { decodeHead, detectEncoding, isEncoding, readHead } from './formats/text-encoding'
import { openXlsx, sheetHead, sheetNames } from './formats/xlsx-source'
import { columnNames, inferColumns } from './infer-columns'

/** Rows that types are inferred from, and those of them that are shown. */
const inferredRows = 5000
const shownRows = 50

export interface OpenedFile {
  readonly format: Exclude<FileFormat, 'sql'>
  readonly options: Inspection['options']
  readonly sheets: readonly string[]
  readonly source: RowSource
}

/** Opens a file of rows; what `asked` leaves open is found out. */
export async function openRows(file: SourceFile & { readonly name: string }, asked: FileOptions): Promise<OpenedFile> {
  const format = asked.format ?? (await detectFormat(file))
  if (format === 'sql')
    throw new AppError('VALIDATION', 'A SQL file has tables of its own. Import it without naming one.')
  if (format === 'xlsx') return openWorkbook(file, asked)
  const head = await readHead(file.path)
  const encoding = asked.encoding ?? detectEncoding(head)
  if (!isEncoding(encoding))
    throw new AppError('VALIDATION', `There is no encoding "${encoding.slice(0, 40)}". UTF-8 fits most files.`)
  if (format === 'json' || format === 'ndjson') {
    const columns = await jsonColumns(file.path, encoding)
    const options = { encoding, delimiter: ',', header: true, sheet: '' }
    return { format, options, sheets: [], source: openJson(file, columns, encoding) }
  }
  const text = decodeHead(head, encoding)
  if (text.trim() === '') throw new AppError('VALIDATION', 'The file holds nothing but empty lines.')
  const delimiter = asked.delimiter ?? (format === 'tsv' ? '\t' : detectDelimiter(text))
  const records = recordsOf(text, delimiter)
  const header = asked.header ?? detectHeader(records)
  const first = records[0]?.cells ?? []
  const width = header ? first.length : Math.max(0, ...records.slice(0, 100).map(({ cells }) => cells.length))
  if (width === 0) throw new AppError('VALIDATION', 'The file holds nothing but empty lines.')
  const columns = header ? named(first) : Array.from({ length: width }, (_, at) => `Column ${at + 1}`)
  const options = { encoding, delimiter, header, sheet: '' }
  return { format, options, sheets: [], source: openCsv(file, columns, options) }
}

async function openWorkbook(file: SourceFile, asked: FileOptions): Promise<OpenedFile> {
  const sheets = await sheetNames(file.path)
  const sheet = asked.sheet ?? sheets[0] ?? ''
  if (!sheets.includes(sheet))
    throw new AppError('VALIDATION', `The workbook has no sheet "${sheet}". It has ${sheets.join(', ')}.`)
  const head = await sheetHead(file.path, sheet, 100)
  const header = asked.header ?? detectHeader(head.map((cells, line) => ({ line, cells })))
  const width = Math.max(0, ...head.map((cells) => cells.length))
  const first = head[0] ?? []
  const columns = Array.from({ length: width }, (_, at) => (header ? (first[at] ?? '') : '') || `Column ${at + 1}`)
  const options = { encoding: 'utf-8', delimiter: ',', header, sheet }
  return { format: 'xlsx', options, sheets, source: openXlsx(file, columns, { sheet, header }) }
}

/** By what the file holds, and by its name where that does not tell. */
export async function detectFormat(file: SourceFile & { readonly name: string }): Promise<FileFormat> {
  const head = await readHead(file.path, 64 * 1024)
  const foreign = foreignFile(head)
  if (foreign !== null) throw new AppError('VALIDATION', foreign)
  if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') return 'xlsx'
  const ending = /\.([a-z]+)$/i.exec(file.name)?.[1]?.toLowerCase()
  if (ending === 'sql' || ending === 'dump') return 'sql'
  if (ending === 'tsv' || ending === 'tab') return 'tsv'
  if (ending === 'csv') return 'csv'
  const text = decodeHead(head, detectEncoding(head))
    .replace(/^\ufeff/, '')
    .trimStart()
  if (/^(\{|\[\s*(\{|\]))/.test(text))
    return ending === 'ndjson' || ending === 'jsonl' || /^\{.*\}\s*\n\s*\{/.test(text) ? 'ndjson' : 'json'
  if (ending === 'json') return 'json'
  if (/^(--|\/\*|create |insert |copy |set |begin|pragma )/i.test(text)) return 'sql'
  return text.split('\n', 1)[0]?.includes('\t') === true ? 'tsv' : 'csv'
}

export async function inspectRows(opened: OpenedFile, bytes: number, signal?: AbortSignal): Promise<Inspection> {
  const { source, options, format, sheets } = opened
  const rows: (readonly JsonValue[])[] = []
  const problems: { line: number; reason: string }[] = []
  let lastLine = 0
  reading: for await (const batch of source.rows(signal))
    for (const row of batch) {
      lastLine = row.line
      if ('problem' in row) problems.push({ line: row.line, reason: row.problem })
      else rows.push(row.values)
      if (rows.length + problems.length >= inferredRows) break reading
    }
  const seen = rows.length + problems.length
  const isWhole = seen < inferredRows
  const { bytes: at } = source.read
  const estimate = isWhole || at === 0 ? seen : Math.max(seen, Math.round((seen / at) * bytes))
  return {
    format,
    options,
    sheets: [...sheets],
    columns: inferColumns(source.columns, rows).map((column) => ({ ...column, examples: [...column.examples] })),
    rows: rows.slice(0, shownRows).map((row) => [...row]),
    problems: problems.slice(0, 100),
    records: { count: estimate, estimated: !isWhole },
    lines: lastLine,
    tables: [],
    notes: [],
  }
}

/** Columns without a name get one; a name that is there twice is told apart. */
function named(cells: readonly (string | null)[]): readonly string[] {
  const plain = cells.map((cell, at) => (cell ?? '').trim() || `Column ${at + 1}`)
  const seen = new Map<string, number>()
  return plain.map((name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}

export function namesOf(source: RowSource): readonly string[] {
  return columnNames(source.columns)
}
