import { AppError } from '@shared/app-error'
import { nowAs } from '@shared/domain/column-default'
import type { JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import type { SqlQuery } from '../../db/sql'
import { actorOf } from '../audit/activity'
import { planOf } from '../records/record-plan'
import { checkAllReferrers, checkReferrers } from '../records/references.service'
import { asRuleError, notUnique, pointsNowhere } from '../records/rule-error'
import { referrersOf, type StoredTable } from '../tables/stored-table'
import type { Writer } from '../tables/tables.service'
import { isEditedSinceSql } from './changes.sql'
import { convertValues } from './convert-values.service'
import {
  type LoggedWrite,
  takeBackDeletesSql,
  takeBackInsertsSql,
  takeBackKeysSql,
  takeBackUpdatesSql,
} from './take-back.sql'
import {
  countPlanSql,
  joinByHashSql,
  lockChangedSql,
  type PlanCounts,
  type TakeBack,
  type Which,
} from './take-back-plan.sql'
import {
  dropOldKeysSql,
  type GoneRow,
  goneTargetsSql,
  lockTargetsSql,
  lostTargetSql,
  makeKeysSql,
  type Reference,
  takenValuesSql,
  type Written,
} from './take-back-rules.sql'

export interface TakingBack {
  readonly writer: Writer
  readonly operation: string
  /** The transaction's time. */
  readonly now: string
  /** All tables of the database. */
  readonly all: readonly StoredTable[]
}

export interface Taken {
  readonly written: number
  /** Records that others have changed since in what was to be taken back; they are left as they are. */
  readonly clashes: number
  readonly clashing: readonly { readonly id: string; readonly table: string }[]
}

interface Part {
  readonly which: Which
  readonly mode: TakeBack['mode']
  /** With the oldest of the changes. */
  readonly tables: readonly { readonly table: StoredTable; readonly first: string }[]
  /** Whether to go on when records clash. */
  readonly force: boolean
}

/**
 * Writes records as they were before the changes, whatever their number, by a few statements for each table: what the
 * changes made goes first, so that its unique values are free, then what they wrote, then what they deleted. Rules are
 * looked at when all is written. Nothing is written, and `written` is 0, when records clash and it is not forced.
 */
export async function takeBack(tx: Transaction, scope: TakingBack, part: Part): Promise<Taken> {
  const writes: { readonly write: LoggedWrite; readonly counts: PlanCounts }[] = []
  for (const { table, first } of part.tables) {
    const at = await prepare(tx, scope, part, table, first)
    await tx.execute(lockChangedSql(at))
    const [counts] = await tx.query<PlanCounts>(countPlanSql(at))
    if (counts) writes.push({ write: logged(scope, at), counts })
  }
  const clashes = writes.reduce((sum, { counts }) => sum + counts.clashes, 0)
  const clashing = writes.flatMap(({ write, counts }) =>
    (counts.clashing ?? []).map((id) => ({ id, table: write.table.schema.name })),
  )
  if (clashes > 0 && !part.force) return { written: 0, clashes, clashing }
  const isMany = writes.some(({ counts }) => counts.inserts + counts.updates + counts.deletes > manyRecords)
  if (isMany) await tx.execute(joinByHashSql())
  let written = 0
  for (const [kind, make] of steps)
    for (const { write, counts } of writes)
      if (counts[kind] > 0)
        written += await tx.execute(make(write, counts)).catch((error: unknown) => {
          throw asRuleError(error, write.table)
        })
  // The keys of all tables before the references of any: those are what references are found by.
  for (const { write, counts } of writes)
    if (write.table.storage.tier === 'shared' && counts.inserts + counts.rekeyed > 0) await keepUnique(tx, write)
  for (const { write, counts } of writes) await checkReferences(tx, scope, write, counts)
  return { written, clashes, clashing }
}

/**
 * From here on, tables are gone through once. The planner knows nothing of what this transaction has written, nor how
 * many records an operation has: it takes both for one record, and would compare each with each.
 */
const manyRecords = 1000

type MakeWrite = (write: LoggedWrite, counts: PlanCounts) => SqlQuery

const steps: readonly (readonly ['deletes' | 'updates' | 'inserts', MakeWrite])[] = [
  ['deletes', takeBackInsertsSql],
  ['updates', (write, { rekeyed }) => (rekeyed > 0 ? takeBackKeysSql(write) : takeBackUpdatesSql(write))],
  ['inserts', takeBackDeletesSql],
]

/** What would be done, without doing it. */
export async function countTakeBack(
  tx: Transaction,
  scope: Pick<TakingBack, 'writer'>,
  part: Pick<Part, 'which' | 'mode'>,
  { table, first }: Part['tables'][number],
): Promise<PlanCounts | undefined> {
  const at = await prepare(tx, scope, part, table, first)
  return (await tx.query<PlanCounts>(countPlanSql(at)))[0]
}

async function prepare(
  tx: Transaction,
  { writer }: Pick<TakingBack, 'writer'>,
  { which, mode }: Pick<Part, 'which' | 'mode'>,
  table: StoredTable,
  first: string,
): Promise<TakeBack> {
  const projectId = writer.database.project_id
  const at: TakeBack = { projectId, table, which, mode, converted: [] }
  const [schema] = await tx.query<{ edited: boolean }>(isEditedSinceSql(projectId, table.id, first))
  // Values that were written under the schema of today are as it wants them.
  return schema?.edited === true ? { ...at, converted: await convertValues(tx, at) } : at
}

function logged({ writer, operation, now }: TakingBack, at: TakeBack): LoggedWrite {
  const actor = actorOf(writer.principal)
  const touched = planOf(at.table)
    .stored.filter(({ isTouched }) => isTouched)
    .map(({ key, type }) => [key, nowAs(type, now)] as const)
  return {
    ...at,
    operation,
    actorId: actor.id,
    actor: actor.name,
    touched: Object.fromEntries(touched),
  }
}

/** Of the records just written. CONSTRAINT with table, column and value. */
async function checkReferences(
  tx: Transaction,
  scope: TakingBack,
  written: Written,
  counts: PlanCounts,
): Promise<void> {
  const { table } = written
  if (counts.inserts + counts.updates > 0)
    for (const reference of referencesOf(scope.all, table)) {
      const [kept] = await tx.query<{ lost: number }>(lockTargetsSql(written, reference))
      if (!kept || kept.lost === 0) continue
      const [lost] = await tx.query<{ value: JsonValue }>(lostTargetSql(written, reference))
      const target = `"${reference.target.schema.name}"."${reference.key.name}"`
      throw pointsNowhere({ table, column: reference.column, target }, lost?.value ?? null)
    }
  if (counts.deletes + counts.updates > 0) await keepReferrers(tx, scope, written, counts)
}

/** Up to here, those who point to what went are looked for by its values; of more, all references are looked through. */
const fewTargets = 1000

async function keepReferrers(
  tx: Transaction,
  { writer, now, all }: TakingBack,
  written: Written,
  counts: PlanCounts,
): Promise<void> {
  const { projectId, table, operation } = written
  const referrers = referrersOf(all, table.schema.name)
  if (referrers.length === 0) return
  if (counts.deletes + counts.updates <= fewTargets) {
    const { id, byName } = planOf(table)
    const keys = referrers.flatMap(({ target }) => byName.get(target)?.key ?? []).filter((key) => key !== id?.key)
    const rows = await tx.query<GoneRow>(goneTargetsSql(written, keys))
    const before = rows.map((row) => (id ? { ...row.before, [id.key]: row.id } : row.before))
    const scope = { projectId, all, table, now, operation: { id: operation, principal: writer.principal } }
    return checkReferrers(tx, scope, table, before)
  }
  await checkAllReferrers(tx, { projectId, all }, table, 'app')
}

async function keepUnique(tx: Transaction, written: Written): Promise<void> {
  const { table } = written
  const { rules } = planOf(table)
  if (rules.length === 0) return
  await tx.execute(dropOldKeysSql(written, rules))
  for (const rule of rules) {
    const [made] = await tx.query<{ taken: number }>(makeKeysSql(written, rule))
    if (!made || made.taken === 0) continue
    const [taken] = await tx.query<{ values: readonly JsonValue[] }>(takenValuesSql(written, rule))
    const members = rule.columns.map(({ name }, index) => {
      const key = planOf(table).byName.get(name)?.key ?? name
      return [key, taken?.values[index] ?? null] as const
    })
    throw notUnique(table, rule.columns, Object.fromEntries(members))
  }
}

function referencesOf(all: readonly StoredTable[], table: StoredTable): readonly Reference[] {
  return table.schema.columns.flatMap((column) => {
    const target = all.find(({ schema }) => schema.name === column.references?.table)
    const key = target?.schema.columns.find(({ name }) => name === column.references?.column)
    return target && key ? [{ column, target, key }] : []
  })
}

/** 409 with the records that stand in the way. */
export function changedSince({ clashes, clashing }: Taken): AppError {
  const count = clashes === 1 ? '1 record was' : `${clashes.toLocaleString('en')} records were`
  return new AppError(
    'CONFLICT',
    `${count} changed since, so nothing was undone. Look at what is there now, or undo the rest.`,
    { details: { records: clashing, count: clashes } },
  )
}
