import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { pino } from 'pino'
import { createApp } from '../../src/main/app'
import { readConfig } from '../../src/main/config'
import { createSecrets } from '../../src/main/secrets/secrets'
import type { Client } from './test-studio'

export interface EmbeddedStudio {
  /** Every procedure, as the owner at the window. */
  readonly client: Client
  close(): Promise<void>
}

/** The whole studio on its built-in Postgres, as the desktop and web hosts open it. */
export async function openEmbeddedStudio(dataDir: string): Promise<EmbeddedStudio> {
  const config = readConfig({ flags: [], environment: { TESSERA_DATA_DIR: dataDir } })
  const app = await createApp(config, {
    host: 'web',
    // TESSERA_TEST_LOG=error shows what went wrong inside.
    logger: pino({ level: process.env.TESSERA_TEST_LOG ?? 'silent' }, pino.destination(2)),
    // The keychain of the machine is no place for tests.
    secrets: createSecrets({ dataDir, keychain: async () => null }),
    bcryptCost: 4,
  })
  await app.ready()
  const session = app.openSession({ read: async () => null, write: async () => undefined })
  const client = createRouterClient(app.router, {
    context: { principal: () => session.principal(), session, userAgent: 'tests', address: null },
  })
  return { client, close: () => app.close() }
}

/** Its Postgres while that runs: the process, and the way in as superuser. */
export async function embeddedPostgres(dataDir: string): Promise<{ readonly pid: number; readonly adminUrl: string }> {
  const file = await readFile(join(dataDir, 'postgres/postgres/cluster/postmaster.pid'), 'utf8')
  const [pid, , , port] = file.split('\n')
  const password = await createSecrets({ dataDir, keychain: async () => null }).get('embedded-postgres.admin')
  return { pid: Number(pid), adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/tessera` }
}
