import type { RealtimePostgresChangesPayload, SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createNotesApp, type NotesApp, ownNotes } from '../helpers/notes-app'

/** `channel().on('postgres_changes', ...)` of the official client, unchanged. */

let app: NotesApp
let studio: NotesApp['studio']
let tenant: NotesApp['tenant']
let databaseId: string
let ref: string
let tableId: string
let secret: string
let secretId: string
const clients: SupabaseClient[] = []
beforeAll(async () => {
  app = await createNotesApp([{ name: 'big', type: 'bigint' }])
  ;({ studio, tenant, databaseId, ref, tableId } = app)
  ;({ id: secretId, secret } = await app.secretKey('server'))
})
afterAll(async () => {
  for (const client of clients) await client.removeAllChannels()
  await app.close()
})

function clientOf(key: string): SupabaseClient {
  const client = app.clientOf(key, { transport: WebSocket })
  clients.push(client)
  return client
}

async function person(email: string): Promise<SupabaseClient> {
  const client = clientOf(app.publishable)
  const { error } = await client.auth.signUp({ email, password: 'correct horse' })
  expect(error).toBeNull()
  return client
}

interface Heard {
  readonly changes: RealtimePostgresChangesPayload<Record<string, unknown>>[]
  readonly states: string[]
}

/** Joined when it resolves. */
async function hear(client: SupabaseClient, filter: object = { event: '*', schema: 'public', table: 'notes' }) {
  const heard: Heard = { changes: [], states: [] }
  const channel = client.channel(`channel ${Math.random()}`)
  channel
    .on('postgres_changes', filter as never, (change: Heard['changes'][number]) => heard.changes.push(change))
    .subscribe((state, error) => heard.states.push(error ? `${state}: ${error.message}` : state))
  await until(() => expect(heard.states.length).toBeGreaterThan(0))
  return { ...heard, channel }
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 })

test('each hears of what the rules let them see', async () => {
  const grace = await person('grace@example.org')
  const alan = await person('alan@example.org')
  const [hers, his] = [await hear(grace), await hear(alan)]
  const server = await hear(clientOf(secret))
  expect([hers.states, his.states, server.states]).toEqual([['SUBSCRIBED'], ['SUBSCRIBED'], ['SUBSCRIBED']])
  const made = await grace.from('notes').insert({ body: 'first', big: '9007199254740993' }).select().single()
  await alan.from('notes').insert({ body: 'of Alan' })
  await until(() => expect(his.changes).toHaveLength(1))
  await grace.from('notes').update({ body: 'second' }).eq('id', made.data.id)
  await until(() => expect(hers.changes).toHaveLength(2))
  await grace.from('notes').delete().eq('id', made.data.id)
  await until(() => expect(server.changes).toHaveLength(4))
  expect(hers.changes).toMatchObject([
    { eventType: 'INSERT', schema: 'public', table: 'notes', new: made.data, old: {} },
    { eventType: 'UPDATE', new: { id: made.data.id, body: 'second', big: '9007199254740993' } },
  ])
  expect(server.changes.at(-1)).toMatchObject({ eventType: 'DELETE', new: {}, old: { id: made.data.id } })
  expect(Date.parse(server.changes[0]?.commit_timestamp ?? '')).toBeGreaterThan(0)
  expect(his.changes.map((change) => change.new)).toMatchObject([{ body: 'of Alan' }])
})

test('one event, a filter, and all tables at once', async () => {
  const server = clientOf(secret)
  const inserts = await hear(server, { event: 'INSERT', schema: 'public', table: 'notes', filter: 'body=eq.wanted' })
  const all = await hear(server, { event: '*', schema: 'public' })
  expect([inserts.states, all.states]).toEqual([['SUBSCRIBED'], ['SUBSCRIBED']])
  const { data } = await server
    .from('notes')
    .insert([{ body: 'other' }, { body: 'wanted' }])
    .select('id,body')
  await server
    .from('notes')
    .update({ big: 1 })
    .eq('id', data?.find(({ body }) => body === 'wanted')?.id)
  await until(() => expect(all.changes.map(({ eventType }) => eventType)).toEqual(['INSERT', 'INSERT', 'UPDATE']))
  await until(() => expect(inserts.changes).toHaveLength(1))
  expect(inserts.changes[0]).toMatchObject({ eventType: 'INSERT', new: { body: 'wanted' } })
  expect(await server.removeChannel(all.channel)).toBe('ok')
})

test('who may not read a table hears why, and nothing of it', async () => {
  const { states } = await hear(clientOf(app.publishable))
  expect(states[0]).toMatch(/^CHANNEL_ERROR: .*asks for a sign-in to select/)
  const none = await hear(clientOf(secret), { event: '*', schema: 'public', table: 'nothing' })
  expect(none.states[0]).toMatch(/^CHANNEL_ERROR: .*public\.nothing/)
  const broken = await hear(clientOf(secret), { event: '*', schema: 'public', table: 'notes', filter: 'body=nonsense' })
  expect(broken.states[0]).toMatch(/^CHANNEL_ERROR: /)
  const forged = new WebSocket(`${studio.url.replace('http', 'ws')}/p/${ref}/realtime/v1/websocket?apikey=tsk_forged`)
  const refused = await new Promise<number | undefined>((resolve) =>
    forged.once('unexpected-response', (_, { statusCode }) => resolve(statusCode)).on('error', () => undefined),
  )
  expect(refused).toBe(401)
})

test('a connection follows 300 tables at most, and has room again when it leaves some', async () => {
  const server = clientOf(secret)
  const states: string[] = []
  for (let index = 0; index < 16; index += 1) {
    const channel = server.channel(`many ${index}`)
    const filter = { event: '*', schema: 'public', table: 'notes' } as const
    for (let at = 0; at < 20; at += 1) channel.on('postgres_changes', filter, () => undefined)
    channel.subscribe((state, error) => states.push(error ? `${state}: ${error.message}` : state))
  }
  await until(() => expect(states.length).toBeGreaterThanOrEqual(16))
  expect(states.filter((state) => state === 'SUBSCRIBED')).toHaveLength(15)
  expect(states.find((state) => state !== 'SUBSCRIBED')).toMatch(/^CHANNEL_ERROR: .*follows too many tables/)
  await server.removeAllChannels()
  expect((await hear(server)).states).toEqual(['SUBSCRIBED'])
})

test('a channel ends with the sign-in, with the rule, and with the key', async () => {
  const ida = await person('ida@example.org')
  const joan = await person('joan@example.org')
  const hers = await hear(ida)
  const ruled = await hear(joan)
  const server = await hear(clientOf(secret))
  const { data } = await ida.auth.getUser()
  await tenant.client.endUsers.endSessions({ databaseId, userId: data.user?.id ?? '' })
  await until(() => expect(hers.states).toContain('CLOSED'))
  await tenant.client.rules.set({ databaseId, tableId, ...ownNotes, select: 'none' })
  await until(() => expect(ruled.states).toContain('CLOSED'))
  await tenant.client.rules.set({ databaseId, tableId, ...ownNotes })
  expect(server.states).toEqual(['SUBSCRIBED'])
  await tenant.client.keys.revoke({ databaseId, keyId: secretId })
  await until(() => expect(server.states).toContain('CLOSED'))
  await tenant.client.records.create({ databaseId, tableName: 'notes', record: { body: 'unheard' } })
  const heard = await hear(await person('mary@example.org'))
  expect(heard.states).toEqual(['SUBSCRIBED'])
  expect([...hers.changes, ...ruled.changes, ...server.changes]).toEqual([])
})
