import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createEndUserTokens } from '../../src/main/features/end-users/end-user-token'
import { createTarget, hostileTexts, type Target } from '../helpers/attack-target'
import { forgedTokens, leakIn } from '../helpers/data-api-attacks'
import { asAdmin } from '../helpers/database'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { brokenFrames, hostileJoins, type JoinProbe, joinProbes, leakOfFrames } from '../helpers/realtime-attacks'
import { openSocket, type RawSocket } from '../helpers/realtime-socket'
import { testSecret } from '../helpers/test-studio'
import { secretText } from '../helpers/two-tenants'

/** Nobody hears over the socket of the official client what its key, its sign-in and the access rules do not open. */

let studio: HttpStudio
let victim: Target
let intruder: Target
let base: string
/** People who are nobody here, by the tokens that they come with. */
let strangers: ReadonlyMap<string, string | undefined>
beforeAll(async () => {
  studio = await createHttpStudio()
  victim = await createTarget(studio, 'victim')
  intruder = await createTarget(studio, 'intruder')
  base = `${studio.url}/p/${victim.ref}`
  await victim.tenant.client.rules.set({
    databaseId: victim.databaseId,
    tableId: victim.tables.get('open') ?? '',
    select: 'public',
    hidden: ['meta'],
  })
  strangers = new Map([
    ['nobody', undefined],
    ["another project's user", intruder.token],
    ["another project's secret key", intruder.secret],
    ['a revoked key', victim.revoked],
    ['an expired key', victim.expired],
    ['an expired token', await expiredToken()],
    ['a sign-in that has ended', await endedToken()],
    ...forgedTokens(victim),
  ])
}, 240_000)
afterAll(() => studio.close())

function expiredToken(): Promise<string> {
  const { session_id: sessionId } = JSON.parse(Buffer.from(victim.token.split('.')[1] ?? '', 'base64url').toString())
  const claims = { userId: victim.userId, sessionId, email: 'user-of-victim@example.org' }
  return createEndUserTokens(testSecret, () => Date.now() - 7_200_000).issue(victim.databaseId, claims, 3_600, {})
}

async function endedToken(): Promise<string> {
  const path = `/api/database/${victim.databaseId}/auth/signup`
  const body = { email: 'gone@example.org', password: 'correct horse' }
  const { user, access_token: token } = JSON.parse((await studio.call({ method: 'POST', path, body })).text)
  await victim.tenant.client.endUsers.endSessions({ databaseId: victim.databaseId, userId: user.id })
  return token
}

async function opened(apikey: string, version: JoinProbe['version'] = '2.0.0'): Promise<RawSocket> {
  const socket = await openSocket(base, apikey, version)
  if (typeof socket === 'number') throw new Error(`Refused with ${socket}`)
  return socket
}

/** What gets through. */
async function tryAll(probes: readonly JoinProbe[]): Promise<readonly string[]> {
  const through: string[] = []
  const worker = async (own: JoinProbe[]): Promise<void> => {
    let socket: RawSocket | null = null
    for (const probe of own) {
      if (socket === null || socket.closed !== null) socket = await opened(probe.apikey, probe.version)
      const leak = leakOfFrames(probe, await socket.join(probe))
      if (leak !== null) through.push(`${probe.name}: ${leak}`)
      socket.leave(probe.topic)
    }
    socket?.close()
  }
  const ways = [...new Set(probes.map(({ apikey, version }) => `${version} ${apikey}`))]
  await Promise.all(
    ways.flatMap((way) => {
      const own = probes.filter(({ apikey, version }) => `${version} ${apikey}` === way)
      return Array.from({ length: 4 }, (_, at) => worker(own.filter((_probe, place) => place % 4 === at)))
    }),
  )
  return through
}

test('more than 10,000 joins: nobody is let in who may not be, and nothing breaks', async () => {
  const joins = joinProbes(victim, strangers)
  const hostile = hostileJoins(victim, hostileTexts())
  expect(joins.length + hostile.length).toBeGreaterThan(10_000)
  expect(await tryAll(joins)).toEqual([])
  expect(await tryAll(hostile)).toEqual([])
  expect(studio.serverLog.filter((line) => line.includes('"level":50'))).toEqual([])
}, 900_000)

/** Every way to come without a key of the project. */
async function entered(): Promise<readonly string[]> {
  const keys: readonly (readonly [string, string | undefined])[] = [
    ['no key', undefined],
    ['an empty key', ''],
    ['a made-up key', `tessera_sec_${'A'.repeat(32)}`],
    ['a revoked key', victim.revoked],
    ['an expired key', victim.expired],
    ["another project's secret key", intruder.secret],
    ["another project's publishable key", intruder.publishable],
    ['a token', victim.token],
    ['a text that is none', "' or 1=1 --\0"],
  ]
  const through: string[] = []
  for (const [name, key] of keys)
    for (const version of ['1.0.0', '2.0.0'] as const)
      for (const headers of [
        {},
        { authorization: `Bearer ${victim.token}` },
        { apikey: key?.replace('\0', '') ?? '' },
      ]) {
        const socket = await openSocket(base, key, version, headers)
        if (socket === 401) continue
        through.push(`${name}: ${typeof socket === 'number' ? socket : 'let in'}`)
        if (typeof socket !== 'number') socket.close()
      }
  return through
}

test('without a live key of the project there is no socket', async () => {
  expect(await entered()).toEqual([])
  for (const path of ['nothing', `${victim.ref}%00`, '..', 'x'.repeat(200)])
    expect([404, 400]).toContain(await openSocket(`${studio.url}/p/${path}`, victim.secret))
})

test('frames that are none end the socket or are answered, and the server goes on', async () => {
  for (const frame of brokenFrames()) {
    const socket = await opened(victim.publishable)
    socket.send(frame)
    const answered = await socket.join({ topic: 'realtime:after', payload: {} })
    if (socket.closed === null) expect(answered.join()).toContain('"status":"ok"')
    else expect([1007, 1009]).toContain(socket.closed)
    socket.close()
  }
  expect(studio.serverLog.filter((line) => line.includes('"level":50'))).toEqual([])
})

/** What somebody hears of all tables, while records are written, changed and deleted in each. */
async function overheard(token: string | undefined): Promise<string> {
  const all = { config: { postgres_changes: [{ event: '*', schema: 'public' }] }, access_token: token }
  const server = await opened(victim.secret)
  const spy = await opened(victim.publishable)
  await server.join({ topic: 'realtime:all', payload: { ...all, access_token: undefined } })
  await spy.join({ topic: 'realtime:all', payload: all })
  const { client } = victim.tenant
  const { databaseId } = victim
  const ids: string[] = []
  for (const tableName of ['closed', 'members', 'owned']) {
    const record = { word: `other-${secretText}`, meta: { secret: secretText } }
    const made = await client.records.create({ databaseId, tableName, record })
    const id = made.record?._id ?? ''
    ids.push(id)
    const place = { params: { databaseId, recordId: id }, query: { table: tableName } }
    await client.records.update({ ...place, body: { record: { word: `other-${secretText} again` } } })
    await client.records.delete(place)
  }
  // The last of all is one that everybody may hear of; by then the rest has been told.
  const word = `heard ${crypto.randomUUID()}`
  await client.records.create({ databaseId, tableName: 'open', record: { word, meta: { secret: secretText } } })
  const until = (socket: RawSocket, text: string) =>
    vi.waitFor(() => expect(socket.frames.join('\n')).toContain(text), { timeout: 20_000, interval: 20 })
  for (const id of ids) await until(server, id)
  await until(spy, word)
  const heard = spy.frames.join('\n')
  server.close()
  spy.close()
  return heard
}

test('what is written is told to nobody who may not read it', async () => {
  const nobody = await overheard(undefined)
  expect(leakIn(nobody, 'nothing')).toBeNull()
  const somebody = await overheard(victim.token)
  // The signed in may read what the members have; what has an owner is theirs alone, and what is hidden is nobody's.
  expect(somebody).toContain('"table":"members"')
  expect(somebody).not.toContain('"table":"owned"')
  expect(somebody).not.toContain('"table":"closed"')
  const open = somebody.split('\n').filter((frame) => frame.includes('"table":"open"'))
  expect(leakIn(open.join('\n'), 'nothing')).toBeNull()
})

test('a flood of joins is held to its hundred channels, and keeps nobody else waiting', async () => {
  const flood = await opened(victim.secret)
  const join = (topic: number) =>
    JSON.stringify([
      String(topic),
      String(topic),
      `realtime:${topic % 1_000}`,
      'phx_join',
      { config: { postgres_changes: [{ event: '*', schema: 'public', table: 'open' }] } },
    ])
  for (let topic = 0; topic < 20_000; topic += 1) flood.send(join(topic))
  const honest = await opened(victim.publishable)
  const answered = await honest.join({
    topic: 'realtime:honest',
    payload: { config: { postgres_changes: [{ event: '*', schema: 'public', table: 'open' }] } },
  })
  expect(answered.join()).toContain('"status":"ok"')
  await vi.waitFor(() => expect(flood.frames.join()).toContain('At most 100 channels'), { timeout: 20_000 })
  const last = await flood.join({ topic: 'realtime:0', payload: {} })
  expect(last.length).toBeGreaterThan(0)
  expect(flood.frames.filter((frame) => frame.includes('Subscribed')).length).toBeLessThanOrEqual(100)
  honest.close()
  flood.close()
}, 120_000)

async function planted(hole: string, values: readonly unknown[]): Promise<void> {
  await asAdmin(studio.adminUrl, hole, [...values])
  await asAdmin(studio.adminUrl, 'update studio.project_databases set schema_version = gen_random_uuid()')
}

const opening = (table: string, select: object, more = '') =>
  `insert into studio.access_rules (project_id, table_id, rules)
   select t.project_id, t.id, jsonb_build_object('select', '${JSON.stringify(select)}'::jsonb, 'insert', '{"allow": "none"}'::jsonb,
     'update', '{"allow": "none"}'::jsonb, 'delete', '{"allow": "none"}'::jsonb)
   from studio.project_tables t join studio.project_databases d on d.id = t.database_id
   where t.table_name = '${table}' and d.ref = $1
   on conflict (project_id, table_id) do update set rules = excluded.rules${more}`

test('holes that are planted are found', async () => {
  // The rules of a table, opened behind the studio's back: for everybody who should not be let in.
  await planted(opening('closed', { allow: 'public' }), [victim.ref])
  const closed = joinProbes(victim, new Map([['nobody', undefined]]), ['closed'])
  expect((await tryAll(closed)).length).toBeGreaterThan(0)
  expect(leakIn(await overheard(undefined), 'nothing')).not.toBeNull()
  await planted(opening('closed', { allow: 'none' }), [victim.ref])
  // Records with an owner, for all who are signed in.
  await planted(opening('owned', { allow: 'authenticated' }), [victim.ref])
  expect(await overheard(victim.token)).toContain('"table":"owned"')
  // Columns that were hidden.
  await planted(opening('open', { allow: 'public' }, ", hidden = '[]'::jsonb"), [victim.ref])
  expect(leakIn(await overheard(undefined), 'nothing')).not.toBeNull()
  // A key that was revoked, and is no more.
  await planted(
    'update studio.api_keys set revoked_at = null where project_id = (select project_id from studio.project_databases where ref = $1)',
    [victim.ref],
  )
  expect(await entered()).toContain('a revoked key: let in')
}, 120_000)
