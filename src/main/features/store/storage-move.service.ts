import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import { sqlState } from '../../db/pg-error'
import { findTable } from './indexes.service'
import { vacuumSql } from './promotion.sql'
import type { MovePhase, TableAddress, Tier } from './storage-move'
import { claimMoveSql, failMoveSql, holdMoveSql, planMoveSql, releaseMoveSql, selectMoveSql } from './storage-move.sql'
import { lockPatience, type MoveStep, takeStep } from './storage-steps.service'

export interface MoveOptions {
  /** Who works on it; a studio keeps to one name. */
  readonly owner?: string
  /** Called before each step, with the phase it begins in. Tests stop a move by throwing here. */
  readonly onStep?: (phase: MovePhase) => Promise<void> | void
  readonly signal?: AbortSignal | undefined
  /** Records copied in one transaction. */
  readonly batchSize?: number
}

/** `busy`: somebody else works on it. `none`: there is nothing to move. */
export type MoveOutcome = 'moved' | 'cancelled' | 'busy' | 'none'

/** A statement of a step may go over the whole table. */
const stepTimeout = 600_000
/** Steps of catching up after which the swap takes what is left, however much that is. */
const mostRounds = 20

/**
 * Goes on with the planned or broken-off move of a table until it is done. Each step is a transaction of its own, and
 * begins where the one before it ended, whoever did that.
 */
export async function runMove(
  db: StudioDatabase,
  at: TableAddress,
  { owner = randomUUID(), onStep = () => undefined, signal, batchSize = 5000 }: MoveOptions = {},
): Promise<MoveOutcome> {
  const run = <T>(work: (tx: Transaction, database: DatabaseRow) => Promise<T>) =>
    db.withDatabase(at.accountId, at.databaseId, work, { role: 'store', statementTimeout: stepTimeout, signal })

  const claimed = await run(async (tx, { project_id }) => {
    return (await tx.query(claimMoveSql(project_id, at.tableId, owner))).length > 0
  })
  if (!claimed) return (await isPlanned(db, at)) ? 'busy' : 'none'

  let phase: MovePhase = 'planned'
  let rounds = 0
  let waits = 0
  for (;;) {
    await onStep(phase)
    const next = await attempt(db, run, at, owner, (tx, database) =>
      takeStep(tx, database, at, { owner, batchSize, isLastRound: rounds >= mostRounds }),
    )
    if (next === 'lost') return 'busy'
    if (next === 'moved') await vacuum(db, at).catch(() => undefined)
    if (next === 'moved' || next === 'cancelled') return next
    if (next === 'locked') {
      // Others had to wait behind it, so they get their turn first.
      waits += 1
      await new Promise((resolve) => setTimeout(resolve, Math.min(5_000, lockPatience * waits) * (0.5 + Math.random())))
      continue
    }
    waits = 0
    rounds = phase === 'catching' && next === 'catching' ? rounds + 1 : 0
    phase = next
  }
}

type Run = <T>(work: (tx: Transaction, database: DatabaseRow) => Promise<T>) => Promise<T>

/** `locked` when somebody holds what the step needs. A failure is noted in the move, and thrown. */
async function attempt(
  db: StudioDatabase,
  run: Run,
  { accountId, databaseId, tableId }: TableAddress,
  owner: string,
  step: (tx: Transaction, database: DatabaseRow) => Promise<MoveStep>,
): Promise<MoveStep | 'locked'> {
  try {
    return await run(step)
  } catch (error) {
    const isWait = sqlState(error) === lockNotAvailable
    const isStopped = error instanceof AppError && error.code === 'CANCELLED'
    const problem = error instanceof Error ? error.message : String(error)
    await db
      .withDatabase(accountId, databaseId, (tx, { project_id }) => {
        if (isWait) return tx.execute(holdMoveSql(project_id, tableId, owner))
        if (isStopped) return tx.execute(releaseMoveSql(project_id, tableId, owner))
        return tx.execute(failMoveSql(project_id, tableId, owner, problem))
      })
      // Where that cannot be told either, the move is found by its age.
      .catch(() => undefined)
    if (isWait) return 'locked'
    throw error
  }
}

/** lock_timeout */
const lockNotAvailable = '55P03'

/** Index-only scans and counts need to know which pages all can see; by itself Postgres would come to it in a minute. */
async function vacuum(db: StudioDatabase, { accountId, databaseId, tableId }: TableAddress): Promise<void> {
  const relation = await db.withDatabase(accountId, databaseId, async (tx, database) => {
    const table = await findTable(tx, database, tableId)
    return table?.storage.tier === 'dedicated' ? table.storage.relation : null
  })
  if (relation !== null) await db.runAlone(relation, vacuumSql(relation))
}

async function isPlanned(db: StudioDatabase, { accountId, databaseId, tableId }: TableAddress): Promise<boolean> {
  return db.withDatabase(accountId, databaseId, async (tx, { project_id }) => {
    return (await tx.query(selectMoveSql(project_id, tableId))).length > 0
  })
}

/** Moves the table now, and answers when it is there; see `runMove`. */
async function moveNow(db: StudioDatabase, at: TableAddress, target: Tier, options: MoveOptions): Promise<MoveOutcome> {
  await db.withDatabase(at.accountId, at.databaseId, (tx, { project_id }) =>
    tx.execute(planMoveSql(project_id, at.tableId, target)),
  )
  return runMove(db, at, options)
}

/**
 * Moves a table to the dedicated tier now, and answers 'moved' when it and what is left behind are done. For tests and
 * benchmarks that need a table there: `await promoteNow(db, { accountId, databaseId, tableId })`. In the studio the
 * worker does it (`storage-worker.ts`).
 */
export function promoteNow(db: StudioDatabase, at: TableAddress, options: MoveOptions = {}): Promise<MoveOutcome> {
  return moveNow(db, at, 'dedicated', options)
}

/** Moves a table back to the shared tier now; see `promoteNow`. */
export function demoteNow(db: StudioDatabase, at: TableAddress, options: MoveOptions = {}): Promise<MoveOutcome> {
  return moveNow(db, at, 'shared', options)
}
