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

/** A server of its own in a temporary folder, with a migrated database that each test file gets a clone of. */
async function start(): Promise<Shared> {
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
  const admin = new Client({ connectionString: server.adminUrl })
  await admin.connect()
  await admin.query(`create database ${template}`)
  await admin.end()
  await migrate(connectionUrl(server.adminUrl, { database: template }))
  return {
    facts: { adminUrl: server.adminUrl, appUrl: server.appUrl, template },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
