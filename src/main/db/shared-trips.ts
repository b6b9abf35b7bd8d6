import { AppError } from '@shared/app-error'
import { cancelled } from './lend-client'
import type { OneTrip, OneTripAnswer } from './one-trip'
import type { SqlQuery } from './sql'

/** Trips of one database that are under way at a time; the calls that come meanwhile make the next one. */
const mostUnderWay = 2
const mostCalls = 16
/** Milliseconds of statements that are sent together: nobody waits longer than that for what others have asked. */
const mostTime = 4
/** Milliseconds of a statement that takes too long to be waited for by others. */
const longest = 2
/** Milliseconds that the writes of a database go one by one after one of them has undone those that went with it. */
const apart = 1_000

interface Waiting {
  readonly trip: OneTrip
  readonly resolve: (answer: OneTripAnswer) => void
  readonly reject: (error: unknown) => void
}

interface Lane {
  readonly waiting: Waiting[]
  underWay: number
  isPlanned: boolean
  apartUntil: number
}

export type RunTrip = (trip: OneTrip) => Promise<OneTripAnswer>

/**
 * Calls of one database that meet go to Postgres together, in one transaction and one round trip: of what a short call
 * costs, most is the way there and its opening. A call that comes alone does not wait. When one of them fails, nothing
 * of the trip has happened, and each is made by itself.
 */
export function shareTrips(run: RunTrip): RunTrip {
  const lanes = new Map<string, Lane>()
  const times = createTimes()

  async function alone(trip: OneTrip): Promise<OneTripAnswer> {
    const answer = await run(trip)
    times.learn([trip], answer)
    return answer
  }

  function send(key: string, lane: Lane): void {
    lane.isPlanned = false
    while (lane.underWay < mostUnderWay && lane.waiting.length > 0) {
      const calls = lane.waiting.splice(0, together(lane))
      lane.underWay += 1
      void runTogether(lane, calls).finally(() => {
        lane.underWay -= 1
        if (lane.waiting.length > 0) plan(key, lane)
        else if (lane.underWay === 0 && lane.apartUntil < Date.now()) lanes.delete(key)
      })
    }
  }

  /** How many of those that wait go next. */
  function together({ waiting, apartUntil }: Lane): number {
    if (apartUntil > Date.now()) return 1
    let time = 0
    let count = 0
    for (const { trip } of waiting) {
      time += times.of(trip)
      if (count > 0 && (count === mostCalls || time > mostTime)) break
      count += 1
    }
    return count
  }

  async function runTogether(lane: Lane, calls: readonly Waiting[]): Promise<void> {
    const wanted = inOrder(calls).filter(({ trip, reject }) => {
      const isGone = trip.asker?.isGone() === true
      if (isGone) reject(cancelled())
      return !isGone
    })
    const [first, ...more] = wanted
    if (first === undefined) return
    if (more.length === 0) return settle(first, () => alone(first.trip))
    const trips = wanted.map(({ trip }) => trip)
    const { asker: _, ...shared } = first.trip
    try {
      const answer = await run({ ...shared, queries: trips.flatMap(({ queries }) => queries), last: lastOf(trips) })
      times.learn(trips, answer)
      let at = 0
      for (const { trip, resolve } of wanted) {
        if (answer.kind === 'outdated') resolve(answer)
        else resolve({ kind: 'done', answers: answer.answers.slice(at, at + trip.queries.length) })
        at += trip.queries.length
      }
    } catch (error) {
      // Whether it was written nobody knows; to write it again might be once too often.
      const isLost = error instanceof AppError && error.code === 'UNAVAILABLE'
      if (isLost) for (const { reject } of wanted) reject(error)
      if (isLost) return
      lane.apartUntil = Date.now() + apart
      for (const one of wanted) await settle(one, () => alone(one.trip))
    }
  }

  function plan(key: string, lane: Lane): void {
    if (lane.isPlanned || lane.underWay >= mostUnderWay) return
    lane.isPlanned = true
    // What has arrived with it is looked at first.
    setImmediate(() => send(key, lane))
  }

  return (trip) => {
    if (trip.isAlone === true || times.of(trip) > longest) return alone(trip)
    const key = `${trip.accountId} ${trip.databaseId} ${trip.version} ${trip.readOnly}`
    const lane = lanes.get(key) ?? { waiting: [], underWay: 0, isPlanned: false, apartUntil: 0 }
    lanes.set(key, lane)
    return new Promise((resolve, reject) => {
      lane.waiting.push({ trip, resolve, reject })
      plan(key, lane)
    })
  }
}

async function settle({ resolve, reject }: Waiting, work: () => Promise<OneTripAnswer>): Promise<void> {
  await work().then(resolve, reject)
}

/** Two trips that lock the same records never wait for each other. */
function inOrder(calls: readonly Waiting[]): readonly Waiting[] {
  const place = ({ trip }: Waiting) => trip.locks ?? ''
  return [...calls].sort((one, other) => (place(one) < place(other) ? -1 : place(one) > place(other) ? 1 : 0))
}

function lastOf(trips: readonly OneTrip[]): readonly SqlQuery[] {
  const all = trips.flatMap(({ last = [] }) => last)
  return [...new Map(all.map((query) => [`${query.text} ${query.values.join()}`, query])).values()]
}

/** Statements in memory; the oldest goes first. */
const mostStatements = 5_000

/** What statements take, by their names. One without a name was hardly ever asked, and says nothing about the next. */
function createTimes() {
  const times = new Map<string, number>()

  function learnOne(name: string, took: number): void {
    const known = times.get(name) ?? 0
    // One that seems slow was often only kept waiting; one that is, is so again.
    const next = known + (took - known) * (took < known ? 0.5 : 0.05)
    times.set(name, next)
    const [oldest] = times.keys()
    if (times.size > mostStatements && oldest !== undefined) times.delete(oldest)
  }

  return {
    /** Milliseconds. */
    of({ queries }: OneTrip): number {
      let time = 0
      for (const { name } of queries) {
        if (name === undefined) return Number.POSITIVE_INFINITY
        time += times.get(name) ?? 0
      }
      return time
    },
    learn(trips: readonly OneTrip[], answer: OneTripAnswer): void {
      if (answer.kind !== 'done') return
      let at = 0
      for (const { queries } of trips)
        for (const { name } of queries) {
          const took = answer.answers[at++]?.took
          if (name !== undefined && took !== undefined) learnOne(name, took)
        }
    },
  }
}
