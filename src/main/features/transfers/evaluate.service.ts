import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { runSql } from '../sql/run-sql.service'
import type { Evaluate } from './dump-reader'

/** Expressions of one statement. */
const mostAtOnce = 200

/**
 * Computes what a dump writes in place of values, `current_date - interval '5 days'`, as the database's own login: it may
 * do there what any SQL of its people may, and nothing is written.
 */
export function evaluator({
  db,
  principal,
  databaseId,
  signal,
}: {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly databaseId: string
  readonly signal: AbortSignal | undefined
}): Evaluate {
  return async (expressions) => {
    const values: (string | null)[] = []
    for (let from = 0; from < expressions.length; from += mostAtOnce) {
      const some = expressions.slice(from, from + mostAtOnce)
      const list = some.map(({ text, type }, at) => `((${text})::${sqlType(type)})::text as v${at}`)
      const { results } = await runSql(
        { db, principal, signal },
        { databaseId, query: `select ${list.join(', ')}`, limit: 1, timeoutMs: 30_000, readOnly: true, explain: false },
      )
      const [row = []] = results[0]?.rows ?? []
      for (const [at] of some.entries()) {
        const value = row[at] ?? null
        values.push(typeof value === 'string' ? value : null)
      }
    }
    return values
  }
}

function sqlType(type: string): string {
  return type.replace(/^double/, 'double precision')
}
