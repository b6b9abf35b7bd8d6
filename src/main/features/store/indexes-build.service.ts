import type { StudioDatabase, Transaction } from '../../db/database'
import { sqlState } from '../../db/pg-error'
import type { StoredTable } from '../tables/stored-table'
import { columnsOf, findTable } from './indexes.service'
import {
  type AskedIndex,
  type Building,
  createAskedIndexSql,
  deleteAskedSql,
  dropAskedIndexSql,
  hasRecordsSql,
  type PhysicalIndexRow,
  prefixIndexName,
  selectAskedSql,
  selectPhysicalIndexesSql,
  sortsLanguageSql,
} from './indexes.sql'
import { tellChangeSql } from './storage.sql'
import type { TableAddress } from './storage-move'
import { releaseSavepointSql, rollbackToSavepointSql, savepointSql, setLockTimeoutSql } from './storage-move.sql'

/** Up to here an index is built in about 0.1 s, which writers may wait; of more records beside them. */
const mostAtOnce = 50_000

/**
 * Builds the indexes that were asked for on a relation that nobody else knows yet. One that cannot be is given up: a
 * value may be too long for any index.
 */
export async function buildAskedIndexes(tx: Transaction, projectId: string, table: StoredTable): Promise<void> {
  if (table.storage.tier === 'shared') return
  const { relation } = table.storage
  const server = await serverOf(tx)
  for (const { name, members } of await tx.query<AskedIndex>(selectAskedSql(projectId, table.id))) {
    const columns = columnsOf(table, members)
    if (!columns) {
      await tx.execute(deleteAskedSql(projectId, table.id, name))
      continue
    }
    await tx.execute(savepointSql)
    try {
      for (const create of createAskedIndexSql(table, { relation, name, columns }, 'at once', server))
        await tx.execute(create)
      await tx.execute(releaseSavepointSql)
    } catch (error) {
      if (!isTooLong(error)) throw error
      await tx.execute(rollbackToSavepointSql)
      await tx.execute(deleteAskedSql(projectId, table.id, name))
    }
  }
}

/**
 * Builds what was asked for and is not there on a table of the dedicated tier, beside its writers, and what a crash left
 * half-built again. Safe to be broken off, and to be done by two at once.
 */
export async function buildMissingIndexes(db: StudioDatabase, at: TableAddress): Promise<void> {
  const missing = await db.withDatabase(
    at.accountId,
    at.databaseId,
    async (tx, database) => {
      const table = await findTable(tx, database, at.tableId)
      if (table?.storage.tier !== 'dedicated') return null
      const { relation } = table.storage
      const asked = await tx.query<AskedIndex>(selectAskedSql(database.project_id, table.id))
      const there = await tx.query<PhysicalIndexRow>(selectPhysicalIndexesSql(relation))
      const [size] = await tx.query<{ enough: boolean }>(hasRecordsSql(relation, mostAtOnce))
      const indexes = asked.filter(({ name }) => !there.some((row) => row.name === name && row.valid))
      const broken = new Set(there.filter(({ valid }) => !valid).map(({ name }) => name))
      const server = await serverOf(tx)
      return {
        projectId: database.project_id,
        table,
        relation,
        indexes,
        broken,
        server,
        isLarge: size?.enough === true,
      }
    },
    { role: 'store', readOnly: true },
  )
  if (!missing || missing.indexes.length === 0) return
  const { projectId, table, relation, server, isLarge } = missing
  const run = (work: (tx: Transaction) => Promise<unknown>) =>
    db.withDatabase(at.accountId, at.databaseId, work, { role: 'store', statementTimeout: 600_000 })
  for (const { name, members } of missing.indexes) {
    const columns = columnsOf(table, members)
    const forget = () => run((tx) => tx.execute(deleteAskedSql(projectId, table.id, name)))
    if (!columns) {
      await forget()
      continue
    }
    const isBroken = missing.broken.has(name) || missing.broken.has(prefixIndexName(name))
    const how: Building = isLarge ? 'concurrently' : 'at once'
    const drops = dropAskedIndexSql(name, how)
    const statements = [
      ...(isBroken ? drops : []),
      ...createAskedIndexSql(table, { relation, name, columns }, how, server),
    ]
    try {
      if (!isLarge)
        await run(async (tx) => {
          await tx.query(setLockTimeoutSql(2_000))
          for (const statement of statements) await tx.execute(statement)
        })
      // Where somebody else is at work on it, they go on with it.
      else for (const statement of statements) if (!(await db.runAlone(name, statement))) break
    } catch (error) {
      if (!isTooLong(error)) throw error
      if (isLarge) for (const drop of drops) await db.runAlone(name, drop)
      await forget()
    }
  }
  await run((tx) => tx.query(tellChangeSql(projectId, table.id)))
}

async function serverOf(tx: Transaction): Promise<{ readonly sortsLanguage: boolean }> {
  const [server] = await tx.query<{ sortsLanguage: boolean }>(sortsLanguageSql)
  return server ?? { sortsLanguage: true }
}

/** program_limit_exceeded: a key of a btree holds about 2,700 bytes. */
function isTooLong(error: unknown): boolean {
  return sqlState(error) === '54000'
}
