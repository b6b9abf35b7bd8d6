import type { BatchQuery, BatchRows } from './batch'

/** Statements in memory; the oldest goes first. */
const mostStatements = 5_000

export interface StatementTimes {
  /** Milliseconds that they take; infinite where one has no name, for it was hardly ever asked. */
  of(queries: readonly BatchQuery[]): number
  learn(queries: readonly BatchQuery[], answers: readonly BatchRows[]): void
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
    of(queries) {
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
  }
}
