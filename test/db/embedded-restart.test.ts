import { execFile } from 'node:child_process'
import { readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '@shared/app-error'
import type { ServerState } from '@shared/contract/host.contract'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DatabaseStart, startDatabase } from '../../src/main/database-start'
import { isAlive } from '../../src/main/db/embedded/postmaster-file'
import { type EmbeddedServer, type SecretStore, startEmbeddedServer } from '../../src/main/db/embedded-server'
import { openStudioDatabase } from '../../src/main/db/open-studio-database'
import { sql } from '../../src/main/db/sql'
import { watchServerState } from '../../src/main/features/host/server-status'
import { startChildProgram } from '../helpers/child-program'
import { asAdmin } from '../helpers/database'
import { openFolder } from '../helpers/folder'

let folder: string
const undo: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  folder = await openFolder()
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
  await rm(folder, { recursive: true, force: true })
})

const silent = pino({ level: 'silent' })

function memorySecrets(): SecretStore {
  const values = new Map<string, string>()
  return {
    get: async (name) => values.get(name) ?? null,
    set: async (name, value) => void values.set(name, value),
  }
}

interface Studio {
  readonly database: DatabaseStart
  /** Every state there was, one after the other. */
  readonly states: readonly ServerState[]
  /** As superuser. */
  readonly adminUrl: () => Promise<string>
  readonly pid: () => Promise<number>
}

async function openStudio(): Promise<Studio> {
  const secrets = memorySecrets()
  const embedded = { dataDir: join(folder, 'data'), secrets }
  const database = startDatabase((told) => openStudioDatabase({ server: { embedded }, ...told }), silent)
  undo.push(() => database.close())
  const states: ServerState[] = []
  database.state.subscribe((state) => states.push(state))
  await database.db()
  states.splice(0)
  return {
    database,
    states,
    adminUrl: async () =>
      `postgres://postgres:${await secrets.get('embedded-postgres.admin')}@${database.opened()?.address}`,
    pid: async () => Number((await postmasterFile())[0]),
  }
}

async function postmasterFile(): Promise<string[]> {
  return (await readFile(join(folder, 'data/postgres/cluster/postmaster.pid'), 'utf8')).split('\n')
}

const owner = sql`select email from studio.local_owner()`

/** What callers who never stop asking are told, until `enough`. */
async function askUntil({ database }: Studio, enough: () => boolean): Promise<ReadonlySet<string>> {
  const answers = new Set<string>()
  while (!enough()) {
    const db = database.db()
    const answer = db.then((studio) => studio.withoutTenant((tx) => tx.query(owner)))
    answers.add(
      await answer.then(
        (rows) => `rows: ${JSON.stringify(rows)}`,
        (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.message}` : String(error)),
      ),
    )
  }
  return answers
}

async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 5))
}

const phases = (states: readonly ServerState[]) => states.map(({ phase }) => phase)

test('a server that is killed is started again, and everything works as before', async () => {
  const studio = await openStudio()
  const { database, states } = studio
  const db = await database.db()
  await asAdmin(await studio.adminUrl(), 'create table kept as select generate_series(1, 1000) as n')
  const before = await studio.pid()
  const stop = new AbortController()
  const watched = watchServerState(database.state, stop.signal)
  expect((await watched.next()).value).toEqual({ phase: 'ready' })
  const heard: string[] = []
  let listened = 0
  db.listen(
    'changes',
    (payload) => heard.push(payload),
    () => {
      listened += 1
    },
  )
  await until(() => listened === 1)

  process.kill(before, 'SIGKILL')
  const answers = await askUntil(studio, () => phases(states).join(' ') === 'starting ready')
  // Never a failure without a sentence, and nothing that no caller can do anything about.
  for (const answer of answers)
    expect(answer).toMatch(/^(rows: \[\{"email":"owner@localhost"\}\]|UNAVAILABLE: [A-Z].*\.)$/)
  expect(states[0]).toEqual({ phase: 'starting', step: 'The database stopped. Starting it again' })
  // A slow reader of the stream gets the last state only.
  for (let state = await watched.next(); state.value?.phase !== 'ready'; ) state = await watched.next()
  stop.abort()

  expect(await studio.pid()).not.toBe(before)
  expect(await asAdmin(await studio.adminUrl(), 'select count(*)::integer as n from kept')).toEqual([{ n: 1000 }])
  // Those who hold the database from before hold it still.
  const held = await database.db()
  expect(held).toBe(db)
  expect(await Promise.all(Array.from({ length: 20 }, () => db.withoutTenant((tx) => tx.query(owner))))).toHaveLength(
    20,
  )
  await until(() => listened === 2)
  await db.withoutTenant((tx) => tx.query(sql`select pg_notify('changes', 'after')`))
  await until(() => heard.includes('after'))
})

test('a call that comes while the server is down waits for it', async () => {
  const studio = await openStudio()
  process.kill(await studio.pid(), 'SIGKILL')
  await until(() => studio.states.length > 0)
  const db = await studio.database.db()
  expect(await db.withoutTenant((tx) => tx.query(owner))).toEqual([{ email: 'owner@localhost' }])
})

test.runIf(process.platform === 'linux')(
  'a server that loses one process recovers, and is not started twice',
  async () => {
    const studio = await openStudio()
    const [row] = await asAdmin(
      await studio.adminUrl(),
      `select pid from pg_stat_activity where application_name = 'tessera-studio'`,
    )
    const before = await studio.pid()
    // As the kernel does when the memory is gone.
    process.kill(Number(row?.pid), 'SIGKILL')
    const answers = await askUntil(studio, () => phases(studio.states).at(-1) === 'ready')
    for (const answer of answers)
      expect(answer).toMatch(/^(rows: \[\{"email":"owner@localhost"\}\]|UNAVAILABLE: [A-Z].*\.)$/)
    expect(await studio.pid()).toBe(before)
  },
)

test('a server that is shut down from outside is started again', async () => {
  const studio = await openStudio()
  process.kill(await studio.pid(), 'SIGINT')
  await until(() => phases(studio.states).join(' ') === 'starting ready')
  const db = await studio.database.db()
  expect(await db.withoutTenant((tx) => tx.query(owner))).toEqual([{ email: 'owner@localhost' }])
})

test('a wanted close starts nothing, also when the server died just before', async () => {
  for (const kill of [false, true]) {
    const studio = await openStudio()
    const pid = await studio.pid()
    if (kill) process.kill(pid, 'SIGKILL')
    await studio.database.close()
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false)
    expect(phases(studio.states)).toEqual([])
    const left = await promisify(execFile)('ps', ['-eo', 'args']).then(({ stdout }) => stdout.split('\n'))
    expect(left.filter((line) => line.includes(join(folder, 'data')))).toEqual([])
    await expect(studio.database.db()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'The studio is closing.' })
  }
})

test('two studios that share a server both have it back, at the same address', async () => {
  const args = ['serve', join(folder, 'data'), join(folder, 'secrets.json')]
  const other = await startChildProgram(args)
  undo.push(async () => {
    other.process.stdin?.end()
    await other.ended()
  })
  const first: { adminUrl: string; pid: number } = JSON.parse(await other.line())
  const secrets: SecretStore = {
    get: async (name) => JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))[name] ?? null,
    set: () => Promise.reject(new Error('There is no secret to set')),
  }
  let lost = 0
  const server = await startEmbeddedServer({ dataDir: join(folder, 'data'), secrets, onLost: () => void lost++ })
  undo.push(() => server.stop())
  expect(server.pid).toBe(first.pid)
  process.kill(first.pid, 'SIGKILL')
  await until(() => lost === 1)
  await Promise.all([server.revive(), server.revive()])
  expect(server.pid).not.toBe(first.pid)
  expect(await asAdmin(first.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }])
})

/** A server that has been killed. */
async function deadServer(): Promise<EmbeddedServer> {
  let lost = false
  const server = await startEmbeddedServer({
    dataDir: join(folder, 'data'),
    secrets: memorySecrets(),
    onLost: () => {
      lost = true
    },
  })
  undo.push(() => server.stop())
  process.kill(server.pid, 'SIGKILL')
  await until(() => lost)
  return server
}

test('says what to do when its port was taken meanwhile, and comes back when that is free', async () => {
  const server = await deadServer()
  const port = Number((await postmasterFile())[3])
  const thief = createServer().listen(port, '127.0.0.1')
  await until(() => thief.listening)
  await expect(server.revive()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: `Another program took port ${port} of the built-in database when that had stopped. End it, or close the studio and open it again.`,
  })
  await new Promise((resolve) => thief.close(resolve))
  await server.revive()
  expect(await asAdmin(server.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('makes no empty database in the place of one that is gone', async () => {
  const server = await deadServer()
  const cluster = join(folder, 'data/postgres/cluster')
  // Its last processes leave first.
  await until(async () => !(await isWorkedOn(cluster)))
  await rename(cluster, `${cluster}.elsewhere`)
  await expect(server.revive()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: `The data folder ${cluster} is gone. Put it back, or open the studio again.`,
  })
  await rename(`${cluster}.elsewhere`, cluster)
  await server.revive()
  expect(await asAdmin(server.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }])
})

async function isWorkedOn(cluster: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'])
  return stdout.includes(cluster)
}
