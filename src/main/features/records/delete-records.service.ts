import { AppError } from '@shared/app-error'
import type { Filter } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { JsonObject } from '@shared/json'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { referrersOf } from '../tables/stored-table'
import type { Writer } from '../tables/tables.service'
import { deleteSet, deleteWhere, type Gone, letGo } from './delete-set.service'
import { filterSql } from './filter.sql'
import { noRecord } from './records.service'
import { deletedSentence } from './write.sql'
import { openTable, type WriteScope } from './write-scope'

const action = 'records.delete'

export async function deleteRecord(tx: Transaction, writer: Writer, tableName: string, id: string): Promise<void> {
  const scope = await openTable(tx, writer, tableName)
  const deleted = await deleteMatching(tx, scope, (noted) => deleteSet(tx, scope, [id], noted))
  if (deleted === 0) throw noRecord(scope.table, id)
}

export interface DeletedRecords {
  readonly deleted: number
  /** What the change log has it under; left out when nothing matched. */
  readonly operation?: string
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
): Promise<DeletedRecords> {
  const scope = await openTable(tx, writer, input.tableName)
  const { table } = scope
  const where = filterSql(table, normaliseFilter(input.filters))
  const deleted = await deleteMatching(
    tx,
    scope,
    (noted) => deleteWhere(tx, scope, table, where, noted),
    input.expected,
  )
  return deleted === 0 ? { deleted } : { deleted, operation: scope.operation.id }
}

async function deleteMatching(
  tx: Transaction,
  scope: WriteScope,
  remove: (noted: Parameters<typeof deleteSet>[3]) => Promise<Gone>,
  expected?: number | undefined,
): Promise<number> {
  const { all, table } = scope
  const { name } = table.schema
  const isTarget = referrersOf(all, name).length > 0
  // How many go along is known last, and then the audit says so.
  const gone = await remove(isTarget ? undefined : { action, sentence: deletedSentence(name) })
  const { count } = gone
  if (expected !== undefined && count !== expected)
    throw new AppError(
      'CONFLICT',
      `The filter matches ${count.toLocaleString('en')} records now and not ${expected.toLocaleString('en')}, so nothing was deleted. Look again.`,
      { details: { expected, matched: count } },
    )
  if (isTarget && count > 0) await note(tx, scope, count, await letGo(tx, scope, gone))
  return count
}

async function note(tx: Transaction, { projectId, table, operation }: WriteScope, own: number, along: number) {
  const records = `${own.toLocaleString('en')} ${own === 1 ? 'record' : 'records'}`
  const more =
    along === 0 ? '' : `, and ${along.toLocaleString('en')} that ${along === 1 ? 'depends' : 'depend'} on them`
  await recordActivity(tx, {
    projectId,
    principal: operation.principal,
    action,
    sentence: `Deleted ${records} of ${table.schema.name}${more}.`,
    tableId: table.id,
    kind: 'records',
    operation: operation.id,
  })
}
