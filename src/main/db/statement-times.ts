import type { BatchQuery, BatchRows } from './batch'
import type { OneTrip } from './one-trip'

/** Statements in memory; the oldest goes first. */
const mostStatements = 5_000

export interface StatementTimes {
  /** Milliseconds that a call takes; infinite where a statement of it has no name, for it was hardly ever asked. */
  of(trip: OneTrip): number
  learn(queries: readonly BatchQuery[], answers: readonly BatchRows[]): void
  /** Of calls that one statement has done together: what each of them took. */
  learnMerged(trips: readonly OneTrip[], answers: readonly (readonly BatchRows[])[]): void
}

/** What statements take, by their names. */
export function createStatementTimes(): StatementTimes {
  const times = new Map<string, number>()

  function learnOne(name: string, took: number): void {
    const known = times.get(name) ?? 0
    // One that seems slow was often only kept waiting; one that is, is so again.
    times.set(name, known + (took - known) * (took < known ? 0.5 : 0.05))
    const [oldest] = times.keys()
    if (times.size > mostStatements && oldest !== undefined) times.delete(oldest)
  }

  return {
    of({ merge, queries }) {
      if (merge) return times.get(merge.name) ?? 0
      let time = 0
      for (const { name } of queries) {
        if (name === undefined) return Number.POSITIVE_INFINITY
        time += times.get(name) ?? 0
      }
      return time
    },
    learn(queries, answers) {
      for (const [at, { name }] of queries.entries()) {
        const took = answers[at]?.took
        if (name !== undefined && took !== undefined) learnOne(name, took)
      }
    },
    learnMerged(trips, answers) {
      const alike = new Map<string, number[]>()
      for (const [at, { merge }] of trips.entries()) {
        const took = answers[at]?.[0]?.took
        if (merge && took !== undefined) alike.set(merge.name, [...(alike.get(merge.name) ?? []), took])
      }
      for (const [name, took] of alike) learnOne(name, (took[0] ?? 0) / took.length)
    },
  }
}
