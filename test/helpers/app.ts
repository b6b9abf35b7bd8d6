import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type App, createApp } from '../../src/main/app'
import type { Config } from '../../src/main/config'
import type { OpenDatabase } from '../../src/main/database-start'
import type { StudioDatabase } from '../../src/main/db/database'
import { type HttpServer, startHttpServer } from '../../src/main/http/http-server'
import { createTestDatabase, type TestDatabase } from './database'

export interface TestAppOptions {
  /** As with the embedded server: the person at the window is its owner. Otherwise people sign in. */
  readonly embedded?: boolean
  readonly mistral?: Config['mistral']
  /** Stands between the procedures and the database, or refuses to open it. */
  readonly db?: (db: StudioDatabase) => StudioDatabase | Promise<StudioDatabase>
}

export interface TestApp {
  readonly app: App
  readonly database: TestDatabase
  readonly dataDir: string
  /** What went to the log, one JSON text a line. */
  readonly log: readonly string[]
  close(): Promise<void>
}

/** The whole studio behind its carriers, on a database and a data folder of its own. */
export async function createTestApp({
  embedded = true,
  mistral,
  db = (same) => same,
}: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'tessera-app-'))
  const log: string[] = []
  const openDatabase: OpenDatabase = async () => ({
    db: await db(database.db),
    embedded,
    version: database.db.version,
    address: '127.0.0.1:5432/test',
    revive: async () => undefined,
    close: async () => undefined,
  })
  const app = await createApp(
    { ...configOf(dataDir, embedded), ...(mistral && { mistral }) },
    {
      host: 'web',
      logger: pino({ level: 'info' }, { write: (line) => void log.push(line) }),
      openDatabase,
      bcryptCost: 4,
    },
  )
  return {
    app,
    database,
    dataDir,
    log,
    async close() {
      await app.close()
      await database.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export interface TestServer extends TestApp {
  readonly http: HttpServer
  /** The one-time links, newest last. */
  readonly links: readonly string[]
}

/** The same with its HTTP server, and a page in place of the built one. */
export async function createTestServer(options: TestAppOptions = {}): Promise<TestServer> {
  const test = await createTestApp(options)
  const links: string[] = []
  const rendererDir = join(test.dataDir, 'page')
  await mkdir(join(rendererDir, 'assets'), { recursive: true })
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>The studio</title>')
  await writeFile(join(rendererDir, 'assets/index-1a2b3c4d.js'), 'export {}')
  const http = await startHttpServer(test.app, { studio: { rendererDir, announce: (link) => void links.push(link) } })
  return {
    ...test,
    http,
    links,
    async close() {
      await http.close()
      await test.close()
    },
  }
}

function configOf(dataDir: string, embedded: boolean): Config {
  return {
    port: 0,
    host: '127.0.0.1',
    dataDir,
    databaseUrl: embedded ? null : 'postgres://nobody@127.0.0.1:1/not-opened',
    replicaUrls: [],
    jwtSecret: 'the secret of the tests, never of a server',
    mistral: { apiKey: null, serverUrl: null },
    logLevel: 'info',
  }
}
