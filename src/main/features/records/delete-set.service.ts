import type { JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import { type SqlQuery, sql } from '../../db/sql'
import { recordId } from '../tables/column.sql'
import { type Referrer, referrersOf, type StoredTable } from '../tables/stored-table'
import { type Noted, operationValues } from './change-log.sql'
import { type PlannedColumn, planOf } from './record-plan'
import { checkUpdated, updateSet } from './record-sets.service'
import { type Document, touch } from './record-values'
import { countPointingSql, lockPointingSql, pointsTo } from './reference.sql'
import { keepsFromDelete } from './rule-error'
import { bound, slot, statementAmong } from './statement'
import { deleteStatement } from './write.sql'
import type { WriteScope } from './write-scope'

/** Records that went from one table, and the values of them that others may point to, by column. */
export interface Gone {
  readonly table: StoredTable
  readonly count: number
  readonly values: ReadonlyMap<string, readonly JsonValue[]>
}

/**
 * Deletes these records, and nothing else: what points to them is the caller's. `noted.sentence` is SQL over `n`, the
 * number of records that went.
 */
export async function deleteSet(
  tx: Transaction,
  scope: WriteScope,
  ids: readonly string[],
  noted?: Pick<Noted, 'action'> & { readonly sentence: SqlQuery },
): Promise<Gone> {
  return deleteWhere(
    tx,
    scope,
    scope.table,
    sql`${recordId(scope.table, 'd')} = any(${slot('ids')}::uuid[])`,
    noted,
    ids,
  )
}

/** With `ids`, `where` is about the slot of that name, and the statement is kept. */
export async function deleteWhere(
  tx: Transaction,
  { projectId, all, operation }: WriteScope,
  table: StoredTable,
  where: SqlQuery,
  noted?: Pick<Noted, 'action'> & { readonly sentence: SqlQuery },
  ids?: readonly string[],
): Promise<Gone> {
  const targets = targetColumns(all, table)
  const make = () => deleteStatement(projectId, table, where, targets, noted?.sentence ?? sql`null::text`)
  const statement = ids ? statementAmong(all, table, `delete ${noted?.action ?? ''}`, make) : make()
  const [row] = await tx.query<{ count: number; [key: string]: unknown }>(
    bound(statement, { ...operationValues(operation), action: noted?.action ?? null, ids }),
  )
  const values = targets.map(({ name }, at) => [name, (row?.[`t${at}`] ?? []) as readonly JsonValue[]] as const)
  return { table, count: row?.count ?? 0, values: new Map(values) }
}

/**
 * After records went: what cascades from them, through any number of tables, then the references that become empty, then
 * those that forbid it: records that stay and point to one that went. Answers how many records went along.
 */
export async function letGo(tx: Transaction, scope: WriteScope, first: Gone): Promise<number> {
  const { projectId, all } = scope
  const gone: Gone[] = [first]
  let along = 0
  for (const one of gone)
    for (const { referrer, values } of pointing(all, one)) {
      if (referrer.onDelete !== 'cascade') continue
      const next = await deleteWhere(tx, scope, referrer.table, pointsTo(one.table, referrer, values))
      along += next.count
      if (next.count > 0) gone.push(next)
    }
  for (const one of gone)
    for (const { referrer, values } of pointing(all, one)) {
      if (referrer.onDelete !== 'set_null') continue
      const rows = await tx.query<{ id: string }>(lockPointingSql(projectId, one.table, referrer, values))
      if (rows.length > 0)
        await clear(
          tx,
          scope,
          referrer,
          rows.map(({ id }) => id),
        )
    }
  for (const one of gone) await refuseWhilePointedTo(tx, scope, one)
  return along
}

/** CONSTRAINT when records that stay point to what went, by a reference that forbids it. */
async function refuseWhilePointedTo(tx: Transaction, { projectId, all }: WriteScope, gone: Gone): Promise<void> {
  for (const { referrer, values } of pointing(all, gone)) {
    if (referrer.onDelete !== 'restrict') continue
    const [staying] = await tx.query<{ count: number; value: JsonValue }>(
      countPointingSql(projectId, gone.table, referrer, values),
    )
    if (staying && staying.count > 0) throw keepsFromDelete(gone.table, referrer, staying)
  }
}

/** A write of its own: what the reference pointed to is gone. */
async function clear(tx: Transaction, scope: WriteScope, referrer: Referrer, ids: readonly string[]): Promise<void> {
  const { table } = referrer
  const column = planOf(table).byName.get(referrer.column.name)
  if (!column) return
  const data: Document = { [column.key]: null }
  touch(table, data, scope.now)
  const columns = planOf(table).stored.filter(({ key }) => Object.hasOwn(data, key))
  const changes = ids.map((id) => ({ id, data }))
  const at = { ...scope, table }
  await checkUpdated(tx, at, columns, changes, await updateSet(tx, at, columns, changes))
}

function pointing(
  all: readonly StoredTable[],
  { table, values }: Gone,
): readonly { readonly referrer: Referrer; readonly values: readonly JsonValue[] }[] {
  return referrersOf(all, table.schema.name)
    .map((referrer) => ({ referrer, values: values.get(referrer.target) ?? [] }))
    .filter((one) => one.values.length > 0)
}

function targetColumns(all: readonly StoredTable[], table: StoredTable): readonly PlannedColumn[] {
  const names = new Set(referrersOf(all, table.schema.name).map(({ target }) => target))
  return planOf(table).columns.filter(({ name }) => names.has(name))
}
