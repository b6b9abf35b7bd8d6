import { AppError } from '@shared/app-error'
import type {
  FileOptions,
  ImportResult,
  Inspection,
  TablesMode,
  TransferProgress,
} from '@shared/contract/transfers.contract'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed } from '../tables/tables.service'
import { importDump, inspectDump } from './dump-import.service'
import { type Evaluate, readDump } from './dump-reader'
import { foreignSql } from './formats/foreign-file'
import type { SourceFile } from './formats/row'
import { decodeHead, detectEncoding, readHead } from './formats/text-encoding'
import { matchByName } from './import-columns'
import { ImportRefused, type ImportTarget, type RowsImported } from './import-request'
import { importRows } from './import-rows.service'
import { columnNames, toName } from './infer-columns'
import { detectFormat, inspectRows, namesOf, openRows } from './inspect.service'
import { readJsonDatabase } from './json-database'
import type { ReadDump } from './read-dump'
import { RejectLog } from './rejects'
import type { Spool, SpooledFile } from './spool'

/** Bytes from which a file is loaded by COPY: about five thousand records. */
export const largeFile = 512 * 1024

export interface ImportCall {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly databaseId: string
  readonly spool: Spool
  readonly file: SpooledFile
  readonly options: FileOptions
  readonly target: ImportTarget | { readonly kind: 'database'; readonly mode?: TablesMode | undefined }
  readonly onReject: 'stop' | 'skip'
  readonly signal: AbortSignal | undefined
  readonly report: (progress: Omit<TransferProgress, 'kind' | 'rate'>) => void
  readonly evaluate: Evaluate
}

export async function inspectFile(
  spool: Spool,
  file: SpooledFile,
  options: FileOptions,
  signal: AbortSignal | undefined,
): Promise<Inspection> {
  const bytes = await spool.size(file)
  if (bytes === 0) throw new AppError('VALIDATION', 'The file is empty.')
  const format = options.format ?? (await detectFormat({ ...file, bytes }))
  if (format === 'sql' || format === 'json') {
    const encoding = await encodingOf(file, options)
    const dump = await openDump({ ...file, bytes }, { format, encoding, evaluate: null, signal })
    if (dump !== null) return inspectDump(dump, { format, encoding })
  }
  return inspectRows(await openRows({ ...file, bytes }, { ...options, format }), bytes, signal)
}

/** Imports a file that is here. What was rejected is in a file of its own, whose id the result names. */
export async function importFile(call: ImportCall): Promise<ImportResult> {
  const { db, principal, databaseId, spool, file, options, target, onReject, signal, report } = call
  const bytes = await spool.size(file)
  const format = options.format ?? (await detectFormat({ ...file, bytes }))
  if (target.kind === 'database') {
    if (format === 'sql' && target.mode !== undefined && target.mode !== 'new')
      throw new AppError('VALIDATION', 'A SQL file makes its tables anew. Import it into a new project.')
    const dump =
      format === 'sql' || format === 'json'
        ? await openDump(
            { ...file, bytes },
            {
              format,
              encoding: await encodingOf(file, options),
              evaluate: call.evaluate,
              signal,
              report: (read, rows) => report({ phase: 'reading', rows, part: read / bytes / 2, table: null }),
            },
          )
        : null
    if (dump === null)
      throw new AppError(
        'VALIDATION',
        'The file has no tables of its own, as SQL has and JSON of lists by name. Name the table that it is for.',
      )
    return importDump(call, dump, target.mode ?? 'new')
  }
  const opened = await openRows({ ...file, bytes }, { ...options, format })
  const { source } = opened
  const rejectFile = await spool.create(principal.account.id, databaseId, rejectName(file.name))
  const rejects = new RejectLog(rejectFile.path, source.columns)
  const part = () =>
    source.read.total === null || source.read.total === 0 ? null : Math.min(1, source.read.bytes / source.read.total)
  let imported: RowsImported | null = null
  try {
    imported = await importRows(db, principal, databaseId, {
      source,
      target,
      onReject,
      rejects,
      isLarge: bytes >= largeFile,
      signal,
      report: ({ phase, rows }) =>
        report({ phase, rows, part: part(), table: target.kind === 'new' ? target.schema.name : target.table }),
    })
  } catch (error) {
    if (!(error instanceof ImportRefused)) {
      await rejects.close().catch(() => undefined)
      await spool.remove(rejectFile)
      throw error
    }
  }
  const hasFile = await rejects.close()
  if (!hasFile) await spool.remove(rejectFile)
  return {
    tables: imported === null ? [] : [imported],
    inserted: imported?.inserted ?? 0,
    updated: imported?.updated ?? 0,
    rejected: rejects.told,
    rejectedCount: rejects.count,
    rejectFile: hasFile ? rejectFile.id : null,
    done: imported !== null,
    notes: [],
  }
}

async function encodingOf(file: SpooledFile, { encoding }: FileOptions): Promise<string> {
  return encoding ?? detectEncoding(await readHead(file.path))
}

/** Null for JSON that is no tables. */
async function openDump(
  file: SourceFile,
  {
    format,
    ...options
  }: {
    readonly format: 'sql' | 'json'
    readonly encoding: string
    readonly evaluate: Evaluate | null
    readonly signal: AbortSignal | undefined
    readonly report?: (bytes: number, rows: number) => void
  },
): Promise<ReadDump | null> {
  if (format === 'json') return readJsonDatabase(file, options)
  const dump = await readDump(file, options)
  const foreign = dump.tables.length > 0 ? null : foreignSql(decodeHead(await readHead(file.path), options.encoding))
  if (foreign === null) return dump
  await dump.close()
  throw new AppError('VALIDATION', foreign)
}

/**
 * Where a file goes whose sender has named no more than a table: into that table by the names of the columns, or into a
 * new one of that name. VALIDATION when a column of the file has no place.
 */
export async function targetByName(call: {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly databaseId: string
  readonly file: SpooledFile
  readonly bytes: number
  readonly options: FileOptions
  readonly table: string
  readonly mode: 'append' | 'upsert' | 'replace'
  readonly key: readonly string[]
}): Promise<ImportTarget> {
  const { db, principal, databaseId, file, bytes, options, mode, key } = call
  const opened = await openRows({ ...file, bytes }, options)
  const table = await db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, database): Promise<StoredTable | null> => {
      const { tables } = await openSchema(tx, database)
      return tables.some(({ schema }) => schema.name === call.table) ? tableNamed(tables, call.table) : null
    },
    { readOnly: true },
  )
  if (table !== null) {
    const { mappings, unmatched } = matchByName(table, opened.source.columns, namesOf(opened.source))
    const [first] = unmatched
    if (first !== undefined)
      throw new AppError(
        'VALIDATION',
        `The file has a column "${first.slice(0, 80)}", and table "${call.table}" has none of that name.`,
        {
          details: {
            table: call.table,
            column: first.slice(0, 200),
            columns: unmatched.map((name) => name.slice(0, 200)),
          },
        },
      )
    return { kind: 'table', table: call.table, mode, key, columns: mappings }
  }
  const seen = await inspectRows(opened, bytes)
  const name = toName(call.table)
  if (name !== call.table)
    throw new AppError(
      'VALIDATION',
      `"${call.table.slice(0, 80)}" is no name of a table. Use lower-case letters, digits and underscores.`,
    )
  return newTable(name, seen)
}

/** A table for what the file seems to hold. Its first column that could be a key and is called so becomes it. */
export function newTable(name: string, { columns }: Pick<Inspection, 'columns'>): ImportTarget {
  const names = columnNames(columns.map(({ source }) => source))
  const keyAt = names.indexOf('id')
  const key =
    keyAt >= 0 &&
    columns[keyAt]?.unique === true &&
    columns[keyAt]?.empty === 0 &&
    keyTypes.has(columns[keyAt]?.type ?? '')
      ? keyAt
      : -1
  return {
    kind: 'new',
    schema: {
      name,
      columns: names.map((column, at) => ({
        name: column === 'id' && key < 0 ? 'id_1' : column,
        type: columns[at]?.type ?? 'text',
        ...(at === key ? { primary_key: true } : {}),
      })),
      ...(key < 0 ? { timestamps: false } : {}),
    },
    columns: names.map((column, at) => ({ source: at, column: column === 'id' && key < 0 ? 'id_1' : column })),
  }
}

const keyTypes: ReadonlySet<string> = new Set(['uuid', 'integer', 'bigint', 'text'])

function rejectName(name: string): string {
  return `${name.replace(/\.[^.]*$/, '') || 'import'}-rejected.csv`
}
