import type { Principal } from '../../context'
import type { StudioDatabase, Transaction } from '../../db/database'
import { sql } from '../../db/sql'
import { recordActivity } from '../audit/record-activity'
import { deleteWhere } from '../records/delete-set.service'
import { checkAllReferrers } from '../records/references.service'
import { uuidV7 } from '../records/uuid-v7'
import type { WriteScope } from '../records/write-scope'
import { createTable } from '../tables/create-table.service'
import { openSchema } from '../tables/open-schema.service'
import { editSchema } from '../tables/schema-change.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed } from '../tables/tables.service'
import { appendRows } from './append-rows.service'
import { importBatches } from './batch-import.service'
import {
  type Into,
  importedSentence,
  importTimeout,
  type RowsImport,
  type RowsImported,
  refuseRejected,
  watchOf,
} from './import-request'
import { readingOf } from './labels.service'
import { loadNewTable, loadTable } from './load-table.service'

/**
 * The rows of a file into one table, in one transaction and as one operation. Many rows are loaded by COPY into a relation
 * that then becomes the table's, or that the table takes them from; few go the way of records that are created.
 */
export async function importRows(
  db: StudioDatabase,
  principal: Principal,
  databaseId: string,
  request: RowsImport,
): Promise<RowsImported> {
  const { target, isLarge, signal } = request
  const run = (role: 'app' | 'store', work: (tx: Transaction, into: Into) => Promise<RowsImported | null>) =>
    editSchema(() =>
      db.withDatabase(principal.account.id, databaseId, (tx, database) => work(tx, { database, principal }), {
        role,
        signal,
        statementTimeout: importTimeout,
      }),
    )
  const ways: readonly (() => Promise<RowsImported | null>)[] =
    target.kind === 'new'
      ? [() => run('store', (tx, into) => importNew(tx, into, request))]
      : [
          ...(isLarge && target.mode !== 'replace'
            ? [() => run('store', (tx, into) => loadTable(tx, into, request))]
            : []),
          ...(isLarge && target.mode === 'append'
            ? [() => run('store', (tx, into) => appendRows(tx, into, request))]
            : []),
          // Whether anything still points to what was replaced is asked of all records.
          () => run(target.mode === 'replace' ? 'store' : 'app', (tx, into) => importInto(tx, into, request)),
        ]
  for (const way of ways) {
    const imported = await way()
    if (imported !== null) return imported
  }
  throw new Error('No way took the rows')
}

async function importNew(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported> {
  const loaded = request.isLarge ? await loadNewTable(tx, into, request) : null
  if (loaded !== null) return loaded
  if (request.target.kind !== 'new') throw new Error('Not a new table')
  const made = await createTable(tx, into, request.target.schema)
  const { now, tables } = await openSchema(tx, into.database)
  const scope = scopeOf(into, tables, tableNamed(tables, made.table_name), now)
  return { ...(await batches(tx, scope, request, [])), created: true }
}

/** Into a table that is there, in a transaction of role `store`: by COPY where there is much and a way for it. */
export async function importIntoTable(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported> {
  const { target, isLarge } = request
  const mode = target.kind === 'table' ? target.mode : null
  const loaded = isLarge && mode !== 'replace' ? await loadTable(tx, into, request) : null
  const joined = loaded === null && isLarge && mode === 'append' ? await appendRows(tx, into, request) : loaded
  return joined ?? importInto(tx, into, request)
}

async function importInto(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported> {
  const { target } = request
  if (target.kind !== 'table') throw new Error('Not a table')
  const { now, tables } = await openSchema(tx, into.database)
  const table = tableNamed(tables, target.table)
  const scope = scopeOf(into, tables, table, now)
  if (target.mode !== 'replace') return batches(tx, scope, request, target.mode === 'upsert' ? target.key : [])
  const gone = await deleteWhere(tx, scope, table, sql`true`)
  const imported = await batches(tx, scope, request, [], gone.count)
  // What others point to must be there again.
  await checkAllReferrers(tx, scope, table, 'store')
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
  const columns = await readingOf(tx, { project_id: scope.projectId }, all, table, target.columns)
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

function scopeOf(
  { database, principal }: Into,
  all: readonly StoredTable[],
  table: StoredTable,
  now: string,
): WriteScope {
  return { projectId: database.project_id, all, table, now, operation: { id: uuidV7(), principal } }
}
