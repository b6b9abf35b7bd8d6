import type { SqlParam, SqlPiece, SqlRows, SqlSession } from '../../db/sql-login'
import type { PlannedStatement } from './plan-run'
import * as texts from './sql.sql'
import { unitsOf } from './text-offsets'
import { ungroupedColumn } from './ungrouped'

export interface StatementRun {
  readonly session: SqlSession
  readonly planned: PlannedStatement
  /** `explain `, or nothing. */
  readonly prefix: string
  readonly params: readonly SqlParam[]
  readonly limit: number
  readonly byteLimit: number
  /** Takes the rows; they come back when it is left out. */
  readonly receive?: (piece: SqlPiece) => Promise<void>
  /**
   * What to throw for Postgres' refusal; `toQuery` leads from a character of what was sent (from 1) to a UTF-16 unit of
   * the text that was planned, or to null where that place was not the person's.
   */
  readonly failure: (error: unknown, toQuery: (position: number) => number | null) => unknown
}

/** Runs it within the open transaction; again with what GROUP BY misses, where plain tables would not miss it. */
export async function runStatement(run: StatementRun): Promise<SqlRows> {
  const { session, planned, prefix, params, limit, byteLimit, receive } = run
  const { groups, writes } = planned.facts
  if (groups) await session.execute(texts.savepointSql)
  let statement = planned
  for (;;) {
    const text = `${prefix}${statement.text}`
    try {
      return await session.run({
        text,
        params,
        limit,
        byteLimit,
        toEnd: writes && prefix === '',
        ...(receive && { receive }),
      })
    } catch (error) {
      const missing = groups ? ungroupedColumn(error, text, prefix.length) : null
      const next = missing === null ? null : statement.grouped(missing)
      if (next === null || next.text === statement.text) {
        const sent = statement
        throw run.failure(error, (position) => {
          const unit = unitsOf(text, position - 1) - prefix.length
          return unit < 0 ? null : sent.toQuery(unit)
        })
      }
      statement = next
      await session.execute(texts.rollbackToSavepointSql)
    }
  }
}
