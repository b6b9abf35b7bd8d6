import { createRouterClient } from '@orpc/server'
import type { ServerState } from '@shared/contract/host.contract'
import { pino } from 'pino'
import type { HostSession, Principal, RequestContext } from '../../src/main/context'
import type { StudioDatabase } from '../../src/main/db/database'
import { createAccessTokenVerifier } from '../../src/main/features/accounts/authentication'
import { createKeysInMemory } from '../../src/main/features/assistant/settings.service'
import type { HostInfo, Watchable } from '../../src/main/features/host/server-status'
import { createStorageWorker, type StorageWorker } from '../../src/main/features/store/storage-worker'
import { createRouter, type Router } from '../../src/main/router'
import { createTestDatabase, type TestDatabase } from './database'

export const testSecret = 'the secret of the tests, never of a server'

export interface TestStudioOptions {
  readonly embedded?: boolean
  readonly state?: Watchable<ServerState>
  readonly now?: () => number
  /** What MISTRAL_API_KEY and MISTRAL_SERVER_URL would say. */
  readonly mistral?: { readonly apiKey: string | null; readonly serverUrl: string | null }
  /** Stands between the procedures and the database. */
  readonly db?: (db: StudioDatabase) => () => Promise<StudioDatabase>
}

export type Client = ReturnType<typeof clientOf>

export interface TestStudio extends TestDatabase {
  readonly router: Router
  /** Moves tables and builds indexes when it is told to. */
  readonly worker: StorageWorker
  /** What went to the log, one JSON text a line. */
  readonly log: readonly string[]
  readonly verifyAccessToken: (token: string) => Promise<Principal | null>
  /** Nobody unless the context says who. */
  client(context?: Partial<RequestContext>): Client
  /** A caller over HTTP with this access token. */
  bearer(token: string): Client
}

/** Every procedure over a database of its own, called without a carrier. */
export async function createTestStudio(options: TestStudioOptions = {}): Promise<TestStudio> {
  const test = await createTestDatabase()
  const log: string[] = []
  const db = options.db?.(test.db) ?? (async () => test.db)
  const info: HostInfo = {
    version: '0.0.0-test',
    host: 'web',
    database: { embedded: options.embedded ?? false, chosen: false, address: '127.0.0.1:5432/test' },
    secrets: 'file',
    apiUrl: 'http://127.0.0.1:4000',
    startedAt: '2026-01-01T00:00:00.000Z',
  }
  const now = options.now ?? Date.now
  const logger = pino({ level: 'trace' }, { write: (line) => void log.push(line) })
  const worker = createStorageWorker({ db, logger, now })
  const router = createRouter({
    db,
    worker,
    state: options.state ?? { current: { phase: 'ready' }, subscribe: () => () => undefined },
    info: () => info,
    jwtSecret: testSecret,
    logger,
    bcryptCost: 4,
    now,
    ...(options.mistral && { assistant: { keys: createKeysInMemory(), environment: options.mistral } }),
  })
  const verifyAccessToken = createAccessTokenVerifier({ db, jwtSecret: testSecret, now })
  return {
    ...test,
    router,
    worker,
    async close() {
      await worker.close()
      await test.close()
    },
    log,
    verifyAccessToken,
    client: (context) => clientOf(router, context),
    bearer: (token) => clientOf(router, { principal: () => verifyAccessToken(token), address: '192.0.2.1' }),
  }
}

/** A window whose person is `principal`; remembers what is handed to it. */
export function windowOf(session: HostSession): Partial<RequestContext> {
  return { principal: () => session.principal(), session }
}

function clientOf(router: Router, context: Partial<RequestContext> = {}) {
  return createRouterClient(router, {
    context: { principal: async () => null, session: null, userAgent: 'tests', address: '192.0.2.1', ...context },
  })
}

export interface Tenant {
  readonly email: string
  readonly userId: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly client: Client
}

let tenants = 0

export async function signUpTenant(studio: TestStudio, email: string): Promise<Tenant> {
  // From an address of their own: one address may sign up ten times in ten seconds.
  const address = `tenant-${++tenants}`
  const signed = await studio.client({ address }).auth.signup({ email, password: 'correct horse' })
  return {
    email,
    userId: signed.user.id,
    accessToken: signed.access_token,
    refreshToken: signed.refresh_token,
    client: studio.bearer(signed.access_token),
  }
}

/** The error's code and sentence; fails when the call succeeds. */
export async function failureOf(call: PromiseLike<unknown>): Promise<{ code: string; message: string; data: unknown }> {
  try {
    await call
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'data' in error)
      return { code: String(error.code), message: error.message, data: error.data }
    throw error
  }
  throw new Error('The call succeeded')
}
