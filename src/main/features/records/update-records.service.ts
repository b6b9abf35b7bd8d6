import { AppError } from '@shared/app-error'
import type { Filter } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { JsonObject } from '@shared/json'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { referrersOf } from '../tables/stored-table'
import type { Writer } from '../tables/tables.service'
import { operationValues } from './change-log.sql'
import { planOf } from './record-plan'
import { readValues, touch } from './record-values'
import { checkReferences, checkReferrers } from './references.service'
import { asRuleError, notUnique } from './rule-error'
import { bound } from './statement'
import { type UpdatedWhere, updateWhereSql } from './update-where.sql'
import { openTable, type WriteScope } from './write-scope'

export interface UpdateInput {
  readonly tableName: string
  readonly filters: Filter | JsonObject
  readonly record: JsonObject
  readonly expected?: number | undefined
}

export interface UpdatedRecords {
  readonly updated: number
  /** What the change log has it under; left out when nothing matched. */
  readonly operation?: string
}

/** Sets the values in what the filter matches. CONFLICT, and nothing happens, when that is not `expected` records. */
export async function updateRecords(tx: Transaction, writer: Writer, input: UpdateInput): Promise<UpdatedRecords> {
  const scope = await openTable(tx, writer, input.tableName)
  const { table, now, operation, projectId } = scope
  const { id, data } = readValues(table, input.record)
  if (id !== undefined || Object.keys(data).length === 0)
    throw new AppError(
      'VALIDATION',
      id === undefined ? 'Say which values to set.' : 'The id of a record cannot change, and no two have the same.',
      { details: { column: planOf(table).id?.name } },
    )
  const names = Object.keys(input.record)
  touch(table, data, now)
  const updated = await updateWhere(tx, scope, normaliseFilter(input.filters), data)
  if (input.expected !== undefined && updated !== input.expected)
    throw new AppError(
      'CONFLICT',
      `The filter matches ${updated.toLocaleString('en')} records now and not ${input.expected.toLocaleString('en')}, so nothing was changed. Look again.`,
      { details: { expected: input.expected, matched: updated } },
    )
  if (updated === 0) return { updated }
  const records = `${updated.toLocaleString('en')} ${updated === 1 ? 'record' : 'records'}`
  await recordActivity(tx, {
    projectId,
    principal: writer.principal,
    action: 'records.update',
    sentence: `Set ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' and more' : ''} in ${records} of ${table.schema.name}.`,
    tableId: table.id,
    kind: 'records',
    operation: operation.id,
  })
  return { updated, operation: operation.id }
}

async function updateWhere(tx: Transaction, scope: WriteScope, filter: Filter, data: JsonObject): Promise<number> {
  const { all, table, operation } = scope
  const { rules, stored } = planOf(table)
  const columns = stored.filter(({ key }) => Object.hasOwn(data, key))
  const isTarget = referrersOf(all, table.schema.name).some(({ target }) => columns.some(({ name }) => name === target))
  const [done] = await tx
    .query<UpdatedWhere & { told: unknown }>(
      bound(updateWhereSql(scope, filter, columns, data, isTarget), operationValues(operation)),
    )
    .catch((error: unknown) => Promise.reject(asRuleError(error, table)))
  if (!done || done.count === 0) return 0
  if (done.clashes > 0) {
    const rule = rules.find((one) => one.rule === done.rule)
    throw notUnique(table, rule?.columns ?? [], data)
  }
  const references = columns.filter(({ column }) => column.references)
  if (references.length > 0) await checkReferences(tx, scope, table, references, [{ data }])
  if (isTarget) await checkReferrers(tx, scope, table, done.before ?? [])
  return done.count
}
