import type { DatabaseRow, Transaction } from '../../db/database'
import { sql } from '../../db/sql'
import { actorOf } from '../audit/activity'
import { recordActivity } from '../audit/record-activity'
import { uuidV7 } from '../records/uuid-v7'
import { isDistributedSql } from '../store/storage-move.sql'
import type { StoredTable } from '../tables/stored-table'
import type { Loading } from './bulk-load.service'
import { logLoadSql } from './bulk-load.sql'
import { type Into, importedSentence, type RowsImport, watchOf } from './import-request'
import type { ReadingColumn } from './read-rows'

/** What the ways by COPY have in common. */

export function loadingOf(
  { project_id: projectId }: DatabaseRow,
  table: StoredTable,
  columns: readonly ReadingColumn[],
  request: RowsImport,
  now: string,
): Loading {
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

/** The line of the log, and the sentence of the audit. */
export async function noteLoad(
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

export async function isDistributed(tx: Transaction): Promise<boolean> {
  return (await tx.query<{ distributed: boolean }>(isDistributedSql))[0]?.distributed === true
}

export async function transactionTime(tx: Transaction): Promise<string> {
  const [row] = await tx.query<{ now: string }>(sql`select now() as now`)
  return row?.now ?? new Date().toISOString()
}
