import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '@shared/app-error'
import { openParser, SyntaxProblem } from '../sql/postgres-parser'
import { type DumpManifest, readManifest, statementsDigest } from './dump-manifest'
import { createDumpSchema, type DumpIndex, type DumpTable, type TableSoFar } from './dump-schema'
import { escapeCopy } from './encode-value'
import { copyCells } from './formats/copy-rows'
import { type InsertValue, readCopyHead, readInsert } from './formats/insert-values'
import type { SourceFile } from './formats/row'
import { createSqlSplitter, type SqlPiece } from './formats/sql-splitter'
import { detectEncoding, readHead, readText } from './formats/text-encoding'
import type { ReadDump } from './read-dump'
import { RowFile } from './row-file'

/** Computes expressions of SQL, as texts in the types that are named. Null where it is NULL. */
export type Evaluate = (
  expressions: readonly { readonly text: string; readonly type: string }[],
) => Promise<readonly (string | null)[]>

interface Segment {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: RowFile
}

const mostProblems = 1000

/**
 * Reads the file once, from its beginning to its end and a piece at a time. Rows of COPY and INSERT become lines of files
 * of their own, so that a table can be filled in one go, in whatever order the file has them.
 */
export async function readDump(
  file: SourceFile,
  options: {
    readonly encoding?: string | undefined
    readonly evaluate: Evaluate | null
    readonly signal?: AbortSignal | undefined
    readonly report?: (bytes: number, rows: number) => void
  },
): Promise<ReadDump> {
  const { evaluate, signal, report } = options
  const encoding = options.encoding ?? detectEncoding(await readHead(file.path))
  const folder = await mkdtemp(join(dirname(file.path), 'dump-'))
  const segments = new Map<string, Segment>()
  const schema = createDumpSchema()
  const parser = await openParser()
  const problems: { line: number; reason: string }[] = []
  const notes = new Set<string>()
  const made: string[] = []
  let manifest: DumpManifest | null = null
  let copy: { readonly segment: Segment; readonly padded: readonly boolean[] } | 'unknown' | null = null
  let rows = 0
  let hasMoreStatements = false

  const problem = (line: number, reason: string) => {
    if (problems.length < mostProblems) problems.push({ line, reason })
  }

  async function write(segment: Segment, line: number, text: string): Promise<void> {
    rows += 1
    await segment.rows.add(line, text)
  }

  function segmentOf({ name: table }: TableSoFar, columns: readonly string[]): Segment {
    const key = `${table}\n${columns.join('\n')}`
    const known = segments.get(key)
    if (known) return known
    const segment = { table, columns, rows: new RowFile(join(folder, String(segments.size))) }
    segments.set(key, segment)
    return segment
  }

  async function insert(text: string, line: number): Promise<void> {
    const statement = readInsert(text, line)
    if (statement === null) return problem(line, 'This INSERT is not one of plain values, and is not carried out.')
    const table = schema.find(statement.table)
    if (table === null) return problem(line, `The table ${statement.table.join('.')} is not made before this.`)
    const columns = statement.columns ?? table.columns
    const computed = await compute(table, columns, statement.rows)
    const segment = segmentOf(table, columns)
    for (const row of statement.rows) {
      if (row.values.length !== columns.length && statement.columns !== null) {
        problem(row.line, `The record has ${row.values.length} values for ${columns.length} columns.`)
        continue
      }
      const cells = row.values.map((value, at) => {
        const cell = cellOf(value, computed)
        return table.isPadded(columns[at] ?? '') ? withoutBlanks(cell) : cell
      })
      while (cells.length < columns.length) cells.push('\\N')
      await write(segment, row.line, cells.join('\t'))
    }
  }

  async function compute(
    table: TableSoFar,
    columns: readonly string[],
    all: readonly { readonly line: number; readonly values: readonly InsertValue[] }[],
  ): Promise<ReadonlyMap<string, string | null>> {
    const wanted = new Map<string, { readonly text: string; readonly type: string }>()
    for (const { values } of all)
      for (const [at, value] of values.entries())
        if (value.kind === 'expression')
          wanted.set(value.text, { text: value.text, type: table.typeOf(columns[at] ?? '') })
    if (wanted.size === 0) return new Map()
    const list = [...wanted.values()]
    const values = evaluate === null ? list.map(() => null) : await evaluate(list)
    return new Map(list.map(({ text }, at) => [text, values[at] ?? null]))
  }

  async function take(piece: SqlPiece): Promise<void> {
    switch (piece.kind) {
      case 'comment':
        manifest ??= readManifest(piece.text)
        return
      case 'problem':
        return problem(piece.line, piece.problem)
      case 'row': {
        if (copy === null || copy === 'unknown') return
        const { segment, padded } = copy
        const cells = piece.text.split('\t')
        if (cells.length !== padded.length && !(padded.length === 0 && piece.text === ''))
          return problem(piece.line, `The record has ${cells.length} values for ${padded.length} columns.`)
        const text = padded.includes(true)
          ? cells.map((cell, at) => (padded[at] === true ? withoutBlanks(cell) : cell)).join('\t')
          : piece.text
        return write(segment, piece.line, text)
      }
      case 'statement':
        copy = null
        return takeStatement(piece.text, piece.line)
    }
  }

  async function takeStatement(text: string, line: number): Promise<void> {
    const word = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? ''
    if (word === 'insert') return insert(text.trim(), line)
    if (word === 'copy') {
      const head = readCopyHead(text.trim())
      const table = head === null ? null : schema.find(head.table)
      if (head === null || table === null) {
        copy = 'unknown'
        return problem(line, 'The rows of this COPY belong to no table that is made before it.')
      }
      if (/csv|delimiter|binary/i.test(head.options)) {
        copy = 'unknown'
        return problem(line, 'Only COPY in its own text format is read.')
      }
      const columns = head.columns ?? table.columns
      copy = { segment: segmentOf(table, columns), padded: columns.map((column) => table.isPadded(column)) }
      return
    }
    if (ignored.has(word)) return
    let statements: ReturnType<typeof parser.parse>
    try {
      statements = parser.parse(text)
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error
      const before = text.slice(0, error.offset).split('\n').length - 1
      return problem(line + before, `This is not SQL as Postgres reads it: ${error.message}.`)
    }
    for (const statement of statements) {
      const isKnown = schema.add(statement, line)
      if (
        isKnown &&
        (statement.kind === 'CreateStmt' ||
          statement.kind === 'AlterTableStmt' ||
          statement.kind === 'IndexStmt' ||
          statement.kind === 'CreatePolicyStmt')
      )
        made.push(text)
      if (!isKnown && changing.has(statement.kind)) {
        hasMoreStatements = true
        notes.add(`Statements that change records (${word.toUpperCase()}) are not carried out: line ${line}.`)
      }
    }
  }

  async function close(): Promise<void> {
    for (const { rows: file } of segments.values()) file.destroy()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    const splitter = createSqlSplitter()
    for await (const { text, bytes } of readText(file.path, encoding, signal)) {
      if (signal?.aborted === true) throw new AppError('CANCELLED', 'The import was cancelled.')
      for (const piece of splitter.push(text)) await take(piece)
      report?.(bytes, rows)
    }
    for (const piece of splitter.end()) await take(piece)
    for (const { rows: file } of segments.values()) await file.close()
  } catch (error) {
    await close()
    throw error
  }

  const { tables, indexes, notes: schemaNotes } = schema.finish()
  const own = manifest as DumpManifest | null
  const isOurs = own !== null && !hasMoreStatements && own.statements === statementsDigest(made)
  const described = isOurs && own ? fromManifest(own, tables) : tables
  return {
    tables: described,
    indexes: isOurs && own ? ownIndexes(own) : indexes,
    notes: isOurs ? [] : [...schemaNotes, ...notes],
    manifest: isOurs ? own : null,
    problems,
    rows: [...segments.values()].map(({ table, columns, rows: file }) => ({
      table,
      columns,
      count: file.count,
      bytes: file.bytes,
      open: () => file.open(columns, copyText),
    })),
    close,
  }
}

/** The file's tables in the words of the studio that wrote it. */
function fromManifest({ tables }: DumpManifest, read: readonly DumpTable[]): readonly DumpTable[] {
  return tables.map((schema) => {
    const source = `public.${schema.name}`
    const known = read.find((table) => table.schema.name === schema.name)
    return { source, schema, columns: known?.columns ?? new Map(schema.columns.map(({ name }) => [name, name])) }
  })
}

function ownIndexes({ indexes }: DumpManifest): readonly DumpIndex[] {
  return (indexes ?? []).map(({ table, columns }) => ({
    table,
    columns: columns.map(({ name, path }) => [name, ...path].join('.')),
  }))
}

/** A value of `char(n)`: the blanks at its end mean nothing. */
function withoutBlanks(cell: string): string {
  return cell.replace(/ +$/, '')
}

function cellOf(value: InsertValue, computed: ReadonlyMap<string, string | null>): string {
  switch (value.kind) {
    case 'text':
      return escapeCopy(value.text)
    case 'null':
    case 'default':
      return '\\N'
    case 'expression': {
      const text = computed.get(value.text) ?? null
      return text === null ? '\\N' : escapeCopy(text)
    }
  }
}

const copyText = {
  isText: true,
  toRow: (line: number, text: string) => ({ line, values: copyCells(text) }),
} as const

/** Words whose statements say nothing that is imported. */
const ignored: ReadonlySet<string> = new Set([
  'set',
  'select',
  'begin',
  'start',
  'commit',
  'rollback',
  'end',
  'grant',
  'revoke',
  'drop',
  'analyze',
  'vacuum',
  'lock',
  'reset',
  'security',
])

const changing: ReadonlySet<string> = new Set(['UpdateStmt', 'DeleteStmt', 'TruncateStmt', 'InsertStmt', 'DoStmt'])
