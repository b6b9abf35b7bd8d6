import type { Filter } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { DatabaseRow, StudioDatabase, Transaction, TransactionOptions } from '../../db/database'
import { isTimeout } from '../../db/pg-error'
import { openSchema } from '../tables/open-schema.service'
import { estimateRows, tableNamed } from '../tables/tables.service'
import type { TableAt } from './page.sql'
import type { RecordQuery } from './record-query'
import { countMatchesSql, selectMatchesSql } from './records.sql'

export interface RecordCount {
  readonly count?: number
  readonly countEstimated?: boolean
}

/** "estimated" counts up to here, and asks the planner beyond. */
const exactCountLimit = 50_000
/** Milliseconds that a page waits for its count: 20 million records are counted in that time. */
const longestCount = 2000

export async function countMatching(
  tx: Transaction,
  at: TableAt,
  filter: Filter,
  mode: RecordQuery['count'],
): Promise<RecordCount> {
  if (mode === 'none') return {}
  const limit = mode === 'exact' ? null : exactCountLimit + 1
  const [row] = await tx.query<{ count: number }>(countMatchesSql(at, filter, limit))
  const count = row?.count ?? 0
  if (mode === 'exact' || count <= exactCountLimit) return { count }
  return { count: Math.max(count, await estimateRows(tx, selectMatchesSql(at, filter))), countEstimated: true }
}

/** In a transaction of its own beside that of the page: the rows wait for it no longer than `longestCount`. */
export async function countBeside(
  db: StudioDatabase,
  accountId: string,
  databaseId: string,
  query: Pick<RecordQuery, 'tableName' | 'filters' | 'count'>,
  options: TransactionOptions,
): Promise<RecordCount> {
  if (query.count === 'none') return {}
  const inside = <T>(work: (tx: Transaction, at: TableAt) => Promise<T>, more: TransactionOptions = {}) =>
    db.withDatabase(
      accountId,
      databaseId,
      async (tx, database) => work(tx, await tableOf(tx, database, query.tableName)),
      {
        ...options,
        ...more,
      },
    )
  const filter = normaliseFilter(query.filters)
  try {
    return await inside((tx, at) => countMatching(tx, at, filter, query.count), { statementTimeout: longestCount })
  } catch (error) {
    if (!isTimeout(error)) throw error
    const count = await inside((tx, at) => estimateRows(tx, selectMatchesSql(at, filter)))
    return { count, countEstimated: true }
  }
}

/** The count by itself: exact as long as a statement may take, and then TIMEOUT. */
export async function countRecords(
  db: StudioDatabase,
  accountId: string,
  query: {
    readonly databaseId: string
    readonly tableName: string
    readonly filters?: RecordQuery['filters']
    readonly mode: 'estimated' | 'exact'
  },
  options: TransactionOptions,
): Promise<RecordCount & { readonly count: number }> {
  const { databaseId, tableName, filters, mode } = query
  const counted =
    mode === 'estimated'
      ? await countBeside(db, accountId, databaseId, { tableName, filters, count: mode }, options)
      : await db.withDatabase(
          accountId,
          databaseId,
          async (tx, database) =>
            countMatching(tx, await tableOf(tx, database, tableName), normaliseFilter(filters), mode),
          options,
        )
  return { ...counted, count: counted.count ?? 0 }
}

async function tableOf(tx: Transaction, database: DatabaseRow, tableName: string): Promise<TableAt> {
  const { tables } = await openSchema(tx, database)
  return { projectId: database.project_id, table: tableNamed(tables, tableName) }
}
