import { AppError } from '@shared/app-error'
import type { ImportResult, Inspection, TablesMode } from '@shared/contract/transfers.contract'
import { primaryKeyOf } from '@shared/domain/table-schema'
import type { Transaction } from '../../db/database'
import { planOf } from '../records/record-plan'
import { editSchema } from '../tables/schema-change.service'
import type { StoredTable } from '../tables/stored-table'
import { loadTables } from '../tables/tables.service'
import type { DumpTable } from './dump-schema'
import { addIndexes, addReferences, makeTables, parentsFirst } from './dump-tables.service'
import { ownId } from './import-columns'
import { ImportRefused, type Into, importTimeout, type RowsImport, type RowsImported } from './import-request'
import { importIntoTable } from './import-rows.service'
import { applyRules } from './plain-rules'
import type { DumpRows, ReadDump } from './read-dump'
import { RejectLog } from './rejects'
import { type ImportCall, largeFile } from './transfers.service'

/** What a file with tables of its own holds. Closes it. */
export async function inspectDump(
  dump: ReadDump,
  { format, encoding }: { readonly format: 'sql' | 'json'; readonly encoding: string },
): Promise<Inspection> {
  try {
    const counts = countsOf(dump)
    const records = [...counts.values()].reduce((sum, count) => sum + count, 0)
    return {
      format,
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

/**
 * All tables of a file that has its own, and their records, in one transaction: all of it, or with `skip` all but the
 * rejects. Closes it.
 */
export async function importDump(call: ImportCall, dump: ReadDump, mode: TablesMode): Promise<ImportResult> {
  const { db, principal, databaseId, spool, onReject, signal } = call
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
        (tx, database) => fillDatabase(tx, { database, principal }, dump, { rejects, notes, call, mode }),
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
  const sum = (count: (one: RowsImported) => number) => (imported ?? []).reduce((all, one) => all + count(one), 0)
  return {
    tables: [...(imported ?? [])],
    inserted: sum(({ inserted }) => inserted),
    updated: sum(({ updated }) => updated),
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
  readonly mode: TablesMode
}

async function fillDatabase(
  tx: Transaction,
  into: Into,
  dump: ReadDump,
  filling: Filling,
): Promise<readonly RowsImported[]> {
  const { rejects, notes, call, mode } = filling
  const kept = await makeTables(tx, into, dump, mode, notes)
  const total = dump.rows.reduce((sum, { bytes }) => sum + bytes, 0)
  const imported: RowsImported[] = []
  let done = 0
  let rows = 0
  for (const table of parentsFirst(dump.tables, [...kept.values()])) {
    const stored = kept.get(table.schema.name)
    const target = { carriesIds: dump.manifest !== null, stored, mode: mode === 'new' ? 'append' : mode, notes }
    let result: RowsImported | null = null
    for (const segment of dump.rows.filter((one) => one.table === table.schema.name)) {
      const request = requestFor(table, segment, rejects, { ...call, ...target }, (count, part) =>
        call.report({
          phase: 'writing',
          rows: rows + count,
          part: total === 0 ? null : 0.5 + (done + part * segment.bytes) / total / 2,
          table: table.schema.name,
        }),
      )
      const one = await importIntoTable(tx, into, request)
      result = result === null ? one : { ...one, inserted: result.inserted + one.inserted }
      done += segment.bytes
      rows += segment.count
    }
    const made = (await loadTables(tx, into.database.id)).find(({ schema }) => schema.name === table.schema.name)
    imported.push({
      ...(stored && result ? result : { updated: 0, deleted: 0, operation: null }),
      table: table.schema.name,
      tableId: made?.id ?? '',
      inserted: result?.inserted ?? 0,
      created: stored === undefined,
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

interface Target {
  /** Records bring the ids that they had. */
  readonly carriesIds: boolean
  /** Undefined for one that was made for the file. */
  readonly stored: StoredTable | undefined
  readonly mode: 'append' | 'upsert' | 'replace'
  readonly notes: string[]
}

function requestFor(
  { schema, columns, source: name }: DumpTable,
  segment: DumpRows,
  rejects: RejectLog,
  { onReject, signal, carriesIds, stored, mode, notes }: ImportCall & Target,
  report: (rows: number, part: number) => void,
): RowsImport {
  const source = segment.open()
  const key = stored === undefined ? [] : primaryKeyOf(stored.schema).map((column) => column.name)
  const mappings = segment.columns.flatMap((from, at) => {
    const column = columns.get(from) ?? (carriesIds && from === ownId.name ? from : undefined)
    if (column === undefined) return []
    if (stored === undefined || planOf(stored).byName.has(column)) return [{ source: at, column }]
    notes.push(`“${from}” of ${name} is left out: table “${schema.name}” has no such column.`)
    return []
  })
  const hasKey = key.length > 0 && key.every((one) => mappings.some(({ column }) => column === one))
  if (mode === 'upsert' && stored !== undefined && !hasKey)
    notes.push(`The records of ${name} were all added: the file does not have the key of table “${schema.name}”.`)
  return {
    source,
    target: {
      kind: 'table',
      table: schema.name,
      mode: stored === undefined || (mode === 'upsert' && !hasKey) ? 'append' : mode,
      key: mode === 'upsert' && hasKey ? key : [],
      columns: mappings,
    },
    onReject,
    rejects,
    isLarge: segment.bytes >= largeFile,
    signal,
    report: ({ rows }) => report(rows, segment.bytes === 0 ? 1 : source.read.bytes / segment.bytes),
  }
}

function countsOf({ rows }: ReadDump): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { table, count } of rows) counts.set(table, (counts.get(table) ?? 0) + count)
  return counts
}
