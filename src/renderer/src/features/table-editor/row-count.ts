import { formatCount } from '@renderer/ui/figures'

/** How many rows the grid has: what was counted, corrected by what has been seen. */

export interface Counted {
  readonly count: number
  readonly estimated: boolean
}

export interface Seen {
  /** Rows up to the end of the table, once its end has been on screen. */
  readonly end: number | null
  /** One past the last row that has been read. */
  readonly known: number
}

export function settleRowCount(counted: Counted | null, seen: Seen): Counted {
  if (seen.end !== null) return { count: seen.end, estimated: false }
  if (counted === null) return { count: seen.known, estimated: true }
  if (counted.count < seen.known) return { count: seen.known, estimated: counted.estimated }
  return counted
}

/** `~100,000 records`, `1 record`. */
export function describeCount({ count, estimated }: Counted): string {
  return `${formatCount(count, estimated)} ${count === 1 ? 'record' : 'records'}`
}
