import { AppError } from '@shared/app-error'
import type { BatchQuery, BatchRows } from './batch'
import { cancelled } from './lend-client'
import { type MergedCalls, mergeCalls } from './merged-calls'
import type { OneTrip, OneTripAnswer } from './one-trip'
import { statementName } from './prepared-statements'
import { type SqlQuery, sql } from './sql'
import { createStatementTimes } from './statement-times'

/** Trips of one database that are under way at a time; the calls that come meanwhile make the next one. */
const mostUnderWay = 2
const mostCalls = 20
/** Milliseconds of statements that are sent together: nobody waits longer than that for what others have asked. */
const mostTime = 4
/** Milliseconds of a statement that takes too long to be waited for by others. */
const longest = 2
/** Milliseconds after which the next trip goes, whatever keeps those under way: somebody may hold a lock. */
const patience = 100
/** Milliseconds that the calls of a database go by themselves after one of them has undone those that went with it. */
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
  const times = createStatementTimes()

  async function alone(trip: OneTrip): Promise<OneTripAnswer> {
    const { merge: _, ...own } = trip
    const { queries, answersOf } = mergeCalls([trip])
    const answer = await run({ ...own, queries })
    return answer.kind === 'done'
      ? { kind: 'done', answers: learnt([trip], queries, answer.answers, answersOf)[0] ?? [] }
      : answer
  }

  function learnt(
    trips: readonly OneTrip[],
    queries: readonly BatchQuery[],
    answers: readonly BatchRows[],
    answersOf: MergedCalls['answersOf'],
  ): ReturnType<MergedCalls['answersOf']> {
    const parts = answersOf(answers)
    times.learn(queries, answers)
    times.learnMerged(trips, parts)
    return parts
  }

  function send(key: string, lane: Lane): void {
    lane.isPlanned = false
    while (lane.underWay < mostUnderWay && lane.waiting.length > 0) {
      const calls = lane.waiting.splice(0, together(lane))
      lane.underWay += 1
      const passed = once(() => {
        lane.underWay -= 1
        if (lane.waiting.length > 0) plan(key, lane)
        else if (lane.underWay === 0 && lane.apartUntil < Date.now()) lanes.delete(key)
      })
      const late = setTimeout(passed, patience)
      void runTogether(lane, calls).finally(() => {
        clearTimeout(late)
        passed()
      })
    }
  }

  /** How many of those that wait go next. */
  function together({ waiting }: Lane): number {
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
    const { asker: _, merge: __, ...shared } = first.trip
    const trips = wanted.map(({ trip }) => trip)
    const { queries, answersOf } = mergeCalls(trips)
    const before = shared.readOnly ? [] : [briefly]
    try {
      const answer = await run({ ...shared, queries: [...before, ...queries], last: lastOf(trips) })
      const parts = answer.kind === 'done' ? learnt(trips, queries, answer.answers.slice(before.length), answersOf) : []
      for (const [at, { resolve }] of wanted.entries())
        resolve(answer.kind === 'outdated' ? answer : { kind: 'done', answers: parts[at] ?? [] })
    } catch (error) {
      // Whether it was written nobody knows; to write it again might be once too often.
      const isLost = error instanceof AppError && error.code === 'UNAVAILABLE'
      lane.apartUntil = Date.now() + apart
      await Promise.all(wanted.map((one) => (isLost ? one.reject(error) : settle(one, () => alone(one.trip)))))
    }
  }

  function plan(key: string, lane: Lane): void {
    if (lane.isPlanned || lane.underWay >= mostUnderWay) return
    lane.isPlanned = true
    // What has arrived with it is looked at first.
    setImmediate(() => send(key, lane))
  }

  return (trip) => {
    const key = `${trip.accountId} ${trip.databaseId} ${trip.version} ${trip.readOnly}`
    const known = lanes.get(key)
    const isApart = known !== undefined && known.apartUntil > Date.now()
    if (isApart || trip.isAlone === true || times.of(trip) > longest) return alone(trip)
    const lane = known ?? { waiting: [], underWay: 0, isPlanned: false, apartUntil: 0 }
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

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

/** So that two trips that change the same records seldom wait for each other. */
function inOrder(calls: readonly Waiting[]): readonly Waiting[] {
  if (calls.every(({ trip }) => trip.locks === undefined)) return calls
  const place = ({ trip }: Waiting) => trip.locks ?? ''
  return [...calls].sort((one, other) => (place(one) < place(other) ? -1 : place(one) > place(other) ? 1 : 0))
}

function lastOf(trips: readonly OneTrip[]): readonly SqlQuery[] {
  const all = trips.flatMap(({ last = [] }) => last)
  return [...new Map(all.map((query) => [`${query.text} ${query.values.join()}`, query])).values()]
}

/** Whoever holds a record for long keeps one call waiting, and not those that go with it. */
const { text } = sql`select set_config('lock_timeout', '100', true)`
const briefly: SqlQuery = { text, values: [], name: statementName(text, '') }
