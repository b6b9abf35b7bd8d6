import { AppError } from '@shared/app-error'
import type { JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import { planOf } from '../records/record-plan'
import { checkReferences } from '../records/references.service'
import type { WriteScope } from '../records/write-scope'
import { deleteDocumentsSql, promoteBatchSql } from '../store/promotion.sql'
import type { StoredTable } from '../tables/stored-table'
import { type Loaded, type Loading, rejectRows } from './bulk-load.service'
import { pointedValuesSql, takenRowsSql } from './merge-relation.sql'
import type { LineNumbers } from './read-rows'

/** Rejects rows whose id or unique value a record of the table has. Answers how many. */
export async function rejectTaken(
  tx: Transaction,
  loading: Loading,
  table: StoredTable,
  { storage: { relation } }: Loaded,
  lines: LineNumbers,
): Promise<number> {
  const { id, rules } = planOf(table)
  let count = 0
  for (const rule of [null, ...rules]) {
    // Ids that are not in the file are new ones.
    if (rule === null && !loading.columns.some(({ planned, source }) => planned.isId && source !== null)) continue
    const names = rule === null ? [id?.name ?? '_id'] : rule.columns.map(({ name }) => name)
    const rows = await tx.query<{ place: number }>(takenRowsSql(loading.projectId, relation, table, rule))
    const shown = names.map((name) => `"${name}"`).join(' and ')
    const reason = `A record of "${table.schema.name}" has the same ${shown}.`
    await rejectRows(tx, loading, relation, lines, rows, names[0] ?? null, () => reason)
    count += rows.length
  }
  return count
}

/** The records of the shared tier into the relation that becomes the table's. Answers how many. */
export async function takeDocuments(
  tx: Transaction,
  projectId: string,
  table: StoredTable,
  moved: StoredTable,
): Promise<number> {
  if (moved.storage.tier !== 'dedicated') throw new Error('The table has no relation to take records')
  const move = { projectId, table, moved, relation: moved.storage.relation }
  const [taken] = await tx.query<{ count: number }>(promoteBatchSql(move, null, all))
  return taken?.count ?? 0
}

/** Once the table is of the dedicated tier. Their unique values go with them. */
export async function clearDocuments(tx: Transaction, projectId: string, tableId: string): Promise<void> {
  await tx.execute(deleteDocumentsSql(projectId, tableId, all))
}

const all = 2 ** 31 - 1

/** Values that are looked for, and then held, by one statement. */
const batchSize = 5_000

/**
 * Keeps what the rows point to until the transaction ends; see `checkReferences`. CONFLICT when somebody took one of
 * those records away while the file was read.
 */
export async function holdTargets(
  tx: Transaction,
  scope: WriteScope,
  { storage: { relation } }: Loaded,
): Promise<void> {
  const { table } = scope
  for (const planned of planOf(table).stored) {
    if (planned.column.references === undefined) continue
    const values = await tx.query<{ value: JsonValue }>(pointedValuesSql(relation, planned))
    for (let from = 0; from < values.length; from += batchSize) {
      const records = values.slice(from, from + batchSize).map(({ value }) => ({ data: { [planned.key]: value } }))
      await checkReferences(tx, scope, table, [planned], records).catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'CONSTRAINT') throw error
        throw new AppError(
          'CONFLICT',
          `A record that the file points to was deleted while it was read. Import it again. ${error.message}`,
          { cause: error },
        )
      })
    }
  }
}
