import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeProgram } from '../helpers/child-program'
import { asAdmin } from '../helpers/database'
import { type EmbeddedStudio, embeddedPostgres, openEmbeddedStudio } from '../helpers/embedded-studio'
import { openFolder } from '../helpers/folder'
import { moveToTier } from '../helpers/storage-tier'
import { loadSize, type StoreEvent } from '../helpers/store-event'
import { failureOf } from '../helpers/test-studio'

/** How often something is killed; the 50 times that the plan asks for by CRASH_ROUNDS=50. */
const rounds = Number(process.env.CRASH_ROUNDS ?? '3')

let folder: string
let databaseId: string
let loads: string
const events: StoreEvent[] = []

beforeAll(async () => {
  folder = await openFolder()
  await withStudio(async ({ client }) => {
    const { project } = await client.projects.create({ name: 'Crash' })
    databaseId = (await client.databases.create({ projectId: project.id })).database.id
    const columns = [
      { name: 'batch', type: 'integer', required: true },
      { name: 'n', type: 'integer', required: true },
      { name: 'code', type: 'text', unique: true, required: true },
    ]
    loads = (await client.tables.create({ databaseId, schemaJson: { name: 'loads', columns } })).table.id
    const counter = [{ name: 'n', type: 'integer' }]
    await client.tables.create({ databaseId, schemaJson: { name: 'counter', columns: counter } })
    await client.records.create({ databaseId, tableName: 'counter', record: { n: -1 } })
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function withStudio<T>(work: (studio: EmbeddedStudio) => Promise<T>): Promise<T> {
  const studio = await openEmbeddedStudio(folder)
  try {
    return await work(studio)
  } finally {
    await studio.close()
  }
}

test(
  `after kill -9 of Postgres or of the studio, ${rounds} times, the data is what was acknowledged`,
  async () => {
    const program = await storeProgram()
    // One studio stays open: Postgres must not end with the others.
    await withStudio(async ({ client }) => {
      for (let round = 1; round <= rounds; round++) {
        await runUntilKilled(program, round, round % 2 === 0 ? 'postgres' : 'studio')
        const start = performance.now()
        await settle(client)
        console.log(`round ${round}: the move was settled after ${Math.round(performance.now() - start)} ms`)
        await check(client)
        await checkInside()
      }
    })
    const tally = new Map<string, number>()
    for (const { step, state, reason = '' } of events) {
      const what = `${step} ${state} ${reason}`.trim()
      tally.set(what, (tally.get(what) ?? 0) + 1)
    }
    console.log([...tally].map(([what, times]) => `${times} times ${what}`).join('\n'))
    const states = events.map(({ step, state }) => `${step} ${state}`)
    expect(states).toContain('load done')
    // On a slow machine few rounds may end before the slower steps do.
    const every = rounds < 10 ? [] : ['add done', 'drop done', 'count done', 'move done']
    for (const step of every) expect(states).toContain(step)
    // A schema edit may ask SQL that holds its table to come again.
    const refused = events.filter(({ state, reason = '' }) => state === 'refused' && !reason.startsWith('CONFLICT'))
    expect(refused).toEqual([])
  },
  60_000 + rounds * 40_000,
)

/** Starts a studio of its own on the same data, and ends it or its Postgres in the midst of its work. */
async function runUntilKilled(program: string, round: number, victim: 'postgres' | 'studio'): Promise<void> {
  const child = spawn(process.execPath, [program, folder, databaseId, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let heard = 0
  const enough = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      events.push(JSON.parse(line))
      if (++heard === 10) resolve()
    })
  })
  try {
    await Promise.race([enough, ended.then((code) => Promise.reject(new Error(`The program ended with ${code}`)))])
    await pause(200 + Math.random() * 1500)
    if (victim === 'postgres') {
      process.kill((await embeddedPostgres(folder)).pid, 'SIGKILL')
      // The studio brings it back and goes on.
      await pause(1500)
    }
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

/** A move that was under way is finished, or taken back, by who is left; which is tried without the waits of a program. */
async function settle(client: EmbeddedStudio['client']): Promise<void> {
  const { adminUrl } = await untilItWorks(() => embeddedPostgres(folder))
  const tier = Math.random() < 0.5 ? 'shared' : 'dedicated'
  const settled = new AbortController()
  const hurry = async () => {
    while (!settled.signal.aborted) {
      await asAdmin(
        adminUrl,
        `update studio.table_moves set heartbeat = '-infinity', retry_at = '-infinity'
        where heartbeat < now() - interval '1 second' or retry_at > now()`,
      ).catch(() => undefined)
      await untilItWorks(() => client.indexes.setStorage({ databaseId, tableId: loads, tier }))
      await pause(500)
    }
  }
  const hurrying = hurry()
  await untilItWorks(() => moveToTier(client, databaseId, [loads], tier))
  // What a move leaves is cleared away after its swap.
  while ((await asAdmin(adminUrl, 'select from studio.table_moves')).length > 0) await pause(50)
  settled.abort()
  await hurrying
}

/** Postgres is being started again. */
async function untilItWorks<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++)
    try {
      return await work()
    } catch (error) {
      if (tries === 100) throw error
      await pause(100)
    }
}

async function check(client: EmbeddedStudio['client']): Promise<void> {
  const rows = async (query: string) =>
    (await client.sql.run({ databaseId, query, limit: 10_000 })).results[0]?.rows ?? []
  const known = (step: StoreEvent['step'], value: number) =>
    new Set(events.filter((event) => event.step === step && event.value === value).map(({ state }) => state))
  const values = (step: StoreEvent['step'], state: StoreEvent['state']): number[] =>
    events.filter((event) => event.step === step && event.state === state).map(({ value }) => value)

  const batches = await rows(
    'select batch, count(*), count(distinct n), count(distinct code) from loads group by batch',
  )
  // Whole or not at all; all that were acknowledged, and none that was never sent.
  for (const [, ...counts] of batches) expect(counts.map(Number)).toEqual([loadSize, loadSize, loadSize])
  const there = new Set(batches.map(([batch]) => Number(batch)))
  expect(values('load', 'done').filter((batch) => !there.has(batch))).toEqual([])
  expect([...there].filter((batch) => !known('load', batch).has('begun'))).toEqual([])
  const counted = await client.records.query({ databaseId, tableName: 'loads', limit: 1, count: 'exact' })
  expect(counted.count).toBe(there.size * loadSize)

  const { table } = await client.tables.get({ databaseId, tableId: loads })
  const columns = table.schema_json.columns.map(({ name }) => name)
  const { results } = await client.sql.run({ databaseId, query: 'select * from loads limit 1' })
  expect(results[0]?.columns.map(({ name }) => name)).toEqual(columns)
  for (const n of values('add', 'done')) {
    const dropped = known('drop', n)
    if (!dropped.has('begun')) expect(columns).toContain(`c${n}`)
    if (dropped.has('done')) expect(columns).not.toContain(`c${n}`)
  }
  for (const name of columns.filter((column) => /^c\d+$/.test(column)))
    expect([name, await rows(`select count(*) from loads where ${name} is distinct from ${name.slice(1)}`)]).toEqual([
      name,
      [['0']],
    ])

  const [[n] = []] = await rows('select n from counter')
  expect([...values('count', 'begun'), -1]).toContain(n)
  expect(Number(n)).toBeGreaterThanOrEqual(Math.max(-1, ...values('count', 'done')))

  const [batch] = there
  const record = { batch: 0, n: 0, code: `${batch}-0` }
  if (batch !== undefined)
    expect((await failureOf(client.records.create({ databaseId, tableName: 'loads', record }))).code).toBe('CONSTRAINT')
}

/** Nothing is left of moves that were broken off, and the log has each record once. */
async function checkInside(): Promise<void> {
  const { adminUrl } = await embeddedPostgres(folder)
  const relations = await asAdmin(
    adminUrl,
    `select c.relname from pg_class c where c.relnamespace = 'studio_data'::regnamespace and c.relkind = 'r'
       and not exists (select from studio.project_tables t where t.storage ->> 'relation' = c.relname)`,
  )
  expect(relations).toEqual([])
  const [log] = await asAdmin(
    adminUrl,
    `select count(*) filter (where op = 'insert')::int as entries, count(distinct record_id)::int as records
     from studio.changes where table_id = $1 and op <> 'schema'`,
    [loads],
  )
  const there = await asAdmin(adminUrl, `select count(*)::int from studio.project_data where table_id = $1`, [loads])
  const [place] = await asAdmin(adminUrl, 'select storage from studio.project_tables where id = $1', [loads])
  const relation = relationOf(place?.storage)
  const own = relation === undefined ? [] : await asAdmin(adminUrl, `select count(*)::int from studio_data.${relation}`)
  // A table that moves keeps its records in one place only.
  const records = Number(there[0]?.count ?? 0) + Number(own[0]?.count ?? 0)
  expect(log).toEqual({ entries: records, records })
}

function relationOf(storage: unknown): string | undefined {
  if (typeof storage !== 'object' || storage === null || !('relation' in storage)) return undefined
  return String(storage.relation)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
