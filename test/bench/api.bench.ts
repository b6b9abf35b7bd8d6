import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { connectionUrl } from '../../src/main/db/connection-url'
import { openFolder } from '../helpers/folder'
import { withServer } from './bench-server'
import { type Call, type Load, load } from './http-load'
import { median, ms, percentile } from './statistics'

export const name = 'The data API against a bare Node server on a native table'

const records = 20_000
const connections = 20
const seconds = Number(process.env.BENCH_SECONDS ?? 4)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const crowd = { connections: 1_000, seconds: Number(process.env.BENCH_CROWD ?? 60) }
const statuses = ['open', 'done', 'late', 'gone', 'new']

/**
 * The whole path of the product (key, rules of a sign-in for the owner of the key, change log, audit, request log), and a
 * server that has none of it; both on the same Postgres, in turns, from the same machine.
 */
export async function run(print: (line: string) => void): Promise<void> {
  const folder = await openFolder()
  await withServer(async (admin, { adminUrl }) => {
    await admin.query('create database native')
    const native = connectionUrl(adminUrl, { database: 'native' })
    const ids = await fillNative(native)
    const bare = await startProgram([join(process.cwd(), 'test/bench/bare-server.mjs')], { DATABASE_URL: native })
    const studio = await startProgram(programOf(), {
      DATABASE_URL: adminUrl,
      TESSERA_DATA_DIR: folder,
      JWT_SECRET: 'the secret of the benchmark and of nothing else',
      DEFAULT_PLAN: 'local',
    })
    try {
      const app = await fillStudio(studio.url, ids)
      for (const [what, ours, theirs] of operations(app, ids)) {
        const mine: Load[] = []
        const others: Load[] = []
        await load(bare.url, theirs, { connections, seconds: 1 })
        await load(studio.url, ours, { connections, seconds: 1 })
        for (let round = 0; round < rounds; round++) {
          others.push(await load(bare.url, theirs, { connections, seconds }))
          mine.push(await load(studio.url, ours, { connections, seconds }))
        }
        report(print, what, mine, others)
      }
      if (crowd.seconds > 0) {
        await manyClients(print, studio.url, app, ids)
        await whileSigningIn(print, studio.url, app, ids)
      }
    } finally {
      await bare.stop()
      await studio.stop()
    }
  })
  await rm(folder, { recursive: true, force: true })
}

type Calls = () => Call

function operations(app: StudioApp, ids: readonly string[]): readonly (readonly [string, Calls, Calls])[] {
  const { items, headers } = app
  const id = () => ids[Math.floor(Math.random() * ids.length)] ?? ''
  const status = () => statuses[Math.floor(Math.random() * statuses.length)] ?? ''
  const changed = () => ({ n: Math.floor(Math.random() * 1000), status: status() })
  return [
    [
      'get by id',
      () => ({ method: 'GET', path: `${items}?id=eq.${id()}`, headers }),
      () => ({ method: 'GET', path: `/items/${id()}` }),
    ],
    [
      'page of 50, filtered and sorted',
      () => ({ method: 'GET', path: `${items}?status=eq.${status()}&order=n.desc&limit=50`, headers }),
      () => ({ method: 'GET', path: `/items/?status=${status()}` }),
    ],
    [
      'insert',
      () => ({ method: 'POST', path: items, headers, body: newItem() }),
      () => ({ method: 'POST', path: '/items/', body: newItem() }),
    ],
    [
      'update',
      () => ({ method: 'PATCH', path: `${items}?id=eq.${id()}`, headers, body: changed() }),
      () => ({ method: 'PATCH', path: `/items/${id()}`, body: changed() }),
    ],
  ]
}

function report(print: (line: string) => void, what: string, ours: readonly Load[], theirs: readonly Load[]): void {
  const rate = (loads: readonly Load[]) => median(loads.map((one) => one.rate))
  const p95 = (loads: readonly Load[]) =>
    ms(
      percentile(
        loads.flatMap(({ times }) => times),
        0.95,
      ),
    )
  const ratio = (rate(ours) / rate(theirs)).toFixed(2)
  print(
    `${what}: ${rate(ours).toFixed(0)}/s (p95 ${p95(ours)}), bare ${rate(theirs).toFixed(0)}/s (p95 ${p95(theirs)}): ${ratio} of its throughput`,
  )
  const [failure] = [...ours, ...theirs].flatMap(({ failures }) => failures)
  if (failure !== undefined) print(`  FAILED: ${failure}`)
}

async function manyClients(print: (line: string) => void, url: string, app: StudioApp, ids: readonly string[]) {
  const [read] = operations(app, ids)
  const { rate, times, failures } = await load(url, read?.[1] ?? (() => ({ method: 'GET', path: '/' })), {
    ...crowd,
    pause: 1_000,
  })
  print(
    `${crowd.connections} clients for ${crowd.seconds} s: ${rate.toFixed(0)}/s, p95 ${ms(percentile(times, 0.95))}, ${failures.length} errors`,
  )
  if (failures[0] !== undefined) print(`  FAILED: ${failures[0]}`)
}

/** Reads at a pace that leaves room, alone and while 30 people a second sign in. */
async function whileSigningIn(print: (line: string) => void, url: string, app: StudioApp, ids: readonly string[]) {
  const [read] = operations(app, ids)
  if (!read) return
  const paced = { connections: 20, seconds: 10, pause: 50 }
  const alone = await load(url, read[1], paced)
  const logins = load(url, app.signIn, { connections: 30, seconds: 10, pause: 1_000 })
  const beside = await load(url, read[1], paced)
  const { rate, failures } = await logins
  const [before, after] = [alone, beside].map(({ times }) => percentile(times, 0.95))
  print(
    `p95 of reads: ${ms(before ?? Number.NaN)} alone, ${ms(after ?? Number.NaN)} beside ${rate.toFixed(0)} sign-ins a second`,
  )
  if (failures[0] !== undefined) print(`  FAILED: ${failures[0]}`)
}

interface StudioApp {
  readonly items: string
  readonly headers: Readonly<Record<string, string>>
  readonly signIn: Calls
}

function newItem() {
  const n = Math.floor(Math.random() * 1000)
  return {
    title: `Item ${n}`,
    status: statuses[n % statuses.length],
    n,
    amount: `${n}.50`,
    meta: { colour: 'red', size: n },
  }
}

async function fillNative(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create table items (
      id uuid primary key default gen_random_uuid(), title text not null, status text, n integer, amount numeric(10,2),
      meta jsonb, created_at timestamptz not null default now(), updated_at timestamptz not null default now());
    insert into items (title, status, n, amount, meta)
      select 'Item ' || i, (array['${statuses.join("','")}'])[1 + i % 5], (i * 7919) % 1000, i % 1000 + 0.5,
        jsonb_build_object('colour', 'red', 'size', i) from generate_series(1, ${records}) i;
    create index on items (status, n);
    analyze items`)
  const { rows } = await client.query<{ id: string }>('select id from items limit 5000')
  await client.end()
  return rows.map(({ id }) => id)
}

/** The same table and the same records, through the API alone. */
async function fillStudio(url: string, ids: readonly string[]): Promise<StudioApp> {
  const person = { email: `${randomUUID()}@example.org`, password: 'correct horse battery' }
  const { access_token } = await ask(url, 'POST', '/api/auth/signup', {}, person)
  const bearer = { authorization: `Bearer ${access_token}` }
  const { project } = await ask(url, 'POST', '/api/projects', bearer, { name: 'Bench' })
  const { database } = await ask(url, 'POST', '/api/database/create', bearer, { projectId: project.id })
  const place = `/api/database/${database.id}`
  const columns = [
    { name: 'title', type: 'text', required: true },
    { name: 'status', type: 'text' },
    { name: 'n', type: 'integer' },
    { name: 'amount', type: 'numeric(10,2)' },
    { name: 'meta', type: 'jsonb' },
  ]
  const { table } = await ask(url, 'POST', `${place}/tables/create`, bearer, { schemaJson: { name: 'items', columns } })
  const { secret } = await ask(url, 'POST', `${place}/keys`, bearer, { name: 'bench', kind: 'secret' })
  const rules = { select: 'public', insert: 'public', update: 'public', delete: 'none' }
  await ask(url, 'PUT', `${place}/tables/${table.id}/rules`, bearer, rules)
  const items = `/p/${database.ref}/rest/v1/items`
  for (let first = 0; first < records; first += 1000)
    await ask(
      url,
      'POST',
      items,
      { apikey: secret },
      Array.from({ length: 1000 }, (_, index) => {
        const id = ids[first + index]
        return { ...(id === undefined ? { id: randomUUID() } : { id }), ...newItem() }
      }),
    )
  await ask(url, 'POST', `${place}/tables/${table.id}/indexes`, bearer, { columns: ['status', 'n'] })
  await untilReady(url, `${place}/tables/${table.id}/indexes`, bearer)
  const key = await ask(url, 'POST', `${place}/keys`, bearer, { name: 'web', kind: 'publishable' })
  const people = Array.from({ length: 100 }, (_, index) => `person${index}@example.org`)
  const headers = { apikey: key.secret, authorization: `Bearer ${key.secret}` }
  const password = 'correct horse battery'
  for (const email of people) {
    const made = { email, password, email_confirm: true }
    await ask(url, 'POST', `/p/${database.ref}/auth/v1/admin/users`, { apikey: secret }, made)
  }
  let next = 0
  const signIn = (): Call => ({
    method: 'POST',
    path: `/p/${database.ref}/auth/v1/token?grant_type=password`,
    headers,
    body: { email: people[next++ % people.length], password },
  })
  return { items, headers, signIn }
}

async function untilReady(url: string, path: string, headers: Readonly<Record<string, string>>): Promise<void> {
  for (;;) {
    const { indexes, storage } = await ask(url, 'GET', path, headers)
    const isBuilt = indexes.every(({ state }: { state: string }) => state === 'ready')
    if (storage.tier === 'dedicated' && storage.moving === null && isBuilt) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what each call answers is said where it is used
async function ask(url: string, method: string, path: string, headers: object, body?: unknown): Promise<any> {
  const answer = await fetch(url + path, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}

interface Program {
  readonly url: string
  stop(): Promise<void>
}

/** `BENCH_CPU_PROFILE=folder` writes a profile of the studio there; `BENCH_SERVER=file` measures another build. */
function programOf(): readonly string[] {
  const { BENCH_CPU_PROFILE: folder, BENCH_SERVER: file } = process.env
  const profile = folder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', folder]
  return [...profile, ...(file === undefined ? [join(process.cwd(), 'src/main/start.mjs'), '--serve'] : [file])]
}

async function startProgram(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Program> {
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((found, failed) => {
    child.once('exit', (code) => failed(new Error(`The server ended with ${code}`)))
    child.stdout?.on('data', (text: Buffer) => {
      const match = /listening on (\S+)/.exec(text.toString())
      if (match?.[1]) found(match[1])
    })
  })
  return {
    url,
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    },
  }
}
