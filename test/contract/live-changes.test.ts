import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createNotesApp, type NotesApp, ownNotes } from '../helpers/notes-app'

/** `GET /p/<ref>/realtime/v1/changes`: what is written, as it is written, to whom the rules let see it. */

let app: NotesApp
let studio: NotesApp['studio']
let tenant: NotesApp['tenant']
let databaseId: string
let ref: string
let tableId: string
beforeAll(async () => {
  app = await createNotesApp()
  ;({ studio, tenant, databaseId, ref, tableId } = app)
})
afterAll(() => app.close())

interface Stream {
  readonly status: number
  /** `[type, record]` of each event. */
  readonly events: readonly (readonly [string, Record<string, unknown> | null])[]
  isEnded: boolean
  close(): void
}

function listen(headers: Record<string, string>, table = 'notes'): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${studio.url}/p/${ref}/realtime/v1/changes?table=${table}`, { headers }, (answer) => {
      const events: [string, Record<string, unknown> | null][] = []
      const stream: Stream = {
        status: answer.statusCode ?? 0,
        events,
        isEnded: false,
        close: () => outgoing.destroy(),
      }
      let text = ''
      answer.on('data', (part: Buffer) => {
        text += part.toString()
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1]
          text = text.slice(end + 2)
          if (data === undefined) continue
          const { type, record } = JSON.parse(data)
          events.push([type, record])
        }
      })
      const end = () => {
        stream.isEnded = true
      }
      answer.on('end', end)
      answer.on('error', end)
      resolve(stream)
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

async function secretKey(name: string) {
  const { id, secret } = await app.secretKey(name)
  return { id, headers: { apikey: secret } }
}

async function write(method: string, headers: Record<string, string>, body?: unknown, search = '') {
  const answer = await studio.send({
    method,
    path: `/p/${ref}/rest/v1/notes${search}`,
    headers: { ...headers, 'content-type': 'application/json', prefer: 'return=representation' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  expect(answer.status).toBeLessThan(300)
  return JSON.parse(answer.text)
}

const bodies = ({ events }: Stream) => events.map(([type, record]) => [type, record?.body])
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 })

test('tells what is written, and to each only what the rules let them see', async () => {
  const server = await secretKey('all')
  const grace = await app.signUp('grace@example.org')
  const alan = await app.signUp('alan@example.org')
  const [all, hers] = [await listen(server.headers), await listen(grace.headers)]
  const [made] = await write('POST', grace.headers, { body: 'first' })
  await write('POST', alan.headers, { body: 'of Alan' })
  await until(() => expect(bodies(all)).toHaveLength(2))
  await write('PATCH', grace.headers, { body: 'second' }, `?id=eq.${made.id}`)
  await until(() => expect(bodies(hers)).toHaveLength(2))
  await write('DELETE', grace.headers, undefined, `?id=eq.${made.id}`)
  await until(() => expect(bodies(all)).toHaveLength(4))
  expect(bodies(all)).toEqual([
    ['INSERT', 'first'],
    ['INSERT', 'of Alan'],
    ['UPDATE', 'second'],
    ['DELETE', undefined],
  ])
  // Whose a deleted record was, nobody can look up any more.
  expect(bodies(hers)).toEqual([
    ['INSERT', 'first'],
    ['UPDATE', 'second'],
  ])
  all.close()
  hers.close()
})

test('a transaction that commits later than one that began after it is told as well', async () => {
  const server = await secretKey('overlapping')
  const stream = await listen(server.headers)
  const { userId } = tenant
  const values = (body: string) => ({ databaseId, tableName: 'notes', record: { body } })
  let goOn: () => void = () => undefined
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve
  })
  // Holds a number of a transaction from before the other, and of a change from after it.
  const slow = studio.db.withDatabase(userId, databaseId, async (tx) => {
    await tx.query({ text: 'select pg_current_xact_id()', values: [] })
    await waiting
  })
  await tenant.client.records.create(values('quick'))
  await until(() => expect(bodies(stream)).toEqual([['INSERT', 'quick']]))
  goOn()
  await slow
  await tenant.client.records.create(values('last'))
  await until(() =>
    expect(bodies(stream)).toEqual([
      ['INSERT', 'quick'],
      ['INSERT', 'last'],
    ]),
  )
  stream.close()
})

describe('it ends', () => {
  test('with the key', async () => {
    const server = await secretKey('revoked')
    const stream = await listen(server.headers)
    await tenant.client.records.create({ databaseId, tableName: 'notes', record: { body: 'seen' } })
    await until(() => expect(stream.events).toHaveLength(1))
    await tenant.client.keys.revoke({ databaseId, keyId: server.id })
    await tenant.client.records.create({ databaseId, tableName: 'notes', record: { body: 'not seen' } })
    await until(() => expect(stream.isEnded).toBe(true))
    expect(stream.events).toHaveLength(1)
    expect((await listen(server.headers)).status).toBe(401)
  })

  test('with the sign-in', async () => {
    const ida = await app.signUp('ida@example.org')
    const stream = await listen(ida.headers)
    await write('POST', ida.headers, { body: 'seen' })
    await until(() => expect(stream.events).toHaveLength(1))
    await tenant.client.endUsers.endSessions({ databaseId, userId: ida.id })
    await tenant.client.records.create({ databaseId, tableName: 'notes', record: { body: 'x', user_id: ida.id } })
    await until(() => expect(stream.isEnded).toBe(true))
    expect(stream.events).toHaveLength(1)
  })

  test('with the rule, and what a rule hides is hidden from the next event on', async () => {
    const joan = await app.signUp('joan@example.org')
    const stream = await listen(joan.headers)
    await write('POST', joan.headers, { body: 'seen' })
    await until(() => expect(stream.events).toHaveLength(1))
    await tenant.client.rules.set({ databaseId, tableId, ...ownNotes, hidden: ['body'] })
    await tenant.client.records.create({ databaseId, tableName: 'notes', record: { body: 'x', user_id: joan.id } })
    await until(() => expect(stream.events).toHaveLength(2))
    expect(stream.events[1]?.[1]).not.toHaveProperty('body')
    await tenant.client.rules.set({ databaseId, tableId, ...ownNotes, select: 'none' })
    await tenant.client.records.create({ databaseId, tableName: 'notes', record: { body: 'x', user_id: joan.id } })
    await until(() => expect(stream.isEnded).toBe(true))
    expect(stream.events).toHaveLength(2)
    expect((await listen(joan.headers)).status).toBe(403)
    await tenant.client.rules.set({ databaseId, tableId, ...ownNotes })
  })
})

test('a change of nothing tells nobody', async () => {
  const server = await secretKey('nothing')
  const notices: string[] = []
  const stop = await new Promise<() => void>((resolve) => {
    const end = studio.db.listen(
      'studio_changes',
      (payload) => void notices.push(payload),
      () => resolve(() => end()),
    )
  })
  await write('PATCH', server.headers, { body: 'x' }, '?id=eq.00000000-0000-4000-8000-000000000000')
  await write('PATCH', server.headers, { body: 'x' }, '?body=eq.nobody')
  await write('DELETE', server.headers, undefined, '?body=eq.nobody')
  const before = notices.length
  await write('POST', server.headers, { body: 'y' })
  await until(() => expect(notices).toHaveLength(before + 1))
  expect(before).toBe(0)
  stop()
})
