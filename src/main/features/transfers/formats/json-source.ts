import type { JsonObject } from '@shared/json'
import { createJsonSplitter, type JsonPiece } from './json-splitter'
import { parseRecord } from './parse-record'
import type { RowSource, SourceFile, SourceRow } from './row'
import { readText } from './text-encoding'

/** Records whose members name the columns. */
const namingRecords = 1000

/** JSON or NDJSON: both are values one after the other. */
export function openJson({ path, bytes }: SourceFile, columns: readonly string[], encoding: string): RowSource {
  const read = { bytes: 0, total: bytes }
  return { columns, isText: false, read, rows: (signal) => readRows(path, columns, encoding, read, signal) }
}

/** The members of the first records, in the order they are first seen. */
export async function jsonColumns(path: string, encoding: string, signal?: AbortSignal): Promise<readonly string[]> {
  const names = new Set<string>()
  let seen = 0
  for await (const pieces of readPieces(path, encoding, { bytes: 0, total: 0 }, signal))
    for (const piece of pieces) {
      const parsed = 'text' in piece ? parseRecord(piece.text) : null
      if (parsed?.ok === true) for (const name of Object.keys(parsed.record)) names.add(name)
      seen += 1
      if (seen >= namingRecords) return [...names]
    }
  return [...names]
}

async function* readRows(
  path: string,
  columns: readonly string[],
  encoding: string,
  read: RowSource['read'],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly SourceRow[]> {
  const known = new Set(columns)
  for await (const pieces of readPieces(path, encoding, read, signal)) {
    const rows = pieces.map((piece) => toRow(piece, columns, known))
    if (rows.length > 0) yield rows
  }
}

async function* readPieces(
  path: string,
  encoding: string,
  read: RowSource['read'],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly JsonPiece[]> {
  const splitter = createJsonSplitter()
  let wasDamaged = false
  for await (const { text, isDamaged, bytes } of readText(path, encoding, signal)) {
    read.bytes = bytes
    wasDamaged = isDamaged
    yield checkedPieces(splitter.push(text), isDamaged)
  }
  yield checkedPieces(splitter.end(), wasDamaged)
}

export function checkedPieces(pieces: readonly JsonPiece[], isDamaged: boolean): readonly JsonPiece[] {
  if (!isDamaged) return pieces
  return pieces.map((piece) =>
    'text' in piece && piece.text.includes('\ufffd')
      ? { line: piece.line, problem: 'has bytes that are no characters in the encoding of the file' }
      : piece,
  )
}

function toRow(piece: JsonPiece, columns: readonly string[], known: ReadonlySet<string>): SourceRow {
  if ('problem' in piece) return piece
  const { line } = piece
  const parsed = parseRecord(piece.text)
  if (!parsed.ok) return { line, problem: parsed.reason }
  const stray = strayMember(parsed.record, known)
  if (stray !== undefined)
    return { line, problem: `has a member ${JSON.stringify(stray).slice(0, 80)}, which no record before it has` }
  return {
    line,
    values: columns.map((name) => (Object.hasOwn(parsed.record, name) ? (parsed.record[name] ?? null) : null)),
  }
}

/** A value that would be lost without a word. */
function strayMember(record: JsonObject, known: ReadonlySet<string>): string | undefined {
  return Object.keys(record).find((name) => !known.has(name) && record[name] !== null)
}
