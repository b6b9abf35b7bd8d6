import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTarget, hostileTexts, type Target } from '../helpers/attack-target'
import { identityProbes, injectionProbes, leakOf, type Probe } from '../helpers/data-api-attacks'
import { asAdmin } from '../helpers/database'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'

/** Nobody reaches through the data API what its key, its sign-in and the access rules do not open. */

let studio: HttpStudio
let victim: Target
let intruder: Target
beforeAll(async () => {
  studio = await createHttpStudio()
  victim = await createTarget(studio, 'victim')
  intruder = await createTarget(studio, 'intruder')
}, 240_000)
afterAll(() => studio.close())

async function tryAll(probes: readonly Probe[]): Promise<readonly string[]> {
  const through: string[] = []
  const open = [...probes]
  const worker = async () => {
    for (let probe = open.pop(); probe; probe = open.pop()) {
      const { status, text } = await studio.send(probe.call)
      const leak = leakOf(probe, status, text)
      if (leak !== null) through.push(`${probe.name}: ${leak}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  return through
}

async function digest(): Promise<unknown> {
  return asAdmin(
    studio.adminUrl,
    `select md5(string_agg(d.id::text || d.data::text, ',' order by d.id)) as digest from studio.project_data d
     join studio.project_tables t on t.id = d.table_id where t.table_name <> 'owned'`,
  )
}

test('more than 10,000 probes: nothing leaks, nothing changes, nothing breaks', async () => {
  const payloads = hostileTexts()
  const identities = identityProbes(victim, intruder)
  const injections = injectionProbes(victim, payloads)
  expect(identities.length + injections.length).toBeGreaterThan(10_000)
  const before = await digest()
  expect(await tryAll(identities)).toEqual([])
  expect(await tryAll(injections)).toEqual([])
  expect(await digest()).toEqual(before)
}, 900_000)

test('a planted hole is found', async () => {
  // The rules of the closed table opened behind the studio's back.
  await asAdmin(
    studio.adminUrl,
    `insert into studio.access_rules (project_id, table_id, rules)
     select t.project_id, t.id, jsonb_build_object('select', '{"allow": "public"}'::jsonb, 'insert', '{"allow": "none"}'::jsonb,
       'update', '{"allow": "none"}'::jsonb, 'delete', '{"allow": "none"}'::jsonb)
     from studio.project_tables t join studio.project_databases d on d.id = t.database_id
     where t.table_name = 'closed' and d.ref = $1`,
    [victim.ref],
  )
  await asAdmin(studio.adminUrl, `update studio.project_databases set schema_version = gen_random_uuid()`)
  const probes = identityProbes(victim, intruder).filter(
    ({ name }) => name.startsWith('GET closed') && name.endsWith('the publishable key'),
  )
  expect((await tryAll(probes)).length).toBeGreaterThan(0)
})
