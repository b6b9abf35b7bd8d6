import { AppError } from '@shared/app-error'
import { applyEdit } from '@shared/domain/apply-edit'
import type { TableSchema, TableSchemaInput } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import type { Principal } from '../../context'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import { sql } from '../../db/sql'
import { actorOf } from '../audit/activity'
import { recordActivity } from '../audit/record-activity'
import { deleteWhere } from '../records/delete-set.service'
import { stillPointedTo } from '../records/rule-error'
import { uuidV7 } from '../records/uuid-v7'
import type { WriteScope } from '../records/write-scope'
import { selectWishSql } from '../store/storage.sql'
import { isDistributedSql, setStorageSql } from '../store/storage-move.sql'
import { syncViews } from '../store/views.service'
import { danglingSql } from '../tables/column-values.sql'
import { createTable } from '../tables/create-table.service'
import { holdSchema } from '../tables/hold-schema.service'
import { firstLayout } from '../tables/layout'
import { openSchema } from '../tables/open-schema.service'
import { dropPhysicalTableSql } from '../tables/physical-table.sql'
import { editSchema } from '../tables/schema-change.service'
import { referrersOf, type StoredTable } from '../tables/stored-table'
import { loadTables, schemaOf, tableNamed } from '../tables/tables.service'
import { importBatches } from './batch-import.service'
import { finishRelation, loadRelation, rejectDangling } from './bulk-load.service'
import { hasRecordsSql, logLoadSql } from './bulk-load.sql'
import type { RowSource } from './formats/row'
import { type ColumnMapping, mapColumns } from './import-columns'
import { readLabels } from './labels.service'
import { type ReadingColumn, readingColumns } from './read-rows'
import type { RejectLog } from './rejects'

export type ImportTarget =
  | { readonly kind: 'new'; readonly schema: TableSchemaInput; readonly columns: readonly ColumnMapping[] }
  | {
      readonly kind: 'table'
      readonly table: string
      readonly mode: 'append' | 'upsert' | 'replace'
      /** Of an upsert: the columns that tell records apart. */
      readonly key: readonly string[]
      readonly columns: readonly ColumnMapping[]
    }

export interface RowsImport {
  readonly source: RowSource
  readonly target: ImportTarget
  /** `stop`: nothing is imported when one row is wrong. `skip`: the others are. */
  readonly onReject: 'stop' | 'skip'
  readonly rejects: RejectLog
  /** Whether so much comes that the table gets a place of its own from the beginning. */
  readonly isLarge: boolean
  readonly signal: AbortSignal | undefined
  readonly report: (progress: ImportProgress) => void
}

export interface ImportProgress {
  readonly phase: 'reading' | 'checking' | 'writing'
  readonly rows: number
}

export interface RowsImported {
  readonly table: string
  readonly tableId: string
  readonly created: boolean
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
  /** What `changes.undo` takes back; null when nothing was written. */
  readonly operation: string | null
}

/** A statement may go on for as long as its file does; who has had enough cancels. */
export const importTimeout = 24 * 60 * 60 * 1000

/** Rejects of an import that stops at them: enough to see what is wrong. */
const enoughToStop = 1000

/** All or nothing of one transaction, and with `stop` nothing when a row is rejected: see `rejects` for why. */
export class ImportRefused extends Error {}

/**
 * The rows of a file into one table, in one transaction and as one operation. Many rows into a table that is empty or new
 * are loaded by COPY into a relation that then becomes the table's; all others go the way of records that are created.
 */
export async function importRows(
  db: StudioDatabase,
  principal: Principal,
  databaseId: string,
  request: RowsImport,
): Promise<RowsImported> {
  const run = <T>(role: 'app' | 'store', work: (tx: Transaction, database: DatabaseRow) => Promise<T>) =>
    editSchema(() =>
      db.withDatabase(principal.account.id, databaseId, work, {
        role,
        signal: request.signal,
        statementTimeout: importTimeout,
      }),
    )
  if (request.target.kind === 'new')
    return run('store', (tx, database) => importNew(tx, { database, principal }, request))
  if (request.isLarge && request.target.mode !== 'replace') {
    const loaded = await run('store', (tx, database) => loadEmpty(tx, { database, principal }, request))
    if (loaded !== null) return loaded
  }
  // Whether anything still points to what was replaced is asked of all records.
  return run(request.target.mode === 'replace' ? 'store' : 'app', (tx, database) =>
    importInto(tx, { database, principal }, request),
  )
}

export interface Into {
  readonly database: DatabaseRow
  readonly principal: Principal
}

async function importNew(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported> {
  const { target } = request
  if (target.kind !== 'new') throw new Error('Not a new table')
  const { database } = into
  const described = (tables: readonly StoredTable[]): TableSchema => {
    const schema = applyEdit(schemaOf(tables), { type: 'addTable', table: target.schema }).tables.at(-1)
    if (!schema) throw new Error('addTable added no table')
    return schema
  }
  const before = await loadTables(tx, database.id)
  const schema = described(before)
  const planned: StoredTable = {
    id: '',
    schema,
    layout: firstLayout(schema),
    storage: { tier: 'shared' },
    created_at: '',
    updated_at: '',
  }
  const isBulk = request.isLarge && !(await isDistributed(tx))
  if (!isBulk) {
    const made = await createTable(tx, into, target.schema)
    const { now, tables } = await openSchema(tx, database)
    const scope = scopeOf(into, tables, tableNamed(tables, made.table_name), now)
    return { ...(await batches(tx, scope, request, [])), created: true }
  }
  const columns = await reading(tx, database, before, planned, target.columns)
  const now = await transactionTime(tx)
  const loading = loadingOf(database, planned, columns, request, now)
  const { loaded, lines } = await loadRelation(tx, loading)
  refuseRejected(request)
  const held = await holdSchema(tx, database, (tables) => [...tables, { ...planned, schema: described(tables) }])
  await rejectDangling(tx, loading, loaded, lines, held.tables)
  refuseRejected(request)
  const made = await createTable(tx, into, target.schema, loaded.storage)
  const stored: StoredTable = { ...planned, id: made.id, storage: loaded.storage }
  await finishRelation(tx, database.project_id, stored, lines)
  const operation = await noteLoad(tx, into, stored, lines.count)
  return {
    table: schema.name,
    tableId: made.id,
    created: true,
    inserted: lines.count,
    updated: 0,
    deleted: 0,
    operation,
  }
}

/** Null when the table has records, or may not have a relation of its own: then rows go another way. */
export async function loadEmpty(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported | null> {
  const { target } = request
  if (target.kind !== 'table') throw new Error('Not a table')
  const { database } = into
  const before = await loadTables(tx, database.id)
  const table = tableNamed(before, target.table)
  const isEmpty = async (one: StoredTable) =>
    (await tx.query<{ has: boolean }>(hasRecordsSql(database.project_id, one)))[0]?.has === false
  const [wish] = await tx.query<{ wish: string }>(selectWishSql(table.id))
  if (wish?.wish === 'shared' || !(await isEmpty(table)) || (await isDistributed(tx))) return null
  const columns = await reading(tx, database, before, table, target.columns)
  const now = await transactionTime(tx)
  const loading = loadingOf(database, table, columns, request, now)
  const { loaded, lines } = await loadRelation(tx, loading)
  refuseRejected(request)
  const swap = (tables: readonly StoredTable[]) =>
    tables.map((one) => (one.id === table.id ? { ...one, storage: loaded.storage } : one))
  const held = await holdSchema(tx, database, swap)
  const current = held.tables.find(({ id }) => id === table.id)
  if (!current || current.updated_at !== table.updated_at || !(await isEmpty(current)))
    throw new AppError('CONFLICT', `Table "${target.table}" was changed while the file was read. Import it again.`)
  await rejectDangling(tx, loading, loaded, lines, held.tables)
  refuseRejected(request)
  const stored: StoredTable = { ...current, storage: loaded.storage }
  await finishRelation(tx, database.project_id, stored, lines)
  await tx.execute(setStorageSql(table.id, loaded.storage))
  const after = swap(held.tables)
  await syncViews(tx, database, held.tables, after)
  if (current.storage.tier === 'dedicated')
    for (const statement of dropPhysicalTableSql(current.storage.relation)) await tx.execute(statement)
  const operation = await noteLoad(tx, into, stored, lines.count)
  held.keep(after)
  return {
    table: table.schema.name,
    tableId: table.id,
    created: false,
    inserted: lines.count,
    updated: 0,
    deleted: 0,
    operation: lines.count > 0 ? operation : null,
  }
}

export async function importInto(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported> {
  const { target } = request
  if (target.kind !== 'table') throw new Error('Not a table')
  const { now, tables } = await openSchema(tx, into.database)
  const table = tableNamed(tables, target.table)
  const scope = scopeOf(into, tables, table, now)
  if (target.mode !== 'replace') return batches(tx, scope, request, target.mode === 'upsert' ? target.key : [])
  const gone = await deleteWhere(tx, scope, table, sql`true`)
  const imported = await batches(tx, scope, request, [], gone.count)
  // What others point to must be there again.
  for (const referrer of referrersOf(tables, table.schema.name)) {
    const column = table.schema.columns.find(({ name }) => name === referrer.target)
    if (!column) continue
    const [lost] = await tx.query<{ value: JsonValue }>(danglingSql(scope.projectId, referrer, { table, column }))
    if (lost) throw stillPointedTo(table, referrer, lost.value)
  }
  return imported
}

async function batches(
  tx: Transaction,
  scope: WriteScope,
  request: RowsImport,
  key: readonly string[],
  deleted = 0,
): Promise<RowsImported> {
  const { table, all } = scope
  const { source, rejects, target } = request
  const columns = await reading(tx, { project_id: scope.projectId }, all, table, target.columns)
  const { inserted, updated } = await importBatches(tx, scope, {
    source,
    columns,
    rejects,
    watch: watchOf(request),
    key,
  })
  refuseRejected(request)
  const isNothing = inserted + updated + deleted === 0
  if (!isNothing)
    await recordActivity(tx, {
      projectId: scope.projectId,
      principal: scope.operation.principal,
      action: 'records.import',
      sentence: importedSentence(table.schema.name, { inserted, updated, deleted }),
      tableId: table.id,
      kind: 'records',
      operation: scope.operation.id,
    })
  return {
    table: table.schema.name,
    tableId: table.id,
    created: false,
    inserted,
    updated,
    deleted,
    operation: isNothing ? null : scope.operation.id,
  }
}

async function noteLoad(
  tx: Transaction,
  { database, principal }: Into,
  table: StoredTable,
  count: number,
): Promise<string> {
  const operation = uuidV7()
  if (count === 0) return operation
  const actor = actorOf(principal)
  const line = { operation, actorId: actor.id, actor: actor.name, count }
  await tx.execute(logLoadSql(database.project_id, table, line))
  await recordActivity(tx, {
    projectId: database.project_id,
    principal,
    action: 'records.import',
    sentence: importedSentence(table.schema.name, { inserted: count, updated: 0, deleted: 0 }),
    tableId: table.id,
    kind: 'records',
    operation,
  })
  return operation
}

function importedSentence(
  table: string,
  { inserted, updated, deleted }: { readonly inserted: number; readonly updated: number; readonly deleted: number },
): string {
  const parts = [
    [inserted, 'created'],
    [updated, 'changed'],
    [deleted, 'replaced'],
  ] as const
  const done = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count.toLocaleString('en')} ${word}`]))
  return `Imported a file into ${table}: ${done.join(', ')}.`
}

function loadingOf(
  { project_id: projectId }: DatabaseRow,
  table: StoredTable,
  columns: readonly ReadingColumn[],
  request: RowsImport,
  now: string,
) {
  const { source, rejects, report } = request
  let rows = 0
  const watch = watchOf(request)
  return {
    projectId,
    now,
    table,
    source,
    columns,
    rejects,
    watch: {
      ...watch,
      report: (count: number) => {
        rows = count
        watch.report(count)
      },
    },
    onChecking: () => report({ phase: 'checking', rows }),
  }
}

function watchOf({ signal, report, onReject }: RowsImport) {
  return {
    signal,
    report: (rows: number) => report({ phase: 'reading', rows }),
    enough: onReject === 'stop' ? enoughToStop : Number.POSITIVE_INFINITY,
  }
}

function refuseRejected({ onReject, rejects }: RowsImport): void {
  if (onReject === 'stop' && rejects.count > 0) throw new ImportRefused()
}

async function reading(
  tx: Transaction,
  database: Pick<DatabaseRow, 'project_id'>,
  all: readonly StoredTable[],
  table: StoredTable,
  mappings: readonly ColumnMapping[],
): Promise<readonly ReadingColumn[]> {
  const mapped = mapColumns(table, mappings)
  return readingColumns(table, mapped, await readLabels(tx, database.project_id, all, table, mapped))
}

function scopeOf(
  { database, principal }: Into,
  all: readonly StoredTable[],
  table: StoredTable,
  now: string,
): WriteScope {
  return { projectId: database.project_id, all, table, now, operation: { id: uuidV7(), principal } }
}

async function isDistributed(tx: Transaction): Promise<boolean> {
  return (await tx.query<{ distributed: boolean }>(isDistributedSql))[0]?.distributed === true
}

async function transactionTime(tx: Transaction): Promise<string> {
  const [row] = await tx.query<{ now: string }>(sql`select now() as now`)
  return row?.now ?? new Date().toISOString()
}
