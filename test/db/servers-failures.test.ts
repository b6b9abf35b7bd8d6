import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase } from '../../src/main/db/connect-database'
import type { StudioDatabase } from '../../src/main/db/database'
import { localOwner } from '../../src/main/features/accounts/accounts.service'
import type { Working } from '../../src/main/features/backups/copy-project.service'
import { moveProject } from '../../src/main/features/servers/move-project.service'
import { createSpool, type Spool } from '../../src/main/features/transfers/spool'
import { createTestApp, type TestApp } from '../helpers/app'
import { asAdmin, type TestDatabase } from '../helpers/database'
import { type MuteProxy, openMuteProxy } from '../helpers/mute-proxy'
import { type Client, failureOf, testSecret } from '../helpers/test-studio'
import { createProject, importFile } from '../helpers/transfers'

let here: TestApp
let there: TestApp
let spool: Spool
let client: Client
let proxy: MuteProxy

beforeAll(async () => {
  here = await createTestApp()
  there = await createTestApp()
  spool = createSpool(join(here.dataDir, 'spool-of-the-test'))
  client = windowOf(here)
  proxy = await openMuteProxy(there.database.adminUrl)
})
afterAll(async () => {
  await proxy.close()
  await spool.close()
  await here.close()
  await there.close()
})

function windowOf({ app }: TestApp): Client {
  const session = app.openSession(app.tokenStore('test'))
  return createRouterClient(app.router, {
    context: { principal: () => session.principal(), session, userAgent: 'tests', address: null },
  })
}

async function move(
  databaseId: string,
  working: Partial<Working> = {},
  { from = here.database.db, to = there.database.db }: { from?: StudioDatabase; to?: StudioDatabase } = {},
) {
  const ownerOf = ({ database }: TestApp) => database.db.withoutTenant((tx) => localOwner(tx))
  return moveProject(
    { db: from, principal: await ownerOf(here), spool, secret: testSecret },
    databaseId,
    { db: to, principal: await ownerOf(there), keepsBackups: true },
    { signal: undefined, report: () => undefined, ...working },
  )
}

/** Of what a service throws, as a client would be told. */
async function told(work: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  return work.then(
    () => expect.unreachable('It was done'),
    (error: unknown) => ({ code: Object(error).code, message: Object(error).message }),
  )
}

/** Everything that is there, shown or not. */
async function projectsThere(): Promise<number> {
  const [row] = await asAdmin(there.database.adminUrl, 'select count(*)::int as count from studio.projects')
  return Number(row?.count)
}

/** Enough records for COPY. */
async function filled(name: string): Promise<string> {
  const { databaseId } = await createProject(client, name)
  const lines = Array.from({ length: 12_000 }, (_, at) => `${at},${'word '.repeat(12)}${at}`)
  await importFile(client, databaseId, 'items.csv', `code,label\n${lines.join('\n')}\n`, {
    target: {
      kind: 'new',
      schema: {
        name: 'items',
        columns: [
          { name: 'code', type: 'integer', primary_key: true },
          { name: 'label', type: 'text' },
        ],
      },
      columns: [
        { source: 0, column: 'code' },
        { source: 1, column: 'label' },
      ],
    },
  })
  return databaseId
}

/** The same database by a way that can go dead. */
async function byProxy({ appUrl, adminUrl }: TestDatabase): Promise<StudioDatabase> {
  return connectDatabase({
    appUrl: proxy.through(appUrl),
    adminUrl: proxy.through(adminUrl),
    maxConnections: 5,
    silence: 300,
  })
}

test('a network that goes dead in the middle of a move is noticed on either side, and nothing is left of the copy', async () => {
  const databaseId = await filled('Silence')
  const before = await projectsThere()
  for (const [side, database, phase] of [
    ['to', there.database, 'writing'],
    ['from', here.database, 'reading'],
  ] as const) {
    const db = await byProxy(database)
    try {
      const stopped = await told(
        move(databaseId, { report: (progress) => progress.phase === phase && proxy.mute() }, { [side]: db }),
      )
      expect(stopped.code).toBe('UNAVAILABLE')
      if (side === 'to') expect(stopped.message).toMatch(/^The move stopped\. .* The original is as it was\./)
    } finally {
      proxy.heal()
      await db.close()
    }
    expect((await windowOf(there).projects.list()).projects).toEqual([])
  }
  const moved = await move(databaseId)
  expect(moved).toMatchObject({ records: 12_000, sameAddress: true })
  expect(await projectsThere()).toBe(before + 1)
  await windowOf(there).projects.delete({ projectId: moved.projectId })
})

test('a move that is cancelled while the network is dead ends as cancelled', async () => {
  const databaseId = await filled('Cancelled')
  const db = await byProxy(there.database)
  const stop = new AbortController()
  try {
    const report: Working['report'] = ({ phase }) => {
      if (phase !== 'writing') return
      proxy.mute()
      stop.abort()
    }
    expect((await told(move(databaseId, { signal: stop.signal, report }, { to: db }))).code).toBe('CANCELLED')
  } finally {
    proxy.heal()
    await db.close()
  }
})

test('a server that takes connections and says nothing: one move at a time, cancelled at once, and told in a sentence', async () => {
  const { databaseId } = await createProject(client, 'Waiting')
  const { server } = await client.servers.save({
    name: 'Silent',
    url: proxy.through(there.database.adminUrl),
    tls: 'off',
  })
  const account = { email: 'ada@example.org', password: 'correct horse', isNew: true }
  proxy.mute()
  try {
    const first = (await client.servers.move({ databaseId, to: server.id, account }))[Symbol.asyncIterator]()
    expect(await first.next()).toMatchObject({ value: { kind: 'progress', phase: 'connecting' } })
    expect(await failureOf(client.servers.move({ databaseId, to: server.id, account }))).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('is being moved already'),
    })
    await first.return?.()
    const second = (await client.servers.move({ databaseId, to: server.id, account }))[Symbol.asyncIterator]()
    const read = async () => {
      for (let next = await second.next(); next.done !== true; next = await second.next());
    }
    expect(await failureOf(read())).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('does not answer'),
    })
  } finally {
    proxy.heal()
  }
})

test('a project that goes to the bin while it is copied leaves no copy', async () => {
  const { databaseId, projectId } = await createProject(client, 'Binned')
  const before = await projectsThere()
  let binned: Promise<unknown> | undefined
  const to: StudioDatabase = {
    ...there.database.db,
    // First called when the original has been read.
    withAccount: async (...call) => {
      binned ??= client.projects.delete({ projectId })
      await binned
      return there.database.db.withAccount(...call)
    },
  }
  expect(await told(move(databaseId, {}, { to }))).toEqual({
    code: 'CONFLICT',
    message: expect.stringContaining('moved to the bin while it was copied'),
  })
  expect(await projectsThere()).toBe(before)
})

test('two studios that move the same project at once leave no half copy', async () => {
  const databaseId = await filled('Twice')
  const before = await projectsThere()
  const outcomes = await Promise.allSettled([move(databaseId), move(databaseId)])
  const arrived = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.projectId] : []))
  expect(arrived.length).toBeGreaterThan(0)
  expect((await windowOf(there).projects.list()).projects.map(({ id }) => id).sort()).toEqual([...arrived].sort())
  expect(await projectsThere()).toBe(before + arrived.length)
})
