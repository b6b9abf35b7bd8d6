import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '@shared/app-error'
import { formatColumnType } from '@shared/domain/column-type'
import type { ColumnSchema } from '@shared/domain/table-schema'
import type { JsonObject } from '@shared/json'
import type { DumpTable } from './dump-schema'
import { checkedPieces } from './formats/json-source'
import { createJsonTablesSplitter, mayBeTables, type TablePiece } from './formats/json-tables'
import { parseRecord } from './formats/parse-record'
import type { SourceFile, SourceRow } from './formats/row'
import { decodeHead, readHead, readText } from './formats/text-encoding'
import { columnNames, TypeGuess } from './infer-columns'
import type { ReadDump } from './read-dump'
import { sentence } from './read-rows'
import { RowFile } from './row-file'

interface Reading {
  readonly rows: RowFile
  readonly columns: Map<string, TypeGuess>
  /** Values of `id`. */
  readonly ids: Set<string>
}

/** Values of `id` that are told apart; of more it is believed. */
const mostIds = 100_000
const mostProblems = 1000

/**
 * Reads a JSON object whose members are lists of records, as the studio's export of a database is: each a table, with the
 * types that all of its values have. Null when the file is something else.
 */
export async function readJsonDatabase(
  file: SourceFile,
  {
    encoding,
    signal,
    report,
  }: {
    readonly encoding: string
    readonly signal?: AbortSignal | undefined
    readonly report?: (bytes: number, rows: number) => void
  },
): Promise<ReadDump | null> {
  if (!mayBeTables(decodeHead(await readHead(file.path), encoding))) return null
  const folder = await mkdtemp(join(dirname(file.path), 'json-'))
  const tables = new Map<string, Reading>()
  const problems: { line: number; reason: string }[] = []
  let count = 0

  function readingOf(table: string): Reading {
    const known = tables.get(table)
    if (known) return known
    const rows = new RowFile(join(folder, String(tables.size)))
    const made = { rows, columns: new Map<string, TypeGuess>(), ids: new Set<string>() }
    tables.set(table, made)
    return made
  }

  async function take({ table, piece }: TablePiece): Promise<void> {
    const reading = readingOf(table)
    if (piece === null) return
    const problem = (reason: string) => {
      if (problems.length < mostProblems) problems.push({ line: piece.line, reason: sentence(reason) })
    }
    if ('problem' in piece) return problem(piece.problem)
    const parsed = parseRecord(piece.text)
    if (!parsed.ok) return problem(parsed.reason)
    count += 1
    see(reading, parsed.record)
    // Line breaks of JSON are between its values only.
    await reading.rows.add(piece.line, piece.text.replace(/[\r\n]+/g, ' '))
  }

  async function close(): Promise<void> {
    for (const { rows } of tables.values()) rows.destroy()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    const splitter = createJsonTablesSplitter()
    let isWhole = true
    let wasDamaged = false
    for await (const { text, bytes, isDamaged } of readText(file.path, encoding, signal)) {
      if (signal?.aborted === true) throw new AppError('CANCELLED', 'The import was cancelled.')
      wasDamaged = isDamaged
      const pieces = splitter.push(text)
      if (pieces === null) {
        isWhole = false
        break
      }
      for (const one of checkedTables(pieces, isDamaged)) await take(one)
      report?.(bytes, count)
    }
    const last = isWhole ? splitter.end() : null
    if (last === null) {
      await close()
      return null
    }
    for (const one of checkedTables(last, wasDamaged)) await take(one)
    for (const { rows } of tables.values()) await rows.close()
  } catch (error) {
    await close()
    throw error
  }

  const names = columnNames([...tables.keys()])
  const described = [...tables.entries()].map(([source, reading], at) => ({
    reading,
    table: tableOf(source, names[at] ?? source, reading),
  }))
  return {
    tables: described.map(({ table }) => table),
    indexes: [],
    notes: [],
    manifest: null,
    isGuessed: true,
    problems,
    rows: described.map(({ table, reading: { rows } }) => {
      const columns = [...table.columns.keys()]
      const { count, bytes } = rows
      const open = () => rows.open(columns, { isText: false, toRow: rowReader(columns) })
      return { table: table.schema.name, columns, count, bytes, open }
    }),
    close,
  }
}

function checkedTables(pieces: readonly TablePiece[], isDamaged: boolean): readonly TablePiece[] {
  if (!isDamaged) return pieces
  return pieces.map(({ table, piece }) => ({ table, piece: piece && (checkedPieces([piece], true)[0] ?? piece) }))
}

function see({ columns, ids }: Reading, record: JsonObject): void {
  for (const [name, value] of Object.entries(record)) {
    let guess = columns.get(name)
    if (guess === undefined) {
      guess = new TypeGuess()
      columns.set(name, guess)
    }
    guess.see(value ?? null)
  }
  const { id } = record
  if (ids.size < mostIds && id !== undefined && id !== null) ids.add(String(id))
}

/** A column called id that tells records apart is the key. */
function tableOf(source: string, name: string, { rows, columns, ids }: Reading): DumpTable {
  const sources = [...columns.keys()]
  const names = columnNames(sources)
  const distinct = Math.min(rows.count, mostIds)
  const made = sources.map((column, at): ColumnSchema => {
    const type = formatColumnType(columns.get(column)?.type ?? { base: 'text', array: false })
    const isKey =
      names[at] === 'id' &&
      keyTypes.has(type) &&
      rows.count > 0 &&
      columns.get(column)?.count === rows.count &&
      ids.size === distinct
    return { name: names[at] ?? column, type, ...(isKey ? { primary_key: true } : {}) }
  })
  return {
    source,
    schema: { name, columns: made },
    columns: new Map(sources.map((column, at) => [column, names[at] ?? column])),
  }
}

const keyTypes: ReadonlySet<string> = new Set(['uuid', 'integer', 'bigint', 'text'])

function rowReader(columns: readonly string[]): (line: number, text: string) => SourceRow {
  return (line, text) => {
    const parsed = parseRecord(text)
    if (!parsed.ok) return { line, problem: parsed.reason }
    const { record } = parsed
    return { line, values: columns.map((name) => (Object.hasOwn(record, name) ? (record[name] ?? null) : null)) }
  }
}
