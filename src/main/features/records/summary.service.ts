import { AppError } from '@shared/app-error'
import type { ColumnSummary } from '@shared/contract/record-insight.contract'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { DatabaseRow, Transaction } from '../../db/database'
import { sqlState } from '../../db/pg-error'
import { type Asked, askedTable, shownColumns } from './asked-table'
import type { PlannedColumn } from './record-plan'
import {
  type ColumnFigures,
  type DistinctFigures,
  exactDistinctLimit,
  type SummaryRow,
  summarySql,
} from './summary.sql'

/** Columns of one summary when none are named: the table's first. */
const mostColumns = 200

export async function summariseRecords(
  tx: Transaction,
  database: DatabaseRow,
  { columns: names, ...asked }: Asked & { readonly columns?: readonly string[] | undefined },
): Promise<{ records: number; columns: ColumnSummary[] }> {
  const at = await askedTable(tx, database, asked.tableName)
  const columns = shownColumns(at.table, names).slice(0, mostColumns)
  const query = summarySql(at, normaliseFilter(asked.filters), columns)
  const [row] = await tx.query<SummaryRow>(query).catch((error: unknown) => Promise.reject(tooLarge(error)))
  const records = row?.records ?? 0
  return {
    records,
    columns: columns.map((column, index) =>
      summaryOf(
        column,
        records,
        (row?.[`a${index}`] ?? { count: 0 }) as ColumnFigures,
        (row?.[`d${index}`] ?? [0, 0, 0]) as DistinctFigures,
      ),
    ),
  }
}

function summaryOf(
  { name }: PlannedColumn,
  records: number,
  { count, sum, avg, ...more }: ColumnFigures,
  distinct: DistinctFigures,
): ColumnSummary {
  const isExact = records <= exactDistinctLimit
  return {
    column: name,
    count,
    empty: records - count,
    ...(typeof sum === 'string' ? { sum } : {}),
    ...(typeof avg === 'string' ? { avg } : {}),
    ...more,
    ...(isExact ? { distinct: distinct[1] } : { distinct: estimate(distinct, count), distinctEstimated: true }),
  }
}

/** As ANALYZE does it: Haas and Stokes, "Estimating the number of classes in a finite population" (1998), Duj1. */
function estimate([seen, distinct, once]: DistinctFigures, count: number): number {
  if (seen === 0 || count === 0) return 0
  const found = (seen * distinct) / (seen - once + (once * seen) / count)
  return Math.round(Math.min(count, Math.max(distinct, found)))
}

/** numeric_value_out_of_range, interval_field_overflow, datetime_field_overflow */
const overflows: ReadonlySet<string | undefined> = new Set(['22003', '22015', '22008'])

function tooLarge(error: unknown): unknown {
  if (!overflows.has(sqlState(error))) return error
  return new AppError('VALIDATION', 'A sum is larger than the type of its column can hold. Leave that column out.', {
    cause: error,
  })
}
