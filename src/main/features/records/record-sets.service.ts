import { AppError } from '@shared/app-error'
import type { JsonObject } from '@shared/json'
import type { Transaction } from '../../db/database'
import { violatedConstraint } from '../../db/pg-error'
import type { SqlQuery } from '../../db/sql'
import { referrersOf } from '../tables/stored-table'
import { type Noted, operationValues, untoldSql } from './change-log.sql'
import type { RecordRow } from './record'
import { type PlannedColumn, planOf } from './record-plan'
import { type RawRow, wholeRecord } from './record-row.sql'
import type { Draft } from './record-values'
import { checkReferences, checkReferrers } from './references.service'
import { asRuleError, notUnique, takenId } from './rule-error'
import { bound, statementOf } from './statement'
import {
  type Care,
  clashesTemplate,
  insertTemplate,
  rollbackToSavepointSql,
  savepointSql,
  takenTemplate,
  updateTemplate,
} from './write.sql'
import type { WriteScope } from './write-scope'

/**
 * Sets of records on their way into one table. Unique values hold by the statement itself; references are looked at by
 * `checkInserted` and `checkUpdated`, after everything that belongs together has been written.
 */

export interface Change {
  readonly id: string
  /** The revision the writer has seen; any when left out. */
  readonly revision?: number | undefined
  /** New canonical values by layout key, NULLs too. */
  readonly data: JsonObject
}

/** Without `noted`, the caller writes the audit. */
export async function insertSet(
  tx: Transaction,
  scope: WriteScope,
  drafts: readonly Draft[],
  noted?: Noted,
): Promise<void> {
  const { table } = scope
  const insert = async (care: Care): Promise<void> => {
    const [done] = await tx.query<{ written: readonly string[] | null; clashes: number }>(
      insertQuery(scope, drafts, care, noted),
    )
    if (done?.written) throw await refusedRow(tx, scope, drafts, done.written)
    if (done && done.clashes > 0) throw await refusedKey(tx, scope, drafts)
  }
  const [draft] = drafts
  if (draft && drafts.length === 1) {
    if (table.storage.tier === 'shared') return insert('careful')
    return insert('quick').catch((error: unknown) => Promise.reject(asRuleError(error, table, draft)))
  }
  await tx.execute(savepointSql)
  try {
    await insert('quick')
  } catch (error) {
    if (violatedConstraint(error) === undefined) throw error
    // Which record it was, Postgres does not say of rows under row-level security.
    await tx.execute(rollbackToSavepointSql)
    await insert('careful')
  }
}

/** The same for a call that tells of it by itself. */
export function untoldInsertQuery(scope: WriteScope, drafts: readonly Draft[], noted: Noted): SqlQuery {
  const { projectId, table } = scope
  const records = JSON.stringify(drafts.map(({ id, data }) => ({ _id: id, ...data })))
  const statement = statementOf(table, 'insert untold', () => insertTemplate(projectId, table, 'quick', untoldSql))
  return bound(statement, { records, ...values(scope, noted) })
}

/** `quick`: the first record that is not new or not unique is an error of Postgres. */
export function insertQuery(scope: WriteScope, drafts: readonly Draft[], care: Care, noted?: Noted): SqlQuery {
  const { projectId, table } = scope
  const records = JSON.stringify(drafts.map(({ id, data }) => ({ _id: id, ...data })))
  const statement = statementOf(table, `insert ${care}`, () => insertTemplate(projectId, table, care))
  return bound(statement, { records, ...values(scope, noted) })
}

export async function checkInserted(tx: Transaction, scope: WriteScope, drafts: readonly Draft[]): Promise<void> {
  const columns = planOf(scope.table).stored.filter(({ column }) => column.references)
  if (columns.length > 0) await checkReferences(tx, scope, scope.table, columns, drafts)
}

export interface Updated {
  readonly row: RecordRow
  /** The members that changed, as they were. */
  readonly before: JsonObject
}

/**
 * Every change has exactly these columns. Without `noted`, the caller writes the audit. Answers those records that were
 * there in the revision that was asked for, in no order.
 */
export async function updateSet(
  tx: Transaction,
  scope: WriteScope,
  columns: readonly PlannedColumn[],
  changes: readonly Change[],
  noted?: Noted,
): Promise<readonly Updated[]> {
  const { projectId, table } = scope
  const name = `update ${columns.map(({ key }) => key).join(',')}`
  const statement = statementOf(table, name, () => updateTemplate(projectId, table, columns))
  const query = bound(statement, { records: JSON.stringify(changes), ...values(scope, noted) })
  const rows = await tx
    .query<RawRow & { _clashes: number; _changed: JsonObject }>(query)
    .catch((error: unknown) => Promise.reject(asRuleError(error, table, only(changes))))
  const { read } = wholeRecord(table)
  const [first] = rows
  if (first && first._clashes > 0) throw await refusedKey(tx, scope, changes)
  return rows.map((raw) => ({ row: read(raw), before: raw._changed }))
}

export async function checkUpdated(
  tx: Transaction,
  scope: WriteScope,
  columns: readonly PlannedColumn[],
  changes: readonly Change[],
  updated: readonly Updated[],
): Promise<void> {
  const { all, table } = scope
  const references = columns.filter(({ column }) => column.references)
  if (references.length > 0) await checkReferences(tx, scope, table, references, changes)
  const isTarget = referrersOf(all, table.schema.name).some(({ target }) => columns.some(({ name }) => name === target))
  if (!isTarget) return
  await checkReferrers(
    tx,
    scope,
    table,
    updated.map(({ before }) => before),
  )
}

function values({ operation }: WriteScope, noted: Noted | undefined): Readonly<Record<string, unknown>> {
  return { ...operationValues(operation), action: noted?.action ?? null, sentence: noted?.sentence ?? null }
}

/** A row that was not inserted: its id is taken, or (dedicated tier) a unique value. */
async function refusedRow(
  tx: Transaction,
  { projectId, table }: WriteScope,
  drafts: readonly Draft[],
  written: readonly string[],
): Promise<unknown> {
  // Twice in one set: the first is inserted, the second is the one in the way.
  const fresh = new Set(written)
  const index = drafts.findIndex(({ id }) => !fresh.delete(id))
  const draft = drafts[index]
  if (!draft) return lostRace()
  const at = drafts.length > 1 ? index : undefined
  if (written.includes(draft.id) || table.storage.tier === 'shared') return takenId(table, draft.id, at)
  const statement = statementOf(table, 'taken', () => takenTemplate(projectId, table))
  const [taken = {}] = await tx.query<Record<string, boolean>>(
    bound(statement, { id: draft.id, data: JSON.stringify(draft.data) }),
  )
  if (taken.id === true) return takenId(table, draft.id, at)
  const rule = planOf(table).rules.find((_, place) => taken[`r${place}`] === true)
  return rule ? notUnique(table, rule.columns, draft.data, at) : lostRace()
}

/** A row of the shared tier whose unique value is another's. */
async function refusedKey(
  tx: Transaction,
  { projectId, table }: WriteScope,
  records: readonly { readonly id: string; readonly data: JsonObject }[],
): Promise<unknown> {
  const statement = statementOf(table, 'clashes', () => clashesTemplate(projectId, table))
  const clashes = await tx.query<{ id: string; rule: string }>(bound(statement, { ids: records.map(({ id }) => id) }))
  const rules = new Map(clashes.map(({ id, rule }) => [id, rule]))
  const index = records.findIndex(({ id }) => rules.has(id))
  const record = records[index]
  const rule = planOf(table).rules.find((one) => one.rule === rules.get(record?.id ?? ''))
  if (!record || !rule) return lostRace()
  return notUnique(table, rule.columns, record.data, records.length > 1 ? index : undefined)
}

/** Whoever had the value gave it up between the two looks at it. */
function lostRace(): AppError {
  return new AppError('CONFLICT', 'Someone else changed the same values at the same moment. Try again.')
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined
}
