import { rm } from 'node:fs/promises'
import { createRouterClient } from '@orpc/server'
import { pino } from 'pino'
import type { StudioDatabase } from '../../src/main/db/database'
import { createAccessTokenVerifier } from '../../src/main/features/accounts/authentication'
import { createSqlPanel } from '../../src/main/features/sql-panel/sql-panel'
import { createRouter } from '../../src/main/router'
import { openFolder } from '../helpers/folder'
import { withStudioDatabase } from './bench-server'
import { measureOpening } from './sql-opening'
import { ms, percentile } from './statistics'

export const name = 'SQL panel: opened; a result of 1,000,000 rows, kept, scrolled, exported and cancelled'

const rows = 1_000_000
const million = `select n, md5(n::text) as mark, n * 1.5 as amount, now() as at from generate_series(1, ${rows}) n`
const secret = 'the secret of a benchmark, never of a server'

export async function run(print: (line: string) => void): Promise<void> {
  const dir = await openFolder()
  try {
    await measureOpening(print)
    await withStudioDatabase((db) => measure(db, dir, print))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function measure(db: StudioDatabase, dir: string, print: (line: string) => void): Promise<void> {
  const sqlPanel = createSqlPanel({ dir })
  const { client, databaseId } = await openProject(db, sqlPanel)
  await runAll(client, databaseId, 'select 1')
  const memory = watchMemory()

  const ran = await runAll(client, databaseId, million)
  print(`first rows ${ms(ran.first)} after the run was asked for, all ${ms(ran.all)}; memory grew by ${memory.grown()}`)

  const pages: number[] = []
  for (let page = 0; page < 500; page += 1) {
    const offset = Math.floor((page * 7919) % (rows / 200)) * 200
    const startedAt = performance.now()
    await client.sqlPanel.page({ databaseId, resultId: ran.resultId, offset, limit: 200 })
    pages.push(performance.now() - startedAt)
  }
  print(
    `500 pages anywhere: p50 ${ms(percentile(pages, 0.5))}, p95 ${ms(percentile(pages, 0.95))}; memory grew by ${memory.grown()}`,
  )

  for (const format of ['csv', 'json', 'xlsx'] as const) {
    const startedAt = performance.now()
    const events = await client.sqlPanel.export({ databaseId, resultId: ran.resultId, format })
    for await (const event of events)
      if (event.type === 'ready')
        print(
          `${format}: ${ms(performance.now() - startedAt)}, ${Math.round(event.bytes / 1e6)} MB; memory grew by ${memory.grown()}`,
        )
  }

  const cancels: number[] = []
  for (let time = 0; time < 10; time += 1) {
    const stop = new AbortController()
    const events = await client.sqlPanel.run({ databaseId, query: 'select pg_sleep(30)' }, { signal: stop.signal })
    await events.next()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const startedAt = performance.now()
    stop.abort()
    for await (const _ of events);
    cancels.push(performance.now() - startedAt)
  }
  print(`cancel, answered by the server: p50 ${ms(percentile(cancels, 0.5))}, worst ${ms(Math.max(...cancels))}`)
  memory.end()
  await sqlPanel.close()
}

async function openProject(db: StudioDatabase, sqlPanel: ReturnType<typeof createSqlPanel>) {
  const router = createRouter({
    db: async () => db,
    sqlPanel,
    state: { current: { phase: 'ready' }, subscribe: () => () => undefined },
    info: () => ({
      version: '0.0.0',
      host: 'web',
      database: { embedded: true, chosen: false, address: '' },
      secrets: 'file',
      apiUrl: '',
      startedAt: new Date().toISOString(),
    }),
    jwtSecret: secret,
    logger: pino({ level: 'silent' }),
    bcryptCost: 4,
  })
  const context = { session: null, userAgent: null, address: '192.0.2.1' }
  const nobody = createRouterClient(router, { context: { ...context, principal: async () => null } })
  const signed = await nobody.auth.signup({ email: 'bench@example.org', password: 'correct horse' })
  const verify = createAccessTokenVerifier({ db: async () => db, jwtSecret: secret, now: Date.now })
  const client = createRouterClient(router, { context: { ...context, principal: () => verify(signed.access_token) } })
  const { project } = await client.projects.create({ name: 'Bench' })
  const { database } = await client.databases.create({ projectId: project.id })
  return { client, databaseId: database.id }
}

type Client = Awaited<ReturnType<typeof openProject>>['client']

async function runAll(client: Client, databaseId: string, query: string) {
  const startedAt = performance.now()
  let first = 0
  let resultId = ''
  const events = await client.sqlPanel.run({ databaseId, query, rowLimit: 5_000_000, timeoutMs: 300_000 })
  for await (const event of events) {
    if (event.type === 'columns') resultId = event.resultId
    if (event.type === 'rows') first = performance.now() - startedAt
    if (event.type === 'failed') throw new Error(event.message)
  }
  return { first, all: performance.now() - startedAt, resultId }
}

/** Of this process, which is what the studio's own would be: the most since the beginning. */
function watchMemory() {
  const before = process.memoryUsage().rss
  let most = before
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss)
  }
  const timer = setInterval(look, 20)
  return {
    grown() {
      look()
      return `${Math.round((most - before) / 2 ** 20)} MB at most`
    },
    end: () => clearInterval(timer),
  }
}
