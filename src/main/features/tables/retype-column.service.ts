import { typeOf } from '@shared/domain/check-table'
import { changesValue, convertValue, wideningOf } from '@shared/domain/convert-value'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { showValue } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import { castValuesSql, countFilledSql, selectValuesSql, writeValuesSql } from './column-values.sql'
import type { StoredTable } from './stored-table'

/** Values read and written at once: a few MB of text, and a cancel is noticed between two batches. */
const batchSize = 5000
const mostExamples = 5

export interface Retyping {
  readonly total: number
  /** Values that the new type cannot hold; they become NULL. */
  readonly unfit: number
  /** Values that are rounded, cut or spelled differently. */
  readonly changed: number
  readonly examples: readonly string[]
}

export interface TypeChange {
  readonly projectId: string
  readonly table: StoredTable
  readonly column: ColumnSchema
  readonly to: ColumnSchema
}

/** Goes over all values of the column with its new type; writes them to the same column of `next` when it is given. */
export async function retypeColumn(
  tx: Transaction,
  { projectId, table, column, to }: TypeChange,
  next: StoredTable | null,
): Promise<Retyping> {
  const [from, type] = [typeOf(column), typeOf(to)]
  const widening = wideningOf(from, type)
  if (widening !== null) {
    const isWritten = widening === 'cast' || table.storage.tier === 'dedicated'
    if (next && isWritten) await tx.execute(castValuesSql(projectId, { table, column }, { table: next, column: to }))
    const [filled] = await tx.query<{ count: number }>(countFilledSql(projectId, table, column))
    return { total: filled?.count ?? 0, unfit: 0, changed: 0, examples: [] }
  }
  const unfitExamples: string[] = []
  const changedExamples: string[] = []
  let [total, unfit, changed] = [0, 0, 0]
  let after: string | null = null
  for (;;) {
    const batch: readonly { id: string; value: JsonValue }[] = await tx.query<{ id: string; value: JsonValue }>(
      selectValuesSql(projectId, table, column, { after, size: batchSize }),
    )
    const values: { id: string; value: JsonValue }[] = []
    for (const { id, value } of batch) {
      if (value === null) continue
      total++
      const converted = convertValue(from, type, value)
      values.push({ id, value: converted.ok ? converted.value : null })
      if (!converted.ok) {
        unfit++
        if (unfitExamples.length < mostExamples) unfitExamples.push(showValue(value))
      } else if (changesValue(from, type, value, converted.value)) {
        changed++
        if (changedExamples.length < mostExamples)
          changedExamples.push(`${showValue(value)} becomes ${showValue(converted.value)}`)
      }
    }
    if (next && values.length > 0) await tx.execute(writeValuesSql(projectId, next, to, values))
    after = batch.at(-1)?.id ?? null
    if (batch.length < batchSize || after === null) break
  }
  return { total, unfit, changed, examples: unfit > 0 ? unfitExamples : changedExamples }
}
