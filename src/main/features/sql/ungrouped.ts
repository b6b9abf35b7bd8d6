import { DatabaseError } from 'pg'
import { unitsOf } from './text-offsets'

/**
 * The column that Postgres says is neither grouped nor aggregated, and where it stands in what was sent without its
 * first `skipped` units. Its message names it `alias.column`, also where the person wrote a star.
 */
export function ungroupedColumn(
  error: unknown,
  sent: string,
  skipped: number,
): { readonly offset: number; readonly name: string | null } | null {
  if (!(error instanceof DatabaseError) || error.code !== '42803' || error.position === undefined) return null
  const name = /column "(.+)" (?:must appear|from outer query)/.exec(error.message)?.[1] ?? null
  return { offset: unitsOf(sent, Number(error.position) - 1) - skipped, name }
}
