import { AppError } from '@shared/app-error'
import type { FileOptions, ImportResult, Inspection } from '@shared/contract/transfers.contract'
import { primaryKeyOf, type TableSchemaInput } from '@shared/domain/table-schema'
import type { Transaction } from '../../db/database'
import { createIndex } from '../store/indexes.service'
import { deleteTable } from '../tables/bin-table.service'
import { createTable } from '../tables/create-table.service'
import { updateTable } from '../tables/edit-table.service'
import { editSchema } from '../tables/schema-change.service'
import { loadTables } from '../tables/tables.service'
import { releaseSavepointSql, rollbackToSavepointSql, savepointSql } from './batch-import.sql'
import { hasRecordsSql } from './bulk-load.sql'
import { type DumpRows, type ReadDump, readDump } from './dump-reader'
import type { DumpTable } from './dump-schema'
import type { SourceFile } from './formats/row'
import { detectEncoding, readHead } from './formats/text-encoding'
import { ownId } from './import-columns'
import { ImportRefused, type Into, importTimeout, type RowsImport, type RowsImported } from './import-request'
import { importInto } from './import-rows.service'
import { loadTable } from './load-table.service'
import { applyRules } from './plain-rules'
import { RejectLog } from './rejects'
import { type ImportCall, largeFile } from './transfers.service'

export async function inspectDump(
  file: SourceFile,
  options: FileOptions,
  signal: AbortSignal | undefined,
): Promise<Inspection> {
  const encoding = options.encoding ?? detectEncoding(await readHead(file.path))
  const dump = await readDump(file, { encoding, evaluate: null, signal })
  try {
    const counts = countsOf(dump)
    const records = [...counts.values()].reduce((sum, count) => sum + count, 0)
    return {
      format: 'sql',
      options: { encoding, delimiter: ',', header: true, sheet: '' },
      sheets: [],
      columns: [],
      rows: [],
      problems: dump.problems.slice(0, 100).map((one) => ({ ...one })),
      records: { count: records, estimated: false },
      lines: 0,
      tables: dump.tables.map(({ source, schema }) => ({
        source,
        name: schema.name,
        columns: schema.columns.length,
        records: counts.get(schema.name) ?? 0,
      })),
      notes: [...dump.notes],
    }
  } finally {
    await dump.close()
  }
}

/** All tables of a SQL file and their records, in one transaction: all of it, or with `skip` all but the rejects. */
export async function importDump(call: ImportCall, bytes: number): Promise<ImportResult> {
  const { db, principal, databaseId, spool, file, options, onReject, signal, report, evaluate } = call
  const source = { path: file.path, bytes }
  const dump = await readDump(source, {
    encoding: options.encoding,
    evaluate,
    signal,
    report: (read, rows) =>
      report({ phase: 'reading', rows, part: bytes === 0 ? null : read / bytes / 2, table: null }),
  })
  const rejectFile = await spool.create(principal.account.id, databaseId, 'rejected.csv')
  const rejects = new RejectLog(rejectFile.path, ['table'])
  const notes: string[] = [...dump.notes]
  let imported: readonly RowsImported[] | null = null
  try {
    if (dump.tables.length === 0)
      throw new AppError(
        'VALIDATION',
        'The file makes no tables. A dump of pg_dump in plain format holds them and their records.',
      )
    for (const { line, reason } of dump.problems) await rejects.add({ line, column: null, reason })
    if (onReject === 'stop' && rejects.count > 0) throw new ImportRefused()
    imported = await editSchema(() =>
      db.withDatabase(
        principal.account.id,
        databaseId,
        (tx, database) => fillDatabase(tx, { database, principal }, dump, { rejects, notes, call }),
        { role: 'store', signal, statementTimeout: importTimeout },
      ),
    )
    const rules = dump.manifest?.rules ?? []
    if (rules.length > 0)
      notes.push(
        ...(await db.withDatabase(
          principal.account.id,
          databaseId,
          (tx, database) => applyRules(tx, { database, principal }, rules),
          { signal },
        )),
      )
  } catch (error) {
    if (!(error instanceof ImportRefused)) {
      await rejects.close().catch(() => undefined)
      await spool.remove(rejectFile)
      throw error
    }
  } finally {
    await dump.close()
  }
  const hasFile = await rejects.close()
  if (!hasFile) await spool.remove(rejectFile)
  return {
    tables: [...(imported ?? [])],
    inserted: (imported ?? []).reduce((sum, { inserted }) => sum + inserted, 0),
    updated: 0,
    rejected: rejects.told,
    rejectedCount: rejects.count,
    rejectFile: hasFile ? rejectFile.id : null,
    done: imported !== null,
    notes,
  }
}

interface Filling {
  readonly rejects: RejectLog
  readonly notes: string[]
  readonly call: ImportCall
}

async function fillDatabase(
  tx: Transaction,
  into: Into,
  dump: ReadDump,
  filling: Filling,
): Promise<readonly RowsImported[]> {
  const { rejects, notes, call } = filling
  await clearNames(tx, into, dump.tables)
  for (const { schema } of dump.tables) await createTable(tx, into, withoutReferences(schema))
  const total = dump.rows.reduce((sum, { bytes }) => sum + bytes, 0)
  const imported: RowsImported[] = []
  let done = 0
  let rows = 0
  for (const table of dump.tables) {
    let result: RowsImported | null = null
    for (const segment of dump.rows.filter((one) => one.table === table.schema.name)) {
      const request = requestFor(
        table,
        segment,
        rejects,
        { ...call, carriesIds: dump.manifest !== null },
        (count, part) =>
          call.report({
            phase: 'writing',
            rows: rows + count,
            part: total === 0 ? null : 0.5 + (done + part * segment.bytes) / total / 2,
            table: table.schema.name,
          }),
      )
      const one = (request.isLarge ? await loadTable(tx, into, request) : null) ?? (await importInto(tx, into, request))
      result = result === null ? one : { ...one, inserted: result.inserted + one.inserted }
      done += segment.bytes
      rows += segment.count
    }
    const stored = (await loadTables(tx, into.database.id)).find(({ schema }) => schema.name === table.schema.name)
    imported.push({
      table: table.schema.name,
      tableId: stored?.id ?? '',
      inserted: result?.inserted ?? 0,
      updated: 0,
      deleted: 0,
      operation: null,
      created: true,
    })
  }
  await addReferences(tx, into, dump.tables, notes)
  await addIndexes(tx, into, dump, notes)
  const { manifest } = dump
  if (manifest === null) return imported
  for (const { table, inserted } of imported) {
    const expected = manifest.records[table] ?? inserted
    if (expected !== inserted && rejects.count === 0)
      throw new AppError(
        'CONFLICT',
        `The file says that table "${table}" has ${expected} records, and ${inserted} came. It may be cut off.`,
      )
  }
  return imported
}

function requestFor(
  { schema, columns }: DumpTable,
  segment: DumpRows,
  rejects: RejectLog,
  { onReject, signal, carriesIds }: ImportCall & { readonly carriesIds: boolean },
  report: (rows: number, part: number) => void,
): RowsImport {
  const source = segment.open()
  return {
    source,
    target: {
      kind: 'table',
      table: schema.name,
      mode: 'append',
      key: [],
      columns: segment.columns.flatMap((name, at) => {
        const column = columns.get(name) ?? (carriesIds && name === ownId.name ? name : undefined)
        return column === undefined ? [] : [{ source: at, column }]
      }),
    },
    onReject,
    rejects,
    isLarge: segment.bytes >= largeFile,
    signal,
    report: ({ rows }) => report(rows, segment.bytes === 0 ? 1 : source.read.bytes / segment.bytes),
  }
}

/** A table in the way goes to the bin when it is empty, as the people's table of a new project is. */
async function clearNames(tx: Transaction, into: Into, tables: readonly DumpTable[]): Promise<void> {
  const existing = await loadTables(tx, into.database.id)
  for (const { schema } of tables) {
    const table = existing.find((one) => one.schema.name === schema.name)
    if (!table) continue
    const [answer] = await tx.query<{ has: boolean }>(hasRecordsSql(into.database.project_id, table))
    if (answer?.has !== false)
      throw new AppError(
        'CONFLICT',
        `There is a table "${schema.name}" with records already. Import the file into a new project, or rename that table first.`,
        { details: { table: schema.name } },
      )
    await deleteTable(tx, into, table.id)
  }
}

function withoutReferences(schema: DumpTable['schema']): TableSchemaInput {
  const columns = schema.columns.map(({ references: _, ...column }) => column)
  return {
    name: schema.name,
    columns,
    ...(schema.unique ? { unique: schema.unique } : {}),
    ...(primaryKeyOf(schema).length === 0 ? { primary_key: false, timestamps: false } : {}),
  }
}

/** Once all records are there. One that they do not keep is left out, and said. */
async function addReferences(
  tx: Transaction,
  into: Into,
  tables: readonly DumpTable[],
  notes: string[],
): Promise<void> {
  for (const { schema } of tables)
    for (const { name, references } of schema.columns) {
      if (!references) continue
      const table = (await loadTables(tx, into.database.id)).find((one) => one.schema.name === schema.name)
      if (!table) continue
      await tx.execute(savepointSql)
      try {
        await updateTable(tx, into, table.id, [{ type: 'setReference', table: schema.name, column: name, references }])
        await tx.execute(releaseSavepointSql)
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'CANCELLED') throw error
        await tx.execute(rollbackToSavepointSql)
        await tx.execute(releaseSavepointSql)
        notes.push(`The reference of "${schema.name}"."${name}" is not taken over: ${error.message}`)
      }
    }
}

async function addIndexes(tx: Transaction, into: Into, { indexes }: ReadDump, notes: string[]): Promise<void> {
  for (const { table, columns } of indexes) {
    const stored = (await loadTables(tx, into.database.id)).find((one) => one.schema.name === table)
    if (!stored) continue
    await tx.execute(savepointSql)
    try {
      await createIndex(tx, into, stored.id, columns)
      await tx.execute(releaseSavepointSql)
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'CANCELLED') throw error
      await tx.execute(rollbackToSavepointSql)
      await tx.execute(releaseSavepointSql)
      notes.push(`An index of "${table}" is not taken over: ${error.message}`)
    }
  }
}

function countsOf({ rows }: ReadDump): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { table, count } of rows) counts.set(table, (counts.get(table) ?? 0) + count)
  return counts
}
