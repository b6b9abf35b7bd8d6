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

/** Calls that are done by the same statements: several that are alike, or one that is not. */
interface Group {
  readonly trips: OneTrip[]
  readonly records: Set<string>
  /** Of the first of its statements among all. */
  start: number
}

/** Puts calls that are alike into one statement each. */
export function mergeCalls(trips: readonly OneTrip[]): MergedCalls {
  const groups: Group[] = []
  const groupOf = trips.map((trip) => {
    const { merge } = trip
    const found =
      merge && groups.find((one) => one.trips[0]?.merge?.name === merge.name && !one.records.has(merge.record))
    const group = found ?? { trips: [], records: new Set<string>(), start: 0 }
    if (!found) groups.push(group)
    group.trips.push(trip)
    if (merge) group.records.add(merge.record)
    return group
  })
  const queries: BatchQuery[] = []
  for (const group of groups) {
    const [first] = group.trips
    group.start = queries.length
    if (first?.merge) queries.push(first.merge.together(group.trips.flatMap(({ merge }) => merge?.item ?? [])))
    else queries.push(...(first?.queries ?? []))
  }
  return {
    queries,
    answersOf: (answers) =>
      trips.map(({ merge, queries: own }, at) => {
        const start = groupOf[at]?.start ?? 0
        const whole = answers[start]
        if (merge) return whole ? [merge.part(whole, merge.record)] : []
        return answers.slice(start, start + own.length)
      }),
  }
}
