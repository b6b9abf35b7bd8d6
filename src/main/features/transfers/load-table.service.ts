import { AppError } from '@shared/app-error'
import { applyEdit } from '@shared/domain/apply-edit'
import type { TableSchema } from '@shared/domain/table-schema'
import type { Transaction } from '../../db/database'
import { selectWishSql } from '../store/storage.sql'
import { setStorageSql } from '../store/storage-move.sql'
import { syncViews } from '../store/views.service'
import { createTable } from '../tables/create-table.service'
import { holdSchema } from '../tables/hold-schema.service'
import { firstLayout } from '../tables/layout'
import { dropPhysicalTableSql } from '../tables/physical-table.sql'
import type { StoredTable } from '../tables/stored-table'
import { loadTables, schemaOf, tableNamed } from '../tables/tables.service'
import { finishRelation, loadRelation, rejectDangling } from './bulk-load.service'
import { hasRecordsSql } from './bulk-load.sql'
import { type Into, type RowsImport, type RowsImported, refuseRejected } from './import-request'
import { readingOf } from './labels.service'
import { isDistributed, loadingOf, noteLoad, transactionTime } from './loading.service'
import { clearDocuments, rejectTaken, takeDocuments } from './merge-relation.service'

/** Rows into a relation by COPY that a new table is then given. Null where the server spreads its tables over nodes. */
export async function loadNewTable(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported | null> {
  const { target } = request
  if (target.kind !== 'new') throw new Error('Not a new table')
  if (await isDistributed(tx)) return null
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
  const columns = await readingOf(tx, database, before, planned, target.columns)
  const loading = loadingOf(database, planned, columns, request, await transactionTime(tx))
  const { loaded, lines } = await loadRelation(tx, loading)
  refuseRejected(request)
  const held = await holdSchema(tx, database, (tables) => [...tables, { ...planned, schema: described(tables) }])
  await rejectDangling(tx, loading, loaded, lines, held.tables)
  refuseRejected(request)
  const made = await createTable(tx, into, target.schema, loaded.storage)
  const stored: StoredTable = { ...planned, id: made.id, storage: loaded.storage }
  await finishRelation(tx, database.project_id, stored, lines.count)
  const operation = await noteLoad(tx, into, stored, lines.count)
  return { ...nothing, table: schema.name, tableId: made.id, created: true, inserted: lines.count, operation }
}

/**
 * Rows into a relation by COPY that then becomes the table's; the few records that a table of the shared tier has go
 * there first. Null when the table has a relation with records, or may have none of its own: then rows go another way.
 */
export async function loadTable(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported | null> {
  const { target } = request
  if (target.kind !== 'table') throw new Error('Not a table')
  const { database } = into
  const { project_id: projectId } = database
  const before = await loadTables(tx, database.id)
  const table = tableNamed(before, target.table)
  const isEmpty = async (one: StoredTable) =>
    (await tx.query<{ has: boolean }>(hasRecordsSql(projectId, one)))[0]?.has === false
  const [wish] = await tx.query<{ wish: string }>(selectWishSql(table.id))
  const wasEmpty = await isEmpty(table)
  const isMerged = !wasEmpty && table.storage.tier === 'shared' && target.mode === 'append'
  if (wish?.wish === 'shared' || !(wasEmpty || isMerged) || (await isDistributed(tx))) return null
  const columns = await readingOf(tx, database, before, table, target.columns)
  const loading = loadingOf(database, table, columns, request, await transactionTime(tx))
  const { loaded, lines } = await loadRelation(tx, loading)
  refuseRejected(request)
  const swap = (tables: readonly StoredTable[]) =>
    tables.map((one) => (one.id === table.id ? { ...one, storage: loaded.storage } : one))
  const held = await holdSchema(tx, database, swap)
  const current = held.tables.find(({ id }) => id === table.id)
  const isSame = current?.updated_at === table.updated_at && current.storage.tier === table.storage.tier
  if (!current || !isSame || (!isMerged && !(await isEmpty(current))))
    throw new AppError('CONFLICT', `Table "${target.table}" was changed while the file was read. Import it again.`)
  if (isMerged) await rejectTaken(tx, loading, current, loaded, lines)
  await rejectDangling(tx, loading, loaded, lines, held.tables, isMerged ? current : null)
  refuseRejected(request)
  const stored: StoredTable = { ...current, storage: loaded.storage }
  const kept = isMerged ? await takeDocuments(tx, projectId, current, stored) : 0
  await finishRelation(tx, projectId, stored, kept + lines.count)
  await tx.execute(setStorageSql(table.id, loaded.storage))
  const after = swap(held.tables)
  await syncViews(tx, database, held.tables, after)
  if (current.storage.tier === 'dedicated')
    for (const statement of dropPhysicalTableSql(current.storage.relation)) await tx.execute(statement)
  if (isMerged) await clearDocuments(tx, projectId, table.id)
  const operation = await noteLoad(tx, into, stored, lines.count)
  held.keep(after)
  return {
    ...nothing,
    table: table.schema.name,
    tableId: table.id,
    inserted: lines.count,
    operation: lines.count > 0 ? operation : null,
  }
}

const nothing = { created: false, inserted: 0, updated: 0, deleted: 0 } as const
