import type { DatabaseRow, Transaction } from '../../db/database'
import { join, type SqlQuery } from '../../db/sql'
import { operationValues } from '../records/change-log.sql'
import { columnsOfFilter } from '../records/column-keys'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { type Document, readValues, touch } from '../records/record-values'
import { checkReferences, checkReferrers } from '../records/references.service'
import { asRuleError, notUnique } from '../records/rule-error'
import { bound } from '../records/statement'
import type { WriteScope } from '../records/write-scope'
import { type Permission, permitted, rulesOf } from '../rules/access'
import { referrersOf, type StoredTable } from '../tables/stored-table'
import { type Answered, answer, contentRange } from './rest-answer'
import type { RestAnswer, RestCall } from './rest-call'
import { RestError } from './rest-error'
import type { Node } from './rest-node.sql'
import { named } from './rest-read.sql'
import { permissionOf, type RestScope } from './rest-scope'
import { lockMatchesSql, type UpdatedRow, updateChosenSql } from './rest-write.sql'
import {
  checkAffected,
  checkAllowed,
  chosen,
  note,
  open,
  type PlannedWrite,
  recordsIn,
  recordsOfBody,
  represent,
  representation,
  type Writing,
  writeChanges,
} from './rest-writing'

/** PATCH: sets the values in what the filters choose. */
export async function updateRecords(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  const writing = await open(tx, database, call)
  const { table, scope } = writing
  const permission = permissionOf(scope, table, 'update')
  const target = chosen(writing, 'UPDATE')
  const node = representation(writing)
  const [input] = recordsOfBody(writing, call.body, true)
  const { id, data } = readValues(table, input ?? {})
  if (Object.keys(data).length === 0 && id === undefined)
    return answer(
      call.prefer.return === 'representation' ? 200 : 204,
      { body: node && '[]', count: 0 },
      call.accept,
      call.prefer,
      { 'content-range': '*/*' },
    )
  const ids = await update(writing, target, permission, id, data)
  checkAffected(call, ids.length)
  return updateAnswer(writing, ids.length, await represent(writing, node, ids))
}

/** Without a body where nothing of the records is to be answered. */
export function updateAnswer({ call }: PlannedWrite, count: number, answered: Answered): RestAnswer {
  const range = { 'content-range': contentRange(0, count, call.prefer.count === 'exact' ? count : null) }
  return answer(answered.body === null ? 204 : 200, answered, call.accept, call.prefer, range)
}

export interface UpdatePlan {
  readonly columns: readonly PlannedColumn[]
  /** Others may point to what is changed. */
  readonly isTarget: boolean
  /** The change may lead out of what the rule lets be written. */
  readonly isChecked: boolean
  /** Has the slots of an operation, and `patch`, for the values of these columns. */
  readonly statement: SqlQuery
}

/** All that is chosen, by one statement. */
export function planUpdate(
  { call, scope, write, table }: PlannedWrite,
  node: Node,
  permission: Permission,
  data: Document,
  told: boolean,
): UpdatePlan {
  const columns = planOf(table).stored.filter(({ key }) => Object.hasOwn(data, key))
  const isTarget = referrersOf(write.all, table.schema.name).some(({ target }) =>
    columns.some(({ name }) => name === target),
  )
  const isChecked =
    permission.kind === 'some' &&
    ruleColumns(scope, table, 'update').some((name) => columns.some((one) => one.name === name))
  const wanted = { before: isTarget, ids: isChecked || call.prefer.return === 'representation', told }
  const where = join([...node.conditions, permitted(permission, 'd')], ' and ')
  return { columns, isTarget, isChecked, statement: updateChosenSql(write, where, columns, wanted) }
}

/** What the slots of the statement hold. */
export function updateValues({ operation }: WriteScope, data: Document): Readonly<Record<string, unknown>> {
  return { ...operationValues(operation), action: 'records.update', patch: JSON.stringify(data) }
}

/** With the time of the change, where the table has it. */
export function touched({ table, now }: WriteScope, given: Document): Document {
  const data = { ...given }
  touch(table, data, now)
  return data
}

async function update(
  writing: Writing,
  node: Node,
  permission: Permission,
  id: string | undefined,
  given: Document,
): Promise<readonly string[]> {
  const { tx, write, table } = writing
  const isCut = node.limit !== null || node.offset > 0
  if (isCut || id !== undefined) return updateLocked(writing, node, permission, id, given)
  const data = touched(write, given)
  const { columns, isTarget, isChecked, statement } = planUpdate(writing, node, permission, data, true)
  const query = bound(named(node, statement), updateValues(write, data))
  const [done] = await tx.query<UpdatedRow>(query).catch((error: unknown) => Promise.reject(asRuleError(error, table)))
  if (!done || done.count === 0) return []
  if (done.clashes > 0)
    throw notUnique(table, planOf(table).rules.find(({ rule }) => rule === done.rule)?.columns ?? [], data)
  const references = columns.filter(({ column }) => column.references)
  if (references.length > 0) await checkReferences(tx, write, table, references, [{ data }])
  if (isTarget) await checkReferrers(tx, write, table, done.before ?? [])
  if (isChecked) await checkAllowed(writing, permission, done.ids ?? [])
  return done.ids ?? Array.from({ length: done.count }, () => '')
}

/** Only some of what the filters match, or a record that says its own id again. */
async function updateLocked(
  writing: Writing,
  node: Node,
  permission: Permission,
  id: string | undefined,
  data: Document,
): Promise<readonly string[]> {
  const { tx } = writing
  const rows = await tx.query<{ id: string }>(lockMatchesSql(node, permitted(permission, 'd')))
  const ids = rows.map((row) => row.id)
  if (id !== undefined && ids.some((one) => one !== id))
    throw new RestError(400, '428C9', 'The id of a record cannot change. Create a new record instead.')
  if (ids.length === 0 || Object.keys(data).length === 0) return ids
  await writeChanges(
    writing,
    ids.map((one) => ({ id: one, data })),
  )
  await checkAllowed(writing, permission, ids)
  await note(writing, 'records.update', `Changed ${recordsIn(writing.table, ids.length)}.`)
  return ids
}

function ruleColumns({ rules }: RestScope, table: StoredTable, verb: 'update'): readonly string[] {
  const rule = rulesOf(rules, table).rules[verb]
  if (typeof rule === 'string') return []
  const filtered = rule.where === undefined ? [] : columnsOfFilter(rule.where).map((path) => path.split('.')[0] ?? path)
  return 'owner' in rule ? [rule.owner, ...filtered] : filtered
}
