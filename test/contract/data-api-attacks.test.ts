import { afterAll, beforeAll, expect, test } from 'vitest'
import { readMaterial } from '../corpora/material'
import {
  identityProbes,
  injectionProbes,
  leakOf,
  type Probe,
  type Target,
  targetTables,
} from '../helpers/data-api-attacks'
import { asAdmin } from '../helpers/database'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant } from '../helpers/test-studio'
import { secretText } from '../helpers/two-tenants'

/** Nobody reaches through the data API what its key, its sign-in and the access rules do not open. */

let studio: HttpStudio
let victim: Target
let intruder: Target
beforeAll(async () => {
  studio = await createHttpStudio()
  victim = await createTarget('victim')
  intruder = await createTarget('intruder')
}, 240_000)
afterAll(() => studio.close())

async function createTarget(name: string): Promise<Target> {
  const { client } = await signUpTenant(studio, `${name}@example.org`)
  const { project } = await client.projects.create({ name })
  const { database } = await client.databases.create({ projectId: project.id })
  const databaseId = database.id
  const tables = new Map<string, string>()
  for (const table of targetTables.filter((one) => one !== 'users')) {
    const columns = [
      { name: 'word', type: 'text' },
      { name: 'meta', type: 'jsonb' },
      { name: 'user_id', type: 'uuid', references: { table: 'users', column: 'id' } },
    ]
    tables.set(table, (await client.tables.create({ databaseId, schemaJson: { name: table, columns } })).table.id)
  }
  const everything = (rule: 'public' | 'authenticated' | { owner: string }) => ({
    select: rule,
    insert: rule,
    update: rule,
    delete: rule,
  })
  await client.rules.set({ databaseId, tableId: tables.get('open') ?? '', select: 'public' })
  await client.rules.set({ databaseId, tableId: tables.get('members') ?? '', ...everything('authenticated') })
  await client.rules.set({ databaseId, tableId: tables.get('owned') ?? '', ...everything({ owner: 'user_id' }) })
  const signed = await studio.send({
    method: 'POST',
    path: `/api/database/${databaseId}/auth/signup`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `user-of-${name}@example.org`, password: 'correct horse' }),
  })
  const { user, access_token: token } = JSON.parse(signed.text)
  const hidden: string[] = []
  for (const table of ['closed', 'members', 'owned'])
    for (const owner of [user.id, null]) {
      const record = {
        word: `${owner === null ? 'other-' : ''}${secretText}`,
        meta: { secret: secretText },
        user_id: owner,
      }
      const made = await client.records.create({ databaseId, tableName: table, record })
      if (owner === null) hidden.push(made.record?._id ?? '')
    }
  await client.records.create({ databaseId, tableName: 'open', record: { word: 'plain' } })
  const make = async (kind: 'publishable' | 'secret') => client.keys.create({ databaseId, name: kind, kind })
  const revoked = await make('secret')
  await client.keys.revoke({ databaseId, keyId: revoked.key.id })
  const expired = await make('secret')
  await asAdmin(studio.adminUrl, `update studio.api_keys set expires_at = now() - interval '1 second' where id = $1`, [
    expired.key.id,
  ])
  return {
    ref: database.ref,
    publishable: (await make('publishable')).secret,
    secret: (await make('secret')).secret,
    revoked: revoked.secret,
    expired: expired.secret,
    token,
    userId: user.id,
    hidden,
  }
}

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
  const payloads = [...new Set(readPayloads())]
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

/** Of thousands some of each kind: every place of a request is tried with each. */
function readPayloads(): readonly string[] {
  const strings: unknown = JSON.parse(readMaterial('badinput/strings/blns.json'))
  const naughty = (Array.isArray(strings) ? strings : []).filter((one) => typeof one === 'string')
  const injections = ['Generic_SQLI', 'Generic_ErrorBased', 'Generic_UnionSelect', 'postgres-enumeration'].flatMap(
    (name) => readMaterial(`badinput/sql-injection/${name}.txt`).split('\n'),
  )
  const some = (list: readonly string[], step: number) => list.filter((one, at) => at % step === 0 && one.trim() !== '')
  return [
    ...some(naughty, 2),
    ...some(injections, 6),
    "' or 1=1 --",
    '"; drop table users; --',
    '$1',
    '{}',
    '()',
    '\\',
  ].filter((one) => one.length < 500 && !/\p{Cs}/u.test(one))
}
