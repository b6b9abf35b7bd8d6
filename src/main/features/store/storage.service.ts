import { AppError } from '@shared/app-error'
import type { TableStorage } from '@shared/contract/indexes.contract'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import type { StoredTable } from '../tables/stored-table'
import { loadTables, lockSchema, tableWithId, type Writer } from '../tables/tables.service'
import { selectAskedSql } from './indexes.sql'
import { dedicatedSizeSql, selectWishSql, setWishSql, sharedSizeSql } from './storage.sql'
import type { Move, Tier } from './storage-move'
import { planMoveSql, selectMoveSql } from './storage-move.sql'

/** Records are counted to here, which takes about 10 ms. */
const countLimit = 50_000

/** Where the table is, and how far it is on its way elsewhere. `tx` is the app's. */
export async function describeStorage(tx: Transaction, projectId: string, table: StoredTable): Promise<TableStorage> {
  const { storage } = table
  const size =
    storage.tier === 'shared'
      ? sharedSizeSql(projectId, table.id, countLimit + 1)
      : dedicatedSizeSql(table, storage.relation, countLimit + 1)
  const [found = { records: 0, bytes: 0 }] = await tx.query<{ records: number; bytes: number }>(size)
  const [move] = await tx.query<Move>(selectMoveSql(projectId, table.id))
  const [wished] = await tx.query<{ wish: 'auto' | Tier }>(selectWishSql(table.id))
  const isMoving = move !== undefined && !isDone(move) && !move.is_waiting
  return {
    tier: storage.tier,
    pinned: wished !== undefined && wished.wish !== 'auto',
    records: found.records,
    bytes: Math.round(found.bytes),
    moving: isMoving ? { to: move.target, done: move.done, total: Math.max(move.total, move.done) } : null,
  }
}

function isDone({ phase }: Move): boolean {
  return phase === 'cleaning' || phase === 'cancelling'
}

/** Notes where the table is wanted, and plans the move there; it happens in the background. */
export async function wishStorage(
  tx: Transaction,
  writer: Writer,
  tableId: string,
  wish: 'auto' | Tier,
): Promise<TableStorage> {
  const { database, principal } = writer
  await lockSchema(tx, database.id, 'shared')
  const table = tableWithId(await loadTables(tx, database.id), tableId)
  const { name } = table.schema
  if (wish === 'shared' && (await tx.query(selectAskedSql(database.project_id, table.id))).length > 0)
    throw new AppError(
      'CONFLICT',
      `Table "${name}" has indexes that were asked for, and only tables with storage of their own have those. Drop them first.`,
      { details: { table: name } },
    )
  await tx.execute(setWishSql(table.id, wish))
  if (wish !== 'auto' && wish !== table.storage.tier) await tx.execute(planMoveSql(database.project_id, table.id, wish))
  await recordActivity(tx, {
    projectId: database.project_id,
    principal,
    action: 'table.storage',
    sentence: sentences[wish](name),
    tableId: table.id,
    kind: 'tables',
  })
  return describeStorage(tx, database.project_id, table)
}

const sentences: Readonly<Record<'auto' | Tier, (name: string) => string>> = {
  auto: (name) => `Left the storage of table ${name} to its size.`,
  shared: (name) => `Wants table ${name} in the shared storage.`,
  dedicated: (name) => `Wants table ${name} in storage of its own.`,
}
