import { PassThrough } from 'node:stream'
import { AppError } from '@shared/app-error'
import { assertNever } from '@shared/assert-never'
import type { ExportFormat, ExportScope } from '@shared/contract/transfers.contract'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { Principal } from '../../context'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import type { TableAt } from '../records/page.sql'
import { pageOrder } from '../records/page-order'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed } from '../tables/tables.service'
import { copyRowsOutSql, type ExportedRows } from './export-rows.sql'
import { readCopyRows } from './formats/copy-rows'
import { csvLine } from './formats/csv-writer'
import { recordWriter } from './formats/json-writer'
import { createWorkbook } from './formats/xlsx-writer'
import { createZip } from './formats/zip-writer'
import { importTimeout } from './import-request'
import { writeSqlDump } from './sql-export.service'

/** Where an export goes. It is told when there is room again. */
export type Sink = (chunk: Uint8Array) => Promise<void>

export interface ExportRequest {
  readonly format: ExportFormat
  readonly scope: ExportScope
  readonly signal: AbortSignal | undefined
  readonly report: (progress: { readonly rows: number; readonly table: string }) => void
  /** SQL for a copy in the studio: records keep their ids. Such a file is none for psql. */
  readonly withOwnIds?: boolean
}

export interface ExportMade {
  readonly name: string
  readonly type: string
  readonly records: number
}

/** What is exported, known before its first byte. */
export interface ExportPlan {
  readonly name: string
  readonly type: string
}

/** What is written, to whoever wants to look at the same. */
export interface ExportMoment {
  readonly tx: Transaction
  readonly database: DatabaseRow
}

/**
 * Writes one moment of the database to `sink`, no faster than that takes it, and nothing is cut. `begin` is called once
 * it is sure that there is something to write.
 */
export async function exportTo(
  db: StudioDatabase,
  principal: Principal,
  databaseId: string,
  request: ExportRequest,
  begin: (plan: ExportPlan, moment: ExportMoment) => Sink | Promise<Sink>,
): Promise<ExportMade> {
  return db.withDatabase(
    principal.account.id,
    databaseId,
    async (tx, database) => {
      const { tables } = await openSchema(tx, database)
      const plan = planFor(database, tables, request)
      const sink = await begin(plan, { tx, database })
      const records = await write(tx, database, tables, request, sink)
      return { ...plan, records }
    },
    { signal: request.signal, readOnly: true, snapshot: true, statementTimeout: importTimeout },
  )
}

function planFor(database: DatabaseRow, tables: readonly StoredTable[], { scope, format }: ExportRequest): ExportPlan {
  const day = new Date().toISOString().slice(0, 10)
  if (scope.kind === 'records') {
    tableNamed(tables, scope.table)
    return { name: `${scope.table}-${day}.${format}`, type: mediaTypes[format] }
  }
  const isZip = format === 'csv' || format === 'tsv' || format === 'ndjson'
  const name = `${database.ref}-${day}`
  return isZip
    ? { name: `${name}-${format}.zip`, type: 'application/zip' }
    : { name: `${name}.${format}`, type: mediaTypes[format] }
}

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  sql: 'application/sql; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

interface Part {
  readonly at: TableAt
  readonly rows: ExportedRows
}

async function write(
  tx: Transaction,
  database: DatabaseRow,
  tables: readonly StoredTable[],
  request: ExportRequest,
  sink: Sink,
): Promise<number> {
  const { scope, format } = request
  const parts =
    scope.kind === 'database'
      ? tables.map((table) => wholeTable(database, table, scope.records !== false))
      : [onePart(database, tables, scope)]
  const [first] = parts
  switch (format) {
    case 'sql':
      return writeSqlDump(tx, database, parts, request, sink)
    case 'xlsx':
      return writeWorkbook(tx, parts, request, sink)
    case 'json':
      if (scope.kind === 'records' && first) return writeJsonArray(tx, first, request, sink)
      return writeJsonObject(tx, parts, request, sink)
    case 'csv':
    case 'tsv':
    case 'ndjson':
      if (scope.kind === 'records' && first) return writeLines(tx, first, format, request, sink)
      return writeZip(tx, parts, format, request, sink)
    default:
      return assertNever(format)
  }
}

export function wholeTable(database: DatabaseRow, table: StoredTable, withRecords: boolean): Part {
  return {
    at: { projectId: database.project_id, table },
    rows: {
      columns: readable(table),
      filter: normaliseFilter(undefined),
      order: pageOrder(table, []),
      ids: withRecords ? null : [],
    },
  }
}

function onePart(
  database: DatabaseRow,
  tables: readonly StoredTable[],
  scope: ExportScope & { readonly kind: 'records' },
): Part {
  const table = tableNamed(tables, scope.table)
  const { byName } = planOf(table)
  const columns = scope.columns?.map((name) => {
    const column = byName.get(name)
    if (!column || column.isSecret)
      throw new AppError('VALIDATION', `Table "${scope.table}" has no column "${name}" that can be read.`, {
        details: { column: name },
      })
    return column
  })
  return {
    at: { projectId: database.project_id, table },
    rows: {
      columns: columns ?? readable(table),
      filter: normaliseFilter(scope.filters),
      order: pageOrder(table, scope.sort ?? []),
      ids: scope.ids ?? null,
    },
  }
}

function readable(table: StoredTable): readonly PlannedColumn[] {
  return planOf(table).columns.filter(({ isSecret }) => !isSecret)
}

/** CSV comes from Postgres as it is; rows are its line breaks outside quotes. */
async function writeLines(
  tx: Transaction,
  { at, rows }: Part,
  format: 'csv' | 'tsv' | 'ndjson',
  { report }: ExportRequest,
  sink: Sink,
): Promise<number> {
  const table = at.table.schema.name
  let count = 0
  if (format === 'csv') {
    await sink(Buffer.from(csvLine(rows.columns.map(({ name }) => name))))
    const counter = csvCounter()
    for await (const chunk of tx.copyTo(copyRowsOutSql(at, rows, 'words', 'csv'))) {
      count = counter(chunk)
      await sink(chunk)
      report({ rows: count, table })
    }
    return count
  }
  const line =
    format === 'ndjson'
      ? (
          (write) => (cells: readonly (string | null)[]) =>
            `${write(cells)}\n`
        )(recordWriter(rows.columns))
      : (cells: readonly (string | null)[]) => csvLine(cells, '\t')
  if (format === 'tsv')
    await sink(
      Buffer.from(
        csvLine(
          rows.columns.map(({ name }) => name),
          '\t',
        ),
      ),
    )
  const form = format === 'ndjson' ? 'json' : 'words'
  for await (const batch of readCopyRows(tx.copyTo(copyRowsOutSql(at, rows, form, 'text')))) {
    count += batch.length
    await sink(Buffer.from(batch.map(line).join('')))
    report({ rows: count, table })
  }
  return count
}

async function writeJsonArray(
  tx: Transaction,
  { at, rows }: Part,
  { report }: Pick<ExportRequest, 'report'>,
  sink: Sink,
): Promise<number> {
  const writeRecord = recordWriter(rows.columns)
  const table = at.table.schema.name
  let count = 0
  await sink(Buffer.from('['))
  for await (const batch of readCopyRows(tx.copyTo(copyRowsOutSql(at, rows, 'json', 'text')))) {
    const text = batch.map(writeRecord).join(',\n')
    await sink(Buffer.from(`${count === 0 ? '\n' : ',\n'}${text}`))
    count += batch.length
    report({ rows: count, table })
  }
  await sink(Buffer.from(count === 0 ? ']\n' : '\n]\n'))
  return count
}

async function writeJsonObject(
  tx: Transaction,
  parts: readonly Part[],
  { report }: ExportRequest,
  sink: Sink,
): Promise<number> {
  let total = 0
  await sink(Buffer.from('{'))
  for (const [index, part] of parts.entries()) {
    const before = total
    await sink(Buffer.from(`${index === 0 ? '' : ','}\n${JSON.stringify(part.at.table.schema.name)}:`))
    total += await writeJsonArray(tx, part, { report: (one) => report({ ...one, rows: before + one.rows }) }, sink)
  }
  await sink(Buffer.from('}\n'))
  return total
}

async function writeZip(
  tx: Transaction,
  parts: readonly Part[],
  format: 'csv' | 'tsv' | 'ndjson',
  request: ExportRequest,
  sink: Sink,
): Promise<number> {
  const zip = createZip(sink)
  let total = 0
  for (const part of parts) {
    const before = total
    const entry = zip.entry(`${part.at.table.schema.name}.${format}`)
    total += await writeLines(
      tx,
      part,
      format,
      { ...request, report: (one) => request.report({ ...one, rows: before + one.rows }) },
      entry.write,
    )
    await entry.end()
  }
  await zip.end()
  return total
}

async function writeWorkbook(
  tx: Transaction,
  parts: readonly Part[],
  { report }: ExportRequest,
  sink: Sink,
): Promise<number> {
  const stream = new PassThrough()
  const pumped = (async () => {
    for await (const chunk of stream) await sink(chunk as Buffer)
  })()
  // It is awaited below; until then nobody else would hear of its failure.
  pumped.catch(() => undefined)
  const workbook = await createWorkbook(stream)
  let total = 0
  for (const { at, rows } of parts) {
    const table = at.table.schema.name
    const sheet = workbook.sheet(table, rows.columns)
    for await (const batch of readCopyRows(tx.copyTo(copyRowsOutSql(at, rows, 'words', 'text')))) {
      for (const cells of batch) sheet.add(cells)
      total += batch.length
      report({ rows: total, table })
      // Its rows are compressed on the way; a turn of the loop lets them go.
      await new Promise((resolve) => setImmediate(resolve))
    }
    sheet.end()
  }
  await workbook.end()
  await pumped
  return total
}

/** Counts records of CSV over pieces: line breaks outside quotes. */
function csvCounter(): (chunk: Uint8Array) => number {
  let count = 0
  let isQuoted = false
  return (chunk) => {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (!isQuoted && !buffer.includes(0x22)) {
      for (let at = buffer.indexOf(0x0a); at >= 0; at = buffer.indexOf(0x0a, at + 1)) count += 1
      return count
    }
    for (const byte of buffer) {
      if (byte === 0x22) isQuoted = !isQuoted
      else if (byte === 0x0a && !isQuoted) count += 1
    }
    return count
  }
}
