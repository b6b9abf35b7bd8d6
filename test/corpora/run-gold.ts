import { difference, withoutLimit } from './compare-rows'
import type { LogicalCorpus } from './logical-database'
import type { PlainCorpus } from './plain-database'

export interface Difference {
  readonly query: string
  readonly reason: string
}

export interface GoldResult {
  /** Queries that plain Postgres runs. */
  readonly of: number
  readonly same: number
  /** Of those, some whose rows tie under LIMIT: other rows, equally right. */
  readonly ties: number
  readonly differences: readonly Difference[]
  /** Queries that plain Postgres itself refuses. */
  readonly refused: readonly Difference[]
  /** Milliseconds of all of them, and the query that took longest here. */
  readonly time: { readonly plain: number; readonly logical: number; readonly longest: number; readonly of: string }
}

/** Each query on plain tables and through the SQL procedure. */
export async function runGold(
  plain: PlainCorpus,
  logical: LogicalCorpus,
  queries: readonly string[],
): Promise<GoldResult> {
  const differences: Difference[] = []
  const refused: Difference[] = []
  let ties = 0
  const time = { plain: 0, logical: 0, longest: 0, of: '' }
  for (const query of queries) {
    const start = performance.now()
    const theirs = await plain.run(query).catch((error: unknown) => {
      refused.push({ query, reason: messageOf(error) })
      return null
    })
    if (theirs === null) continue
    const between = performance.now()
    const reason = await compareWith(logical, query, theirs)
    const took = performance.now() - between
    time.plain += between - start
    time.logical += took
    if (took > time.longest) Object.assign(time, { longest: took, of: query })
    if (reason === null) continue
    const whole = withoutLimit(query)
    if (whole !== null && (await compareWith(logical, whole, await plain.run(whole))) === null) ties += 1
    else differences.push({ query, reason })
  }
  const of = queries.length - refused.length
  return { of, same: of - differences.length, ties, differences, refused, time }
}

async function compareWith(
  logical: LogicalCorpus,
  query: string,
  theirs: Awaited<ReturnType<PlainCorpus['run']>>,
): Promise<string | null> {
  try {
    return difference(query, theirs, await logical.run(query, theirs.oids))
  } catch (error) {
    return messageOf(error)
  }
}

export function report(title: string, { of, same, ties, differences, refused, time }: GoldResult): string {
  return [
    `${title}: ${same} of ${of} gold queries give the same rows${ties > 0 ? `, ${ties} of them with ties under LIMIT` : ''}`,
    `  ${time.plain.toFixed(0)} ms on plain tables, ${time.logical.toFixed(0)} ms through the procedure; longest ${time.longest.toFixed(0)} ms: ${time.of}`,
    ...refused.map(({ query, reason }) => `  refused by plain Postgres: ${reason}\n    ${query}`),
    ...differences.map(({ query, reason }) => `  differs: ${reason}\n    ${query}`),
  ].join('\n')
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? `${String(error.code)} ${error.message}` : error.message
}
