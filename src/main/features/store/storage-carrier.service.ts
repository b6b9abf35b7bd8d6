import type { DatabaseRow, Transaction } from '../../db/database'
import { keyRulesOf } from '../tables/key-rule'
import { insertKeysSql } from '../tables/keys.sql'
import { createIndexSql, createPhysicalTableSql, physicalIndexesOf } from '../tables/physical-table.sql'
import type { Storage, StoredTable } from '../tables/stored-table'
import {
  countDedicatedSql,
  type Demotion,
  demoteBatchSql,
  demoteChangedSql,
  demotedDifferencesSql,
} from './demotion.sql'
import { buildAskedIndexes } from './indexes-build.service'
import {
  analyzeSql,
  countSharedSql,
  type Promotion,
  promoteBatchSql,
  promoteChangedSql,
  promotedDifferencesSql,
} from './promotion.sql'
import type { Move } from './storage-move'
import { distributeSql, isDistributedSql } from './storage-move.sql'

/** What copies a table's records to the other tier. Each call is part of a step's transaction, of role `store`. */
export interface Carrier {
  /** Where the table is after the swap. */
  readonly target: Storage
  count(): Promise<number>
  /** Makes the empty place for the copy; answers whether it is distributed. */
  create(relation: string): Promise<boolean>
  /** The next records after this id; `last` is null when there were none. */
  copyBatch(after: string | null, size: number): Promise<{ readonly count: number; readonly last: string | null }>
  /** Copies again what was written since; answers how many records that were. */
  copyChanged(since: string): Promise<number>
  /** Once all records are there as they were at one moment: what keeps the rules, and what makes it fast. */
  buildIndexes(): Promise<void>
  /** Records that differ in the two places, but for those written since. */
  countDifferences(since: string): Promise<number>
}

export function carrierOf(tx: Transaction, database: DatabaseRow, table: StoredTable, move: Move): Carrier {
  const projectId = database.project_id
  const relation = move.relation ?? ''
  if (move.target === 'shared') return demotion(tx, { projectId, table, relation }, move)
  const storage: Storage = { tier: 'dedicated', relation, ...(move.distributed && { distributed: true }) }
  return promotion(tx, { projectId, table, moved: { ...table, storage }, relation })
}

interface Batch {
  readonly count: number
  readonly last: string | null
}

function promotion(tx: Transaction, at: Promotion): Carrier {
  const { projectId, table, moved, relation } = at
  return {
    target: moved.storage,
    count: () => countOf(tx, countSharedSql(at)),
    async create(name) {
      const [server] = await tx.query<{ distributed: boolean }>(isDistributedSql)
      const distributed = server?.distributed === true
      for (const statement of createPhysicalTableSql(projectId, table, name, { distributed }))
        await tx.execute(statement)
      if (distributed) await tx.query(distributeSql(name))
      return distributed
    },
    copyBatch: (after, size) => batchOf(tx, promoteBatchSql(at, after, size)),
    copyChanged: (since) => countOf(tx, promoteChangedSql(at, since)),
    async buildIndexes() {
      const { distributed } = moved.storage.tier === 'dedicated' ? moved.storage : {}
      for (const index of physicalIndexesOf(moved, relation))
        await tx.execute(createIndexSql(relation, index, { distributed }))
      await buildAskedIndexes(tx, projectId, moved)
      await tx.execute(analyzeSql(relation))
    },
    countDifferences: (since) => countOf(tx, promotedDifferencesSql(at, since)),
  }
}

function demotion(tx: Transaction, at: Demotion, move: Move): Carrier {
  const { projectId, table, relation } = at
  const target: Storage = { tier: 'shared' }
  const moved = { ...table, storage: target }
  return {
    target,
    count: () => countOf(tx, countDedicatedSql(table.storage.tier === 'dedicated' ? table.storage.relation : relation)),
    create: async () => false,
    copyBatch: (after, size) => batchOf(tx, demoteBatchSql(at, after, size)),
    async copyChanged(since) {
      const changed = await tx.query<{ id: string }>(demoteChangedSql(at, since))
      const ids = changed.map(({ id }) => id)
      // Before that there are no keys yet; `buildIndexes` makes those of all records.
      if (move.phase !== 'indexing' && ids.length > 0)
        for (const rule of keyRulesOf(moved)) await tx.execute(insertKeysSql(projectId, moved, rule, ids))
      return ids.length
    },
    async buildIndexes() {
      for (const rule of keyRulesOf(moved)) await tx.execute(insertKeysSql(projectId, moved, rule))
    },
    countDifferences: (since) => countOf(tx, demotedDifferencesSql(at, since)),
  }
}

async function countOf(tx: Transaction, query: Parameters<Transaction['query']>[0]): Promise<number> {
  const [row] = await tx.query<{ count: number }>(query)
  return row?.count ?? 0
}

async function batchOf(tx: Transaction, query: Parameters<Transaction['query']>[0]): Promise<Batch> {
  const [row] = await tx.query<Batch>(query)
  return row ?? { count: 0, last: null }
}
