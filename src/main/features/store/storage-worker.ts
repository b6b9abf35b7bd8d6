import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { StudioDatabase } from '../../db/database'
import { dropPhysicalTableSql } from '../tables/physical-table.sql'
import { isEmptySql } from './demotion.sql'
import { findTable } from './indexes.service'
import { buildMissingIndexes } from './indexes-build.service'
import { flushQueries, forgetQueries } from './observed-queries'
import { mostShared, type TableAddress, type Tier } from './storage-move'
import { runMove } from './storage-move.service'
import {
  lostRelationsSql,
  misplacedTablesSql,
  missingIndexesSql,
  openMovesSql,
  planMoveSql,
  setLockTimeoutSql,
} from './storage-move.sql'

/** Moves tables between the tiers and builds the indexes that were asked for, in the background. */
export interface StorageWorker {
  /** Begins to look around by itself. */
  start(): void
  /** The database with notes of who writes where, so that only those databases are looked at. */
  watched(db: StudioDatabase): StudioDatabase
  /** Something was planned for this table. Resolves when it was worked on, whatever came of it. */
  work(at: TableAddress): Promise<void>
  /** One look, and the work it finds. */
  look(): Promise<void>
  /** Drops the relations of tables that are gone for good. */
  clean(): Promise<void>
  /** Breaks off what it does; another look, or another studio, goes on with it. */
  close(): Promise<void>
}

export interface StorageWorkerOptions {
  readonly db: () => Promise<StudioDatabase>
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Milliseconds between looks at what was written and what is planned, and at everything. */
const pulse = 15_000
const round = 600_000
/** Milliseconds that a table stays empty before it gives up its relation: it may be about to be filled again. */
const emptyFor = 600_000
/** Tables worked on at once. */
const mostAtOnce = 2

export function createStorageWorker({ db, logger, now = Date.now }: StorageWorkerOptions): StorageWorker {
  const owner = randomUUID()
  const stopping = new AbortController()
  const written = new Set<string>()
  const emptySince = new Map<string, number>()
  const underWay = new Map<string, { readonly done: Promise<void>; again: boolean }>()
  const waiting: (() => void)[] = []
  let busy = 0
  let lookedAtAll = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined

  function work(at: TableAddress): Promise<void> {
    const known = underWay.get(at.tableId)
    if (known) {
      // What is under way may have looked already, and not seen what was planned since.
      known.again = true
      return known.done
    }
    // It may begin before `inTurn` answers.
    const entry = { again: false, done: Promise.resolve() }
    underWay.set(at.tableId, entry)
    entry.done = inTurn(async () => {
      do {
        entry.again = false
        await workOn(at)
      } while (entry.again && !stopping.signal.aborted)
    }).finally(() => underWay.delete(at.tableId))
    return entry.done
  }

  async function inTurn(run: () => Promise<void>): Promise<void> {
    if (busy >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    busy += 1
    try {
      await run()
    } finally {
      busy -= 1
      waiting.shift()?.()
    }
  }

  async function workOn(at: TableAddress): Promise<void> {
    const { signal } = stopping
    if (signal.aborted) return
    try {
      const database = await db()
      for (let isDone = false; !isDone; ) {
        const outcome = await runMove(database, at, { owner, signal })
        isDone = outcome === 'none' || outcome === 'busy'
        if (outcome === 'moved') logger.info({ table: at.tableId }, 'a table has moved to the other tier')
        // It may have been wanted elsewhere meanwhile.
        if (!isDone) await planMisplaced(database, at.databaseId)
      }
      if (!signal.aborted) await buildMissingIndexes(database, at)
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error, table: at.tableId }, 'a table was not moved or indexed')
    }
  }

  async function plan(database: StudioDatabase, { accountId, databaseId, tableId }: TableAddress, target: Tier) {
    await database.withDatabase(accountId, databaseId, (tx, { project_id }) =>
      tx.execute(planMoveSql(project_id, tableId, target)),
    )
  }

  async function planMisplaced(database: StudioDatabase, databaseId: string | null): Promise<void> {
    const found = await database.withoutTenant((tx) =>
      tx.query<TableAddress & { move: Tier | 'look' }>(misplacedTablesSql(mostShared, databaseId)),
    )
    for (const { move, ...at } of found) {
      if (move !== 'look') await plan(database, at, move)
      else if (await isLongEmpty(database, at)) await plan(database, at, 'shared')
    }
  }

  async function isLongEmpty(database: StudioDatabase, at: TableAddress): Promise<boolean> {
    const isEmpty = await database.withDatabase(
      at.accountId,
      at.databaseId,
      async (tx, row) => {
        const table = await findTable(tx, row, at.tableId)
        if (table?.storage.tier !== 'dedicated') return false
        const [answer] = await tx.query<{ empty: boolean }>(isEmptySql(table.storage.relation))
        return answer?.empty === true
      },
      { role: 'store', readOnly: true },
    )
    const since = emptySince.get(at.tableId) ?? now()
    if (isEmpty) emptySince.set(at.tableId, since)
    else emptySince.delete(at.tableId)
    return isEmpty && now() - since >= emptyFor
  }

  async function lookAround(): Promise<void> {
    const database = await db()
    await flushQueries(database)
    if (now() - lookedAtAll >= round) {
      lookedAtAll = now()
      const started = performance.now()
      await planMisplaced(database, null)
      await forgetQueries(database)
      // However many tables there are, looking at all of them takes one part in fifty of the time.
      lookedAtAll += Math.max(0, (performance.now() - started) * 50 - round)
    } else {
      const databases = [...written]
      written.clear()
      for (const databaseId of databases) await planMisplaced(database, databaseId)
    }
    const open = await database.withoutTenant(async (tx) => [
      ...(await tx.query<TableAddress>(openMovesSql())),
      ...(await tx.query<TableAddress>(missingIndexesSql())),
    ])
    await Promise.all(open.map(work))
  }

  function look(): Promise<void> {
    looking ??= lookAround().finally(() => {
      looking = undefined
    })
    return looking
  }

  function schedule(): void {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) logger.warn({ err: error }, 'the storage of tables was not looked after')
        })
        .finally(() => {
          if (!stopping.signal.aborted) schedule()
        })
    }, pulse)
    timer.unref()
  }

  const watching = new WeakMap<StudioDatabase, StudioDatabase>()

  return {
    start: schedule,
    watched(database) {
      const known = watching.get(database)
      if (known) return known
      const watched: StudioDatabase = {
        ...database,
        withDatabase(accountId, databaseId, run, options) {
          if (options?.readOnly !== true && options?.role !== 'store') written.add(databaseId.toLowerCase())
          return database.withDatabase(accountId, databaseId, run, options)
        },
        oneTrip(trip) {
          if (!trip.readOnly) written.add(trip.databaseId.toLowerCase())
          return database.oneTrip(trip)
        },
      }
      watching.set(database, watched)
      return watched
    },
    work,
    look,
    async clean() {
      const database = await db()
      const lost = await database.withoutTenant((tx) => tx.query<{ relation: string }>(lostRelationsSql()), {
        role: 'store',
      })
      for (const { relation } of lost)
        await database.withoutTenant(
          async (tx) => {
            await tx.query(setLockTimeoutSql(2_000))
            for (const statement of dropPhysicalTableSql(relation)) await tx.execute(statement)
          },
          { role: 'store' },
        )
    },
    async close() {
      clearTimeout(timer)
      stopping.abort()
      for (const go of waiting.splice(0)) go()
      await Promise.allSettled([...[...underWay.values()].map(({ done }) => done), looking])
    },
  }
}
