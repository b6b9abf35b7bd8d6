import type { Distribution } from '@shared/contract/record-insight.contract'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { DatabaseRow, Transaction } from '../../db/database'
import { type Asked, askedTable, shownColumn } from './asked-table'
import { type BucketRow, histogramSql, measureOf, type TopRow, topValuesSql } from './distribution.sql'

export async function distribute(
  tx: Transaction,
  database: DatabaseRow,
  asked: Asked & { readonly column: string; readonly buckets: number },
): Promise<Distribution> {
  const at = await askedTable(tx, database, asked.tableName)
  const column = shownColumn(at.table, asked.column)
  const filter = normaliseFilter(asked.filters)
  const measure = measureOf(column.type)
  if (!measure) {
    const [top] = await tx.query<TopRow>(topValuesSql(at, filter, column, asked.buckets))
    const { filled: count = 0, empty = 0, distinct = 0, values = [] } = top ?? {}
    const others = values.reduce((rest, value) => rest - value.count, count)
    return { kind: 'values', count, empty, distinct, values, others }
  }
  const rows = await tx.query<BucketRow>(histogramSql(at, filter, column, measure, asked.buckets))
  const { filled: count = 0, empty = 0, measured = 0 } = rows[0] ?? {}
  const buckets = rows.flatMap(({ from, to, count: held }) =>
    from === null || to === null ? [] : [{ from, to, count: held }],
  )
  return { kind: 'histogram', count, empty, odd: count - measured, buckets }
}
