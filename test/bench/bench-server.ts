import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { connectDatabase } from '../../src/main/db/connect-database'
import { connectionUrl } from '../../src/main/db/connection-url'
import type { StudioDatabase } from '../../src/main/db/database'
import { type SecretStore, startEmbeddedServer } from '../../src/main/db/embedded-server'
import { migrate } from '../../src/main/db/migrate'
import { openFolder } from '../helpers/folder'

/** A server of its own with an empty database, gone afterwards. `client` is its superuser. */
export async function withServer(work: (client: pg.Client, urls: Urls) => Promise<void>): Promise<void> {
  const folder = await openFolder()
  const kept = new Map<string, string>()
  const secrets: SecretStore = {
    get: async (key) => kept.get(key) ?? null,
    set: async (key, value) => void kept.set(key, value),
  }
  const server = await startEmbeddedServer({ dataDir: join(folder, 'data'), secrets })
  try {
    await withClient(server.adminUrl, (admin) => admin.query('create database bench'))
    const adminUrl = connectionUrl(server.adminUrl, { database: 'bench' })
    const appUrl = connectionUrl(server.appUrl, { database: 'bench' })
    await withClient(adminUrl, (client) => work(client, { adminUrl, appUrl }))
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

export interface Urls {
  readonly adminUrl: string
  readonly appUrl: string
}

/** The same with the studio's schema, and the studio's way to it. */
export async function withStudioDatabase(
  work: (db: StudioDatabase, client: pg.Client, urls: Urls) => Promise<void>,
): Promise<void> {
  await withServer(async (client, urls) => {
    await migrate(urls.adminUrl)
    const db = await connectDatabase(urls)
    try {
      await work(db, client, urls)
    } finally {
      await db.close()
    }
  })
}

export async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
