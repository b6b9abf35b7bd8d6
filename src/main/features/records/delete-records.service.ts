import { AppError } from '@shared/app-error'
import type { Filter } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { JsonObject } from '@shared/json'
import type { Transaction } from '../../db/database'
import { type Referrer, referrersOf, type StoredTable } from '../tables/stored-table'
import type { Writer } from '../tables/tables.service'
import { lockForDelete } from './record-rules.service'
import { toData, touch } from './record-values'
import { noRecord } from './records.service'
import { clearColumnSql, deleteMatchesSql, deleteRecordsSql, selectMatchesSql, selectReferringSql } from './records.sql'
import { openTable, recordWrite, type WriteScope } from './write-records.service'

export async function deleteRecord(tx: Transaction, writer: Writer, tableName: string, id: string): Promise<void> {
  const scope = await openTable(tx, writer, tableName)
  const deleted = await deleteMatching(tx, scope, { column: '_id', op: 'eq', value: id })
  if (deleted.own === 0) throw noRecord(scope.table, id)
  await recordWrite(tx, writer, scope.table, 'records.delete', sentence(tableName, deleted))
}

/** Deletes what the filter matches. CONFLICT, and nothing happens, when that is not `expected` records. */
export async function deleteRecords(
  tx: Transaction,
  writer: Writer,
  input: {
    readonly tableName: string
    readonly filters: Filter | JsonObject
    readonly expected?: number | undefined
  },
): Promise<number> {
  const scope = await openTable(tx, writer, input.tableName)
  const deleted = await deleteMatching(tx, scope, normaliseFilter(input.filters))
  const { expected } = input
  if (expected !== undefined && deleted.own !== expected)
    throw new AppError(
      'CONFLICT',
      `The filter matches ${deleted.own.toLocaleString('en')} records now and not ${expected.toLocaleString('en')}, so nothing was deleted. Look again.`,
      { details: { expected, matched: deleted.own } },
    )
  if (deleted.own > 0) await recordWrite(tx, writer, scope.table, 'records.delete', sentence(input.tableName, deleted))
  return deleted.own
}

interface Deleted {
  readonly own: number
  /** Records of any table that went with them. */
  readonly along: number
}

async function deleteMatching(tx: Transaction, scope: WriteScope, filter: Filter): Promise<Deleted> {
  if (referrersOf(scope.all, scope.table.schema.name).length === 0)
    return { own: await tx.execute(deleteMatchesSql(scope, filter)), along: 0 }
  await lockForDelete(tx, scope, scope.table)
  const rows = await tx.query<{ id: string }>(selectMatchesSql(scope, filter))
  const roots = rows.map(({ id }) => id)
  const doomed = await reach(tx, scope, roots)
  await clearReferences(tx, scope, doomed)
  let total = 0
  for (const [table, ids] of doomed)
    total += await tx.execute(deleteRecordsSql({ projectId: scope.projectId, table }, [...ids]))
  return { own: roots.length, along: total - roots.length }
}

type Doomed = ReadonlyMap<StoredTable, ReadonlySet<string>>

/** All records that go: these, and what cascades from them, through any number of tables. */
async function reach(tx: Transaction, scope: WriteScope, roots: readonly string[]): Promise<Doomed> {
  const doomed = new Map<StoredTable, Set<string>>([[scope.table, new Set(roots)]])
  let wave: readonly (readonly [StoredTable, readonly string[]])[] = [[scope.table, roots]]
  while (wave.length > 0) {
    const next: (readonly [StoredTable, readonly string[]])[] = []
    for (const [table, ids] of wave)
      for (const referrer of referrersOf(scope.all, table.schema.name)) {
        if (referrer.onDelete !== 'cascade' || ids.length === 0) continue
        const known = doomed.get(referrer.table) ?? new Set<string>()
        const fresh = (await referring(tx, scope, referrer, table, ids)).filter((id) => !known.has(id))
        for (const id of fresh) known.add(id)
        doomed.set(referrer.table, known)
        if (fresh.length > 0) next.push([referrer.table, fresh])
      }
    wave = next
  }
  return doomed
}

/** Records that stay and point to one that goes: they forbid it, or lose the reference. */
async function clearReferences(tx: Transaction, scope: WriteScope, doomed: Doomed): Promise<void> {
  for (const [table, ids] of doomed)
    for (const referrer of referrersOf(scope.all, table.schema.name)) {
      if (referrer.onDelete === 'cascade' || ids.size === 0) continue
      const going = doomed.get(referrer.table)
      const staying = (await referring(tx, scope, referrer, table, [...ids])).filter((id) => !going?.has(id))
      if (staying.length === 0) continue
      if (referrer.onDelete === 'restrict') throw stillReferenced(table, referrer, staying.length)
      const touched = toData(referrer.table, touch(referrer.table, new Map(), scope.now))
      const at = { projectId: scope.projectId, table: referrer.table }
      await tx.execute(clearColumnSql(at, referrer.column, staying, touched))
    }
}

async function referring(
  tx: Transaction,
  { projectId }: WriteScope,
  { table, column, target }: Referrer,
  to: StoredTable,
  ids: readonly string[],
): Promise<readonly string[]> {
  const key = to.schema.columns.find(({ name }) => name === target)
  if (!key) return []
  const rows = await tx.query<{ id: string }>(
    selectReferringSql(projectId, { table, column }, { table: to, column: key, ids }),
  )
  return rows.map(({ id }) => id)
}

function stillReferenced(table: StoredTable, { table: other, column }: Referrer, count: number): AppError {
  const who = count === 1 ? '1 record points' : `${count.toLocaleString('en')} records point`
  return new AppError(
    'CONSTRAINT',
    `In table "${other.schema.name}" ${who} to this by "${column.name}", so it cannot be deleted from "${table.schema.name}". Change or delete that first.`,
    { details: { table: other.schema.name, column: column.name, constraint: 'reference' } },
  )
}

function sentence(tableName: string, { own, along }: Deleted): string {
  const records = `${own.toLocaleString('en')} ${own === 1 ? 'record' : 'records'}`
  const more =
    along === 0 ? '' : `, and ${along.toLocaleString('en')} that ${along === 1 ? 'depends' : 'depend'} on them`
  return `Deleted ${records} of ${tableName}${more}.`
}
