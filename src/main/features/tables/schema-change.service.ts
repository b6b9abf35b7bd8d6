import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { Transaction } from '../../db/database'
import { sqlState } from '../../db/pg-error'
import { recordActivity } from '../audit/record-activity'
import { insertSchemaChangesSql, type SchemaChange } from './schema-change.sql'
import type { StoredTable } from './stored-table'
import type { Writer } from './writer'

/** Writes a schema edit to the change log and, under the same operation, to the audit; tells every open window. */
export async function recordTableActivity(
  tx: Transaction,
  { database: { project_id: projectId }, principal }: Writer,
  table: StoredTable,
  entry: { readonly action: string; readonly sentence: string; readonly changes: readonly SchemaChange[] },
): Promise<void> {
  const { action, sentence, changes } = entry
  const operation = randomUUID()
  if (changes.length > 0) await tx.execute(insertSchemaChangesSql({ projectId, principal, operation }, changes))
  await recordActivity(tx, { projectId, principal, action, sentence, tableId: table.id, kind: 'tables', operation })
}

/** Every table that is described differently, was made, or went. */
export function schemaChanges(before: readonly StoredTable[], after: readonly StoredTable[]): readonly SchemaChange[] {
  const olds = new Map(before.map((table) => [table.id, table]))
  const ids = new Set(after.map(({ id }) => id))
  const gone = before
    .filter(({ id }) => !ids.has(id))
    .map(({ id, schema }) => ({ table: id, before: schema, after: null }))
  const others = after.flatMap((table) => {
    const old = olds.get(table.id)
    const isSame = old === table || JSON.stringify(old?.schema) === JSON.stringify(table.schema)
    return isSame ? [] : [{ table: table.id, before: old?.schema ?? null, after: table.schema }]
  })
  return [...gone, ...others]
}

/** CONFLICT, in its own words, when an open transaction holds the table for longer than an edit waits. */
export async function editSchema<T>(edit: () => Promise<T>): Promise<T> {
  try {
    return await edit()
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error
    throw new AppError(
      'CONFLICT',
      'The tables cannot change now: an open SQL transaction or a large write holds one of them. Try again when it has ended.',
      { cause: error },
    )
  }
}

const lockNotAvailable = '55P03'
