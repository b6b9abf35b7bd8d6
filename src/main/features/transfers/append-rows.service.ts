import { AppError } from '@shared/app-error'
import type { Transaction } from '../../db/database'
import { violatedConstraint } from '../../db/pg-error'
import { planOf } from '../records/record-plan'
import { uuidV7 } from '../records/uuid-v7'
import { openSchema } from '../tables/open-schema.service'
import { dropPhysicalTableSql } from '../tables/physical-table.sql'
import type { StoredTable } from '../tables/stored-table'
import { loadTables, tableNamed } from '../tables/tables.service'
import { releaseSavepointSql, rollbackToSavepointSql, savepointSql } from './batch-import.sql'
import { type Loaded, type Loading, loadRelation, rejectDangling, rejectRepeated } from './bulk-load.service'
import { type Into, type RowsImport, type RowsImported, refuseRejected } from './import-request'
import { readingOf } from './labels.service'
import { isDistributed, loadingOf, noteLoad, transactionTime } from './loading.service'
import { holdTargets, rejectTaken } from './merge-relation.service'
import { insertLoadedSql, restartMoveSql } from './merge-relation.sql'
import type { LineNumbers } from './read-rows'

/**
 * Many rows into a relation that has records: by COPY into a relation beside it, and from there by one statement, which
 * keeps the rules that indexes keep. Only when it meets one are the rows looked through, and those in its way rejected.
 * Nobody waits: others read and write the table meanwhile. Null when the table has no relation.
 */
export async function appendRows(tx: Transaction, into: Into, request: RowsImport): Promise<RowsImported | null> {
  const { target, report } = request
  if (target.kind !== 'table') throw new Error('Not a table')
  const { database } = into
  const before = await loadTables(tx, database.id)
  const table = tableNamed(before, target.table)
  if (table.storage.tier !== 'dedicated' || (await isDistributed(tx))) return null
  const columns = await readingOf(tx, database, before, table, target.columns)
  const now = await transactionTime(tx)
  const loading = loadingOf(database, table, columns, request, now)
  const { loaded, lines } = await loadRelation(tx, loading, 'later')
  refuseRejected(request)
  const { tables } = await openSchema(tx, database)
  const current = tables.find(({ id }) => id === table.id)
  if (current?.updated_at !== table.updated_at || current.storage.tier !== 'dedicated')
    throw new AppError('CONFLICT', `Table "${target.table}" was changed while the file was read. Import it again.`)
  await rejectDangling(tx, loading, loaded, lines, tables, current)
  refuseRejected(request)
  report({ phase: 'writing', rows: lines.count })
  const inserted = await insertAll(tx, loading, loaded, lines, { request, tables, current })
  if (inserted !== lines.count)
    throw new AppError('INTERNAL', `${lines.count} rows were sent and ${inserted} were inserted`)
  const operation = { id: uuidV7(), principal: into.principal }
  await holdTargets(tx, { projectId: database.project_id, all: tables, table: current, now, operation }, loaded)
  await tx.execute(restartMoveSql(database.project_id, table.id))
  for (const statement of dropPhysicalTableSql(loaded.storage.relation)) await tx.execute(statement)
  const noted = await noteLoad(tx, into, current, inserted)
  return {
    table: table.schema.name,
    tableId: table.id,
    created: false,
    inserted,
    updated: 0,
    deleted: 0,
    operation: inserted > 0 ? noted : null,
  }
}

/** Times that others may take a value which the file has, just before it is written. */
const mostTries = 3

async function insertAll(
  tx: Transaction,
  loading: Loading,
  loaded: Loaded,
  lines: LineNumbers,
  {
    request,
    tables,
    current,
  }: { readonly request: RowsImport; readonly tables: readonly StoredTable[]; readonly current: StoredTable },
): Promise<number> {
  if (current.storage.tier !== 'dedicated') throw new Error('The table has no relation')
  const keys = planOf(current).stored.map(({ key }) => key)
  const insert = insertLoadedSql(loaded.storage.relation, current.storage.relation, keys)
  for (let attempt = 1; ; attempt++) {
    await tx.execute(savepointSql)
    try {
      const inserted = await tx.execute(insert)
      await tx.execute(releaseSavepointSql)
      return inserted
    } catch (error) {
      if (violatedConstraint(error) === undefined || attempt > mostTries) throw error
      await tx.execute(rollbackToSavepointSql)
      await tx.execute(releaseSavepointSql)
      await rejectRepeated(tx, loading, current, loaded.storage.relation, lines)
      await rejectTaken(tx, loading, current, loaded, lines)
      // Rows that others of the file point to may be among those.
      await rejectDangling(tx, loading, loaded, lines, tables, current)
      refuseRejected(request)
    }
  }
}
