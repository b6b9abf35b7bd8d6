import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { connectionUrl } from '../../src/main/db/connection-url'
import { startEmbeddedServer } from '../../src/main/db/embedded-server'
import { migrate } from '../../src/main/db/migrate'

/** Where the tests' Postgres is; the database of both is replaced by a clone of the template. */
export interface PostgresFacts {
  readonly adminUrl: string
  readonly appUrl: string
  readonly template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PostgresFacts
  }
}

interface Shared {
  readonly facts: PostgresFacts
  readonly stop: () => Promise<void>
}

/** Vitest runs this once for each project that names it, each time as a module of its own, in one process. */
const key = Symbol.for('tessera.test.postgres')
const place = globalThis as { [key]?: { users: number; started?: Promise<Shared> } }
place[key] ??= { users: 0 }
const shared = place[key]

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.users += 1
  shared.started ??= start()
  const { facts, stop } = await shared.started
  project.provide('postgres', facts)
  return async () => {
    shared.users -= 1
    if (shared.users === 0) await stop()
  }
}

/** A server with a migrated database that each test file gets a clone of. */
async function start(): Promise<Shared> {
  const url = process.env.TEST_POSTGRES_URL
  return url ? borrowServer(url) : startServer()
}

/** One that runs already, by its superuser: the tests of the store hold on it as on our own. */
async function borrowServer(adminUrl: string): Promise<Shared> {
  const template = `template_${randomBytes(6).toString('hex')}`
  await run(adminUrl, `create database ${template}`)
  const url = connectionUrl(adminUrl, { database: template })
  const extensions = `select from pg_available_extensions where name = 'citus'`
  if ((await run(url, extensions)).length > 0) await run(url, 'create extension citus')
  await migrate(url)
  // Elsewhere the app acts on the admin's login, which its own statements never do; tests try to get at that login.
  const app = { user: 'studio_app', password: randomBytes(16).toString('hex') }
  await run(url, `alter role studio_app login password '${app.password}'`)
  return {
    facts: { adminUrl, appUrl: connectionUrl(adminUrl, app), template },
    stop: async () => void (await run(adminUrl, `drop database ${template}`)),
  }
}

/** Our own, in a temporary folder. */
async function startServer(): Promise<Shared> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-test-'))
  // Started by root, the server runs as another user, who must be able to come here.
  await chmod(folder, 0o755)
  const secrets = new Map<string, string>()
  const server = await startEmbeddedServer({
    dataDir: join(folder, 'data'),
    secrets: {
      get: async (name) => secrets.get(name) ?? null,
      set: async (name, value) => void secrets.set(name, value),
    },
  })
  const template = 'template_studio'
  await run(server.adminUrl, `create database ${template}`)
  await migrate(connectionUrl(server.adminUrl, { database: template }))
  return {
    facts: { adminUrl: server.adminUrl, appUrl: server.appUrl, template },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function run(connectionString: string, text: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
