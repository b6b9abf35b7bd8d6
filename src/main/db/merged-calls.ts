import type { BatchQuery, BatchRows } from './batch'
import type { OneTrip } from './one-trip'

/** A call that is one statement, which one statement can do for several calls. */
export interface Merge {
  /** Equal for calls that can be done together. */
  readonly name: string
  /** The record that it writes; two calls for the same record are not done by one statement. */
  readonly record: string
  readonly item: object
  readonly together: (items: readonly object[]) => BatchQuery
  /** What the statement has answered for this record. */
  readonly part: (answer: BatchRows, record: string) => BatchRows
}

/** Statements, and what their answers are for each of the calls. */
export interface MergedCalls {
  readonly queries: readonly BatchQuery[]
  readonly answersOf: (answers: readonly BatchRows[]) => readonly (readonly BatchRows[])[]
}

/** Puts calls that are alike into one statement each. */
export function mergeCalls(trips: readonly OneTrip[]): MergedCalls {
  const groups: { readonly trips: OneTrip[]; readonly records: Set<string> }[] = []
  const places = trips.map((trip, place) => {
    const { merge } = trip
    const found =
      merge && groups.findIndex((one) => one.trips[0]?.merge?.name === merge.name && !one.records.has(merge.record))
    const group = found === undefined || found < 0 ? undefined : groups[found]
    if (merge && group) {
      group.trips.push(trip)
      group.records.add(merge.record)
      return found ?? place
    }
    groups.push({ trips: [trip], records: new Set(merge ? [merge.record] : []) })
    return groups.length - 1
  })
  const queries: BatchQuery[] = []
  const starts = groups.map(({ trips: [first, ...more] }) => {
    const start = queries.length
    const items = [first, ...more].flatMap((trip) => trip?.merge?.item ?? [])
    if (first?.merge && more.length > 0) queries.push(first.merge.together(items))
    else queries.push(...(first?.queries ?? []))
    return start
  })
  return {
    queries,
    answersOf: (answers) =>
      trips.map(({ merge, queries: own }, at) => {
        const place = places[at] ?? 0
        const start = starts[place] ?? 0
        const whole = answers[start]
        if (merge && whole && (groups[place]?.trips.length ?? 0) > 1) return [merge.part(whole, merge.record)]
        return answers.slice(start, start + own.length)
      }),
  }
}
