import { ORPCError } from '@orpc/server'
import { Client } from 'pg'
import type { CallProbe } from './isolation-probes'
import { isLeak, openSqlIntruder, sqlProbes } from './sql-probes'
import { createTestStudio, type TestStudio } from './test-studio'
import { createTwoTenants, digestOf, idsOf, secretText, type TwoTenants } from './two-tenants'

export interface Place extends TwoTenants {
  readonly studio: TestStudio
  /** Sees everything: what is there before and after a probe. */
  readonly admin: Client
  close(): Promise<void>
}

export async function createPlace(): Promise<Place> {
  const studio = await createTestStudio()
  const admin = new Client({ connectionString: studio.adminUrl })
  await admin.connect()
  const close = async () => {
    await admin.end()
    await studio.close()
  }
  try {
    return { studio, admin, close, ...(await createTwoTenants(studio)) }
  } catch (error) {
    await close()
    throw error
  }
}

/** One line for each probe that got through. */
export interface Verdict {
  readonly tried: number
  readonly through: readonly string[]
}

export async function tryCalls(place: Place, probes: readonly CallProbe[]): Promise<Verdict> {
  const through: string[] = []
  let before = await digestOf(place.admin, place.victim)
  for (const probe of probes) {
    const reason = await callReason(place, probe)
    const after = await digestOf(place.admin, place.victim)
    const changed = before !== after
    before = after
    if (reason !== null || changed) through.push(`${probe.name}: ${reason ?? 'changed what is not theirs'}`)
  }
  return { tried: probes.length, through }
}

/** Why the probe counts as got through; null when it did not. */
async function callReason({ studio, intruder, victim }: Place, probe: CallProbe): Promise<string | null> {
  const { caller, expected } = probe
  const client =
    caller === 'intruder' ? intruder.tenant.client : caller === 'nobody' ? studio.client() : studio.bearer(caller.token)
  try {
    const answer = await procedureOf(client, probe.procedure)(probe.input)
    const text = JSON.stringify(answer) ?? ''
    if (text.includes(secretText)) return `answered ${text.slice(0, 200)}`
    if (expected !== 'nothing') return `succeeded with ${text.slice(0, 200)}`
    const id = Object.values(idsOf(victim)).find((each) => text.includes(each))
    return id === undefined || probe.repeatsIds ? null : `answered the id ${id}`
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error
    if (`${error.message} ${JSON.stringify(error.data)}`.includes(secretText)) return `told ${error.message}`
    if (expected === 'nothing') return `failed with ${error.code}: ${error.message}`
    return expected.some((code) => code === error.code) ? null : `failed with ${error.code}: ${error.message}`
  }
}

function procedureOf(client: unknown, path: string): (input: unknown) => Promise<unknown> {
  let target = client
  for (const key of path.split('.')) target = Reflect.get(target as object, key)
  if (typeof target !== 'function') throw new Error(`No procedure ${path}`)
  return async (input) => Reflect.apply(target, undefined, [input])
}

export async function trySql(
  { studio, admin, victim, intruder }: Place,
  enough = Number.POSITIVE_INFINITY,
): Promise<Verdict> {
  const through: string[] = []
  let tried = 0
  // Without it many of the tricks would end before they have tried anything.
  await admin.query(
    'do $$ begin execute format($f$grant temporary on database %I to studio_app$f$, current_database()); end $$',
  )
  const sql = await openSqlIntruder(studio.appUrl)
  let before = await digestOf(admin, victim)
  for (const probe of sqlProbes({ victim, intruder })) {
    if (through.length >= enough) break
    tried++
    const seen = await sql.run(probe)
    const after = await digestOf(admin, victim)
    const changed = before !== after
    before = after
    if (changed || isLeak(seen, victim)) through.push(`${probe.name}: ${changed ? 'changed' : seen.slice(0, 200)}`)
  }
  await sql.close()
  return { tried, through }
}
