import { randomBytes } from 'node:crypto'
import { assertNever } from '@shared/assert-never'
import type { DatabaseRow, Transaction } from '../../db/database'
import { dropPhysicalTableSql } from '../tables/physical-table.sql'
import { findTable } from './indexes.service'
import { deleteDocumentsSql } from './promotion.sql'
import { carrierOf } from './storage-carrier.service'
import { type Move, type MoveChange, type MovePhase, mostShared, type TableAddress } from './storage-move'
import {
  changeMoveSql,
  endMoveSql,
  holdMoveSql,
  holdWritersSql,
  lastChangeSql,
  setLockTimeoutSql,
} from './storage-move.sql'
import { type ReadyMove, swapTiers } from './storage-swap.service'

/** Milliseconds a step waits for writers; who comes later waits as long. */
export const lockPatience = 250
/** Records written since the last look, up to which the swap copies them again while everybody waits. */
const fewChanges = 300

/** The phase after a step, or how the move ended; `lost` when it is somebody else's. */
export type MoveStep = MovePhase | 'moved' | 'cancelled' | 'lost'

export interface StepOptions {
  readonly owner: string
  readonly batchSize: number
  readonly isLastRound: boolean
}

/** What a step has: the move, and the table as the catalogue has it. */
interface Step extends ReadyMove {
  change(change: MoveChange): Promise<void>
}

/** The next step of a move, in one transaction of role `store`. */
export async function takeStep(
  tx: Transaction,
  database: DatabaseRow,
  { tableId }: TableAddress,
  options: StepOptions,
): Promise<MoveStep> {
  const [move] = await tx.query<Move>(holdMoveSql(database.project_id, tableId, options.owner))
  if (!move) return 'lost'
  const change = async (next: MoveChange) => void (await tx.execute(changeMoveSql(database.project_id, tableId, next)))
  // What was left behind is no longer the table's, whatever becomes of that.
  if (move.phase === 'cleaning') return clean(tx, move, options)
  if (move.phase === 'cancelling') return cancel(tx, move, options)

  const table = await findTable(tx, database, tableId)
  if (!table || isUnwanted(move) || table.storage.tier === move.target) {
    await change({ phase: 'cancelling' })
    return 'cancelling'
  }
  const carrier = carrierOf(tx, database, table, move)
  const step: Step = { tx, database, move, table, carrier, change }
  if (move.phase !== 'planned' && move.phase !== 'clearing' && move.version !== table.updated_at) return startOver(step)
  switch (move.phase) {
    case 'planned':
      return begin(step)
    case 'clearing':
      return clear(step, options)
    case 'copying':
      return move.since === null ? mark(step) : copy(step, options)
    case 'indexing':
      return index(step)
    case 'catching':
      return catchUp(step, options)
    default:
      return assertNever(move.phase)
  }
}

function isUnwanted(move: Move): boolean {
  if (move.is_gone) return true
  return move.target === 'dedicated' ? move.wish === 'shared' : move.wish === 'dedicated' || move.has_indexes
}

/** The schema was edited meanwhile: the copy is of another shape, and edits of values are in no log. */
async function startOver({ tx, move, change }: Step): Promise<MoveStep> {
  if (move.target === 'dedicated' && move.relation !== null)
    for (const statement of dropPhysicalTableSql(move.relation)) await tx.execute(statement)
  await change({ phase: 'planned', relation: null, version: null, since: null, next: null, after: null, done: 0 })
  return 'planned'
}

async function begin({ move, table, carrier, change }: Step): Promise<MoveStep> {
  if (move.target === 'shared') {
    const total = await carrier.count()
    // It was empty when the move was planned, and was filled since.
    if (move.wish === 'auto' && total > mostShared) {
      await change({ phase: 'cancelling' })
      return 'cancelling'
    }
    const relation = table.storage.tier === 'dedicated' ? table.storage.relation : null
    const distributed = table.storage.tier === 'dedicated' && table.storage.distributed === true
    await change({ phase: 'clearing', relation, distributed, total })
    return 'clearing'
  }
  const relation = `t_${randomBytes(16).toString('hex')}`
  const distributed = await carrier.create(relation)
  await change({ phase: 'copying', relation, distributed, version: table.updated_at, total: await carrier.count() })
  return 'copying'
}

/** Documents of an earlier time in the shared tier are in the way of those to come. */
async function clear({ tx, database, table, change }: Step, { batchSize }: StepOptions): Promise<MoveStep> {
  if ((await tx.execute(deleteDocumentsSql(database.project_id, table.id, batchSize))) > 0) return 'clearing'
  await change({ phase: 'copying', version: table.updated_at, since: null, next: null, after: null, done: 0 })
  return 'copying'
}

/** Whatever is written from here on is in the log behind this number. */
async function mark({ tx, database, change }: Step): Promise<MoveStep> {
  await change({ since: await lastChange(tx, database) })
  return 'copying'
}

async function copy({ move, carrier, change }: Step, { batchSize }: StepOptions): Promise<MoveStep> {
  const { count, last } = await carrier.copyBatch(move.after, batchSize)
  if (count < batchSize || last === null) {
    await change({ phase: 'indexing', done: move.done + count, after: last ?? move.after })
    return 'indexing'
  }
  await change({ after: last, done: move.done + count })
  return 'copying'
}

/** Batches are of different moments; unique indexes can be built once all records are of one. */
async function index({ move, carrier, change }: Step): Promise<MoveStep> {
  await carrier.copyChanged(move.since ?? '0')
  await carrier.buildIndexes()
  await change({ phase: 'catching' })
  return 'catching'
}

/** Two steps a round: a number that all writers are done with, and then a copy of what they wrote. */
async function catchUp(step: Step, { isLastRound }: StepOptions): Promise<MoveStep> {
  const { tx, database, move, table, carrier, change } = step
  if (move.next === null) {
    await change({ next: await lastChange(tx, database) })
    return 'catching'
  }
  const since = move.since ?? '0'
  const count = await carrier.copyChanged(since)
  if (count > fewChanges && !isLastRound) {
    await change({ since: move.next, next: null })
    return 'catching'
  }
  const differences = await carrier.countDifferences(since)
  if (differences > 0) throw new Error(`The copy of table ${table.id} differs from it in ${differences} records`)
  await tx.query(setLockTimeoutSql(lockPatience))
  const outcome = await swapTiers(step, since)
  if (outcome === 'outdated') return startOver(step)
  await change({ phase: 'cleaning' })
  return 'cleaning'
}

async function clean(tx: Transaction, move: Move, { batchSize }: StepOptions): Promise<MoveStep> {
  if (move.target === 'dedicated') {
    if ((await tx.execute(deleteDocumentsSql(move.project_id, move.table_id, batchSize))) > 0) return 'cleaning'
  } else if (move.relation !== null) await drop(tx, move.relation)
  await tx.execute(endMoveSql(move.project_id, move.table_id))
  return 'moved'
}

async function cancel(tx: Transaction, move: Move, { batchSize }: StepOptions): Promise<MoveStep> {
  if (move.target === 'shared') {
    if ((await tx.execute(deleteDocumentsSql(move.project_id, move.table_id, batchSize))) > 0) return 'cancelling'
  } else if (move.relation !== null) await drop(tx, move.relation)
  await tx.execute(endMoveSql(move.project_id, move.table_id))
  return 'cancelled'
}

async function drop(tx: Transaction, relation: string): Promise<void> {
  await tx.query(setLockTimeoutSql(lockPatience))
  for (const statement of dropPhysicalTableSql(relation)) await tx.execute(statement)
}

async function lastChange(tx: Transaction, database: DatabaseRow): Promise<string> {
  await tx.query(setLockTimeoutSql(lockPatience))
  await tx.query(holdWritersSql(database.id))
  const [row] = await tx.query<{ since: string }>(lastChangeSql(database.project_id))
  return row?.since ?? '0'
}
