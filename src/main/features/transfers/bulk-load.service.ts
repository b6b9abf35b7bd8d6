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
  sortInMemorySql,
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
 * With `later` it has no indexes, for it is no table's. References are looked at by `rejectDangling`, once the schema is held.
 */
export async function loadRelation(
  tx: Transaction,
  loading: Loading,
  rules: 'now' | 'later' = 'now',
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
  if (rules === 'now' && rejects.count < watch.enough) await buildKeys(tx, loading, moved, relation, lines)
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
  await tx.execute(sortInMemorySql)
  const indexes = physicalIndexesOf(table, relation)
  const [own, ...others] = uniquesOf(table)
  const builds = [
    { unique: own, build: addPrimaryKeySql(relation) },
    ...indexes
      .filter(({ unique }) => unique)
      .map((index, at) => ({ unique: others[at], build: createIndexSql(relation, index) })),
  ]
  for (const { unique, build } of builds) {
    await tx.execute(savepointSql)
    try {
      await tx.execute(build)
      await tx.execute(releaseSavepointSql)
    } catch (error) {
      if (violatedConstraint(error) === undefined || !unique) throw error
      await tx.execute(rollbackToSavepointSql)
      await rejectRepeats(tx, loading, relation, lines, unique)
      await tx.execute(build)
    }
  }
  for (const index of indexes) if (!index.unique) await tx.execute(createIndexSql(relation, index))
}

interface Unique {
  readonly keys: readonly string[]
  readonly names: readonly string[]
}

/** The record's own id first, then the rules in the order of their indexes. */
function uniquesOf(table: StoredTable): readonly Unique[] {
  const { id, rules } = planOf(table)
  return [
    { keys: ['_id'], names: [id?.name ?? '_id'] },
    ...rules.map(({ rule, columns }) => ({ keys: rule.split(','), names: columns.map(({ name }) => name) })),
  ]
}

/** Of rows with the same unique values all but the first. */
export async function rejectRepeated(
  tx: Transaction,
  loading: Loading,
  table: StoredTable,
  relation: string,
  lines: LineNumbers,
): Promise<void> {
  for (const unique of uniquesOf(table)) await rejectRepeats(tx, loading, relation, lines, unique)
}

async function rejectRepeats(
  tx: Transaction,
  loading: Loading,
  relation: string,
  lines: LineNumbers,
  { keys, names }: Unique,
): Promise<void> {
  const repeated = await tx.query<{ place: number }>(repeatedRowsSql(relation, keys))
  const shown = names.map((name) => `"${name}"`).join(' and ')
  const reason = `A record before it has the same ${shown}.`
  await rejectRows(tx, loading, relation, lines, repeated, names[0] ?? null, () => reason)
}

/**
 * Rejects rows that point to nothing, over and over while rows that others of the file point to go themselves. The schema
 * is held alone meanwhile: nobody deletes what they point to; or see `holdTargets`. `existing` is the table whose records
 * the rows join, so that they may point to those as well.
 */
export async function rejectDangling(
  tx: Transaction,
  loading: Loading,
  { storage: { relation } }: Loaded,
  lines: LineNumbers,
  all: readonly StoredTable[],
  existing: StoredTable | null = null,
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
    const other = isOwn ? existing : target
    const places = [...(isOwn ? [{ key: ownKey }] : []), ...(other ? [{ table: other, column }] : [])]
    return [{ planned, to, isOwn, places }]
  })
  for (let isSettled = false; !isSettled; ) {
    isSettled = true
    for (const { planned, to, isOwn, places } of references) {
      const found = await tx.query<{ place: number; value: string }>(
        danglingRowsSql(projectId, relation, planned.key, places),
      )
      if (found.length === 0) continue
      const values = new Map(found.map((row) => [row.place, row.value]))
      await rejectRows(
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

export async function rejectRows(
  tx: Transaction,
  { rejects }: Loading,
  relation: string,
  lines: LineNumbers,
  rows: readonly { readonly place: number }[],
  column: string | null,
  reason: (place: number) => string,
): Promise<void> {
  if (rows.length === 0) return
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
  count: number,
): Promise<void> {
  if (table.storage.tier !== 'dedicated') return
  const { relation } = table.storage
  await buildAskedIndexes(tx, projectId, table)
  await tx.execute(analyzeSql(relation))
  const [counted] = await tx.query<{ count: number }>(countRowsSql(relation))
  if (counted?.count !== count)
    throw new AppError('INTERNAL', `${count} rows were sent and ${counted?.count} are there`)
}
