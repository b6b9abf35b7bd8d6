import { randomBytes } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { Transaction } from '../../db/database'
import { violatedConstraint } from '../../db/pg-error'
import { planOf } from '../records/record-plan'
import { buildAskedIndexes } from '../store/indexes-build.service'
import { analyzeSql } from '../store/promotion.sql'
import { releaseSavepointSql, rollbackToSavepointSql, savepointSql } from '../store/storage-move.sql'
import { placeOf } from '../tables/layout'
import { createIndexSql, createPhysicalTableSql, physicalIndexesOf } from '../tables/physical-table.sql'
import type { Storage, StoredTable } from '../tables/stored-table'
import {
  addPrimaryKeySql,
  bindOwnerSql,
  copyRowsSql,
  countRowsSql,
  danglingRowsSql,
  deleteRowsSql,
  dropPrimaryKeySql,
  letOwnerInSql,
  repeatedRowsSql,
} from './bulk-load.sql'
import type { RowSource } from './formats/row'
import { copyLines, LineNumbers, type ReadingColumn, type Watch } from './read-rows'
import type { RejectLog } from './rejects'

/** A relation that was filled and that no table has yet. */
export interface Loaded {
  readonly storage: Storage & { readonly tier: 'dedicated' }
  readonly count: number
}

export interface Loading {
  readonly projectId: string
  /** The transaction's time. */
  readonly now: string
  /** As it is, or will be; only its columns and their places matter. */
  readonly table: StoredTable
  readonly source: RowSource
  readonly columns: readonly ReadingColumn[]
  readonly rejects: RejectLog
  readonly watch: Watch
  /** Told when reading is over and the rules are looked at. */
  readonly onChecking: () => void
}

/**
 * Fills a relation of its own by COPY, in a transaction of role `store`: nobody waits for it, and nobody sees it before a
 * table is given it. Unique values hold by the indexes; what stands in their way is rejected, the first of equals stays.
 * References are looked at by `rejectDangling`, once the schema is held.
 */
export async function loadRelation(
  tx: Transaction,
  loading: Loading,
): Promise<{ readonly loaded: Loaded; readonly lines: LineNumbers }> {
  const { projectId, table, source, columns, rejects, watch } = loading
  const relation = `t_${randomBytes(16).toString('hex')}`
  const storage = { tier: 'dedicated', relation } as const
  const moved: StoredTable = { ...table, storage }
  for (const statement of createPhysicalTableSql(projectId, moved, relation)) await tx.execute(statement)
  await tx.execute(letOwnerInSql(relation))
  await tx.execute(dropPrimaryKeySql(relation))
  const lines = new LineNumbers()
  const keys = planOf(moved).stored.map(({ key }) => key)
  const rows = copyLines(source, columns, rejects, loading.now, lines, watch)
  await tx.copyFrom(copyRowsSql(relation, keys), rows)
  loading.onChecking()
  if (rejects.count < watch.enough) await buildKeys(tx, loading, moved, relation, lines)
  await tx.execute(bindOwnerSql(relation))
  return { loaded: { storage, count: lines.count }, lines }
}

/** The indexes of unique values; where one cannot be built, the rows in its way go first. */
async function buildKeys(
  tx: Transaction,
  loading: Loading,
  table: StoredTable,
  relation: string,
  lines: LineNumbers,
): Promise<void> {
  const rules = physicalIndexesOf(table, relation)
  const unique = [
    { keys: ['_id'], names: [planOf(table).id?.name ?? '_id'], build: addPrimaryKeySql(relation) },
    ...rules
      .filter((index) => index.unique)
      .map((index) => ({
        keys: index.keys,
        names: index.columns.map(({ name }) => name),
        build: createIndexSql(relation, index),
      })),
  ]
  for (const { keys, names, build } of unique) {
    await tx.execute(savepointSql)
    try {
      await tx.execute(build)
      await tx.execute(releaseSavepointSql)
    } catch (error) {
      if (violatedConstraint(error) === undefined) throw error
      await tx.execute(rollbackToSavepointSql)
      const repeated = await tx.query<{ place: number }>(repeatedRowsSql(relation, keys))
      const shown = names.map((name) => `"${name}"`).join(' and ')
      await reject(
        tx,
        loading,
        relation,
        lines,
        repeated,
        names[0] ?? null,
        () => `A record before it has the same ${shown}.`,
      )
      await tx.execute(build)
    }
  }
  for (const index of rules) if (!index.unique) await tx.execute(createIndexSql(relation, index))
}

/**
 * Rejects rows that point to nothing, over and over while rows that others of the file point to go themselves. The schema
 * is held alone meanwhile: nobody deletes what they point to.
 */
export async function rejectDangling(
  tx: Transaction,
  loading: Loading,
  { storage: { relation } }: Loaded,
  lines: LineNumbers,
  all: readonly StoredTable[],
): Promise<number> {
  const { projectId, table } = loading
  const references = planOf(table).stored.flatMap((planned) => {
    const { references: to } = planned.column
    if (to === undefined) return []
    const isOwn = to.table === table.schema.name
    const target = isOwn ? table : all.find(({ schema }) => schema.name === to.table)
    const column = target?.schema.columns.find(({ name }) => name === to.column)
    if (!target || !column) return []
    const ownKey = column.name === planOf(table).id?.name ? '_id' : isOwn ? placeOf(table.layout, column.name).key : ''
    return [{ planned, to, isOwn, place: isOwn ? { key: ownKey } : { table: target, column } }]
  })
  for (let isSettled = false; !isSettled; ) {
    isSettled = true
    for (const { planned, to, isOwn, place } of references) {
      const found = await tx.query<{ place: number; value: string }>(
        danglingRowsSql(projectId, relation, planned.key, place),
      )
      if (found.length === 0) continue
      const values = new Map(found.map((row) => [row.place, row.value]))
      await reject(
        tx,
        loading,
        relation,
        lines,
        found,
        planned.name,
        (row) =>
          `It points to "${to.table}"."${to.column}", where there is no "${(values.get(row) ?? '').slice(0, 60)}".`,
      )
      if (references.some((one) => one.isOwn) && (isOwn || found.length > 0)) isSettled = false
    }
  }
  return lines.count
}

async function reject(
  tx: Transaction,
  { rejects }: Loading,
  relation: string,
  lines: LineNumbers,
  rows: readonly { readonly place: number }[],
  column: string | null,
  reason: (place: number) => string,
): Promise<void> {
  const places = rows.map(({ place }) => place)
  for (const place of places) await rejects.add({ line: lines.at(place), column, reason: reason(place) })
  await tx.execute(deleteRowsSql(relation, places))
  lines.remove(places)
}

/** What is left to do before a table is given the relation. INTERNAL when Postgres counts other rows than were sent. */
export async function finishRelation(
  tx: Transaction,
  projectId: string,
  table: StoredTable,
  lines: LineNumbers,
): Promise<void> {
  if (table.storage.tier !== 'dedicated') return
  const { relation } = table.storage
  await buildAskedIndexes(tx, projectId, table)
  await tx.execute(analyzeSql(relation))
  const [counted] = await tx.query<{ count: number }>(countRowsSql(relation))
  if (counted?.count !== lines.count)
    throw new AppError('INTERNAL', `${lines.count} rows were sent and ${counted?.count} are there`)
}
