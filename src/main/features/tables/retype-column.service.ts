import { typeOf } from '@shared/domain/check-table'
import { changesValue, convertValue } from '@shared/domain/convert-value'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { showValue } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import { selectValuesSql, writeValuesSql } from './column-values.sql'
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

/** Goes over all values of the column with its new type; writes them when `write` says so. */
export async function retypeColumn(
  tx: Transaction,
  {
    projectId,
    table,
    column,
    to,
  }: {
    readonly projectId: string
    readonly table: StoredTable
    readonly column: ColumnSchema
    readonly to: ColumnSchema
  },
  write: boolean,
): Promise<Retyping> {
  const [from, next] = [typeOf(column), typeOf(to)]
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
      const converted = convertValue(from, next, value)
      values.push({ id, value: converted.ok ? converted.value : null })
      if (!converted.ok) {
        unfit++
        if (unfitExamples.length < mostExamples) unfitExamples.push(showValue(value))
      } else if (changesValue(from, next, value, converted.value)) {
        changed++
        if (changedExamples.length < mostExamples)
          changedExamples.push(`${showValue(value)} becomes ${showValue(converted.value)}`)
      }
    }
    if (write && values.length > 0) await tx.execute(writeValuesSql(projectId, table, column, values))
    after = batch.at(-1)?.id ?? null
    if (batch.length < batchSize || after === null) break
  }
  return { total, unfit, changed, examples: unfit > 0 ? unfitExamples : changedExamples }
}
