import type { Transaction } from '../../db/database'
import { type ChangeRow, changesBetweenSql, type Seen, seenSql } from './live-changes.sql'

/** Changes of one read. */
const page = 200
/** Changes that a transaction may have written before somebody began to listen, and still be told of. */
const reach = 100_000n

/** Reads the changes of one table: each once, and none is missed, however transactions overlap. */
export interface ChangeReader {
  /** In a transaction of the project. */
  read(tx: Transaction, tableId: string): Promise<{ readonly rows: readonly ChangeRow[]; readonly isMore: boolean }>
}

/** Of what is committed from now on. */
export async function readChanges(tx: Transaction, projectId: string): Promise<ChangeReader> {
  const start = await look()
  /** The oldest is the one that all changes that are to come lie behind. */
  let marks: readonly Seen[] = [{ ...start, next: '0', last: String(atLeastZero(BigInt(start.last) - reach)) }, start]
  let since = start.snapshot
  /** Being read, where it takes more than one page. */
  let round: { readonly until: Seen; readonly after: string } | null = null

  async function look(now = tx): Promise<Seen> {
    const [seen] = await now.query<Seen>(seenSql(projectId))
    if (!seen) throw new Error('The moment was not answered')
    return seen
  }

  return {
    async read(now, tableId) {
      const { until, after } = round ?? { until: await look(now), after: marks[0]?.last ?? '0' }
      const between = { projectId, tableId, since, until: until.snapshot, after }
      const rows = await now.query<ChangeRow>(changesBetweenSql(between, page))
      const isMore = rows.length === page
      round = isMore ? { until, after: rows.at(-1)?.id ?? after } : null
      if (!isMore) {
        since = until.snapshot
        marks = passed([...marks, until], until)
      }
      return { rows, isMore }
    },
  }
}

/** Without those that lie behind one that every open transaction began after. */
function passed(marks: readonly Seen[], { oldest }: Seen): readonly Seen[] {
  const later = marks.filter(({ next }) => BigInt(next) > BigInt(oldest))
  const last = marks[marks.length - later.length - 1]
  return last === undefined ? later : [last, ...later]
}

function atLeastZero(value: bigint): bigint {
  return value < 0n ? 0n : value
}
