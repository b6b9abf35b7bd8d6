import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { version } from '../../package.json'
import { type BeginOptions, type BegunStudio, beginStudio } from './begin-studio'
import type { Config } from './config'
import type { HostSession, Principal } from './context'
import type { StudioDatabase } from './db/database'
import { openStudioDatabase } from './db/open-studio-database'
import { isShortSecret } from './features/accounts/access-token'
import { createAccessTokenVerifier } from './features/accounts/authentication'
import { createHostSession, createLocalOwnerSession, type RefreshTokenStore } from './features/accounts/host-session'
import { type ApiProjects, createApiProjects } from './features/api/api-projects.service'
import { createQuotas, type Quotas } from './features/api/quota.service'
import { createRates, createTries, type RateSettings, type Rates } from './features/api/rates'
import { createRequestLog, type RequestLog } from './features/api/request-log'
import { makeDueBackups } from './features/backups/scheduled-backups'
import { keepChangeLog } from './features/changes/log-upkeep'
import type { EndUserAuthDeps } from './features/end-users/end-user-auth'
import { createEndUserTokens } from './features/end-users/end-user-token'
import { type Mailer, smtpMailer } from './features/end-users/mail'
import { createEndUserVerifier, type VerifyEndUser } from './features/end-users/verify-end-user'
import { openSettingsFile } from './features/host/settings-file'
import { emptyBin } from './features/projects/empty-bin'
import { watchLogins } from './features/sql/watch-logins'
import { createSqlPanel } from './features/sql-panel/sql-panel'
import { dropLostViews } from './features/store/lost-views.service'
import { createStorageWorker } from './features/store/storage-worker'
import { createSpool } from './features/transfers/spool'
import { createTransferStreams, type TransferStreams } from './features/transfers/transfer-streams'
import { createRouter, type Router } from './router'
import type { Secrets } from './secrets/secrets'
import { readServerConfig, type ServerConfig } from './server-config'
import { createTurnstile, type Turnstile } from './turnstile'

export interface AppOptions extends BeginOptions {
  readonly host: 'desktop' | 'web'
  /** What was begun before this file was read. */
  readonly begun?: BegunStudio
  /** bcrypt's cost; tests take less. */
  readonly bcryptCost?: number
  /** Where others share the server. */
  readonly server?: ServerConfig
  /** Who sends mails; tests take their own. */
  readonly mailer?: Mailer
  /** Asked when a person has chosen another server: closes this studio and opens it anew. */
  readonly restart?: () => void
}

/** One running studio: what every host and carrier is given. */
export interface App {
  readonly config: Config
  readonly version: string
  readonly router: Router
  readonly logger: Logger
  /** Carriers pass every call through it, so that closing can wait for what runs. */
  readonly calls: Turnstile
  /** Files in and out over HTTP. */
  readonly transfers: TransferStreams
  /** Resolves when Postgres answers; rejects with AppError UNAVAILABLE and the reason. */
  ready(): Promise<void>
  /** The sign-in of one window: the owner of the embedded server, or what `store` keeps. */
  openSession(store: RefreshTokenStore): HostSession
  /** A place for one sign-in among the secrets. */
  tokenStore(name: string): RefreshTokenStore
  verifyAccessToken(token: string): Promise<Principal | null>
  /** Signing in the people of a project's app. */
  endUserAuth(): Promise<EndUserAuthDeps>
  readonly verifyEndUser: VerifyEndUser
  /** `http://HOST:PORT`; empty before the HTTP server listens. */
  apiUrl(): string
  /** Waits while the studio's Postgres starts. */
  database(): Promise<StudioDatabase>
  readonly apiProjects: ApiProjects
  readonly rates: Rates
  readonly usualRates: RateSettings
  readonly quotas: Quotas
  readonly requests: RequestLog
  /** The server was chosen in the settings, where another one can be chosen when it does not answer. */
  readonly chosenServer: boolean
  /** Names that the server is asked by, beside the address it listens on. */
  readonly publicHosts: readonly string[]
  /** Told by the HTTP server once it listens. */
  listensAt(apiUrl: string): void
  /** Waits for calls in flight, closes the connections and stops the embedded Postgres. */
  close(): Promise<void>
}

/** Milliseconds between two looks at which backups are due. */
const backupLook = 10 * 60 * 1000
const day = 24 * 60 * 60 * 1000
/** Milliseconds that closing waits for calls in flight; a statement may take 30 s, but a person who quits should not. */
const patience = 10_000

/** The composition root of all hosts. It does not wait for Postgres: carriers may be served while that starts. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const startedAt = new Date().toISOString()
  const { logger, secrets, servers, chosen, embedded, serverOf, database } =
    options.begun ?? (await beginStudio(config, options))
  if (config.jwtSecret !== null && isShortSecret(config.jwtSecret))
    logger.warn('JWT_SECRET is shorter than 32 bytes, so it can be guessed. Use a longer one where others can connect.')
  const jwtSecret = config.jwtSecret ?? (await keptJwtSecret(secrets, logger))
  const place =
    servers !== null || config.jwtSecret === null ? await secrets.place().catch(() => 'file' as const) : 'environment'
  let apiUrl = ''

  const settings = servers !== null ? await openSettingsFile(join(config.dataDir, 'settings.json')) : null
  const spool = createSpool(join(config.dataDir, 'transfers'))
  const backupFolder = join(config.dataDir, 'backups')
  const worker = createStorageWorker({ db: () => database.db(), logger })
  const endUsers = createEndUserVerifier({ db: () => database.db(), jwtSecret })
  const mailer = options.mailer ?? smtpMailer
  const endUserTokens = createEndUserTokens(jwtSecret)
  const apiProjects = createApiProjects(() => database.db())
  const sqlPanel = createSqlPanel({ dir: join(config.dataDir, 'results') })
  const shared = options.server ?? readServerConfig({})
  const tries = () => createTries(shared.rateStore, () => database.db(), { tries: 10, windowMs: 10_000 })
  const endUserLimit = tries()
  const rates = createRates(shared.rateStore, () => database.db())
  const quotas = createQuotas(() => database.db(), shared.plans, shared.plan ?? (servers !== null ? 'local' : 'free'))
  const requests = createRequestLog(() => database.db(), logger)
  const router = createRouter({
    sqlPanel,
    settings,
    db: async () => worker.watched(await database.db()),
    worker,
    spool,
    backups: () => (embedded ? backupFolder : null),
    servers: servers && {
      servers,
      current: () => chosen,
      connect: async (id) =>
        openStudioDatabase({
          server: await serverOf(id),
          onError: (error) => logger.debug({ err: error }, 'the connection to another server'),
        }),
      restart() {
        // The answer to whoever asked goes out first.
        if (options.restart) setTimeout(options.restart, 50)
      },
    },
    quotas,
    signInLimit: tries(),
    rates: shared.rates,
    requests,
    state: database.state,
    info: () => ({
      version,
      host: options.host,
      database: { embedded, chosen: chosen !== null, address: database.opened()?.address ?? '' },
      secrets: place,
      apiUrl,
      startedAt,
    }),
    jwtSecret,
    logger,
    mailer,
    verifyEndUser: endUsers.verify,
    endUserLimit,
    assistant: { keys: secrets, environment: config.mistral },
    ...(options.bcryptCost === undefined ? {} : { bcryptCost: options.bcryptCost }),
  })

  const keepHouse = async () => {
    const db = await database.db()
    await emptyBin(db).catch((error: unknown) => logger.warn({ err: error }, 'the bin was not emptied'))
    await dropLostViews(db).catch((error: unknown) => logger.warn({ err: error }, 'views of nobody were not dropped'))
    await worker.clean().catch((error: unknown) => logger.warn({ err: error }, 'tables of nobody were not dropped'))
    await sqlPanel.spool.tidy().catch((error: unknown) => logger.warn({ err: error }, 'old results were not removed'))
    await requests.forget().catch((error: unknown) => logger.warn({ err: error }, 'old requests were not deleted'))
    await keepChangeLog(db).catch((error: unknown) => logger.warn({ err: error }, 'the change log was not kept up'))
  }
  const keepHouseQuietly = () => {
    // That there is no database is said where it is started.
    keepHouse().catch(() => undefined)
  }
  const houseTimer = setInterval(keepHouseQuietly, day)
  houseTimer.unref()
  // Not among the first statements: those are somebody waiting for a window.
  const firstTime = setTimeout(keepHouseQuietly, 30_000)
  firstTime.unref()

  worker.start()
  const stopping = new AbortController()
  let backingUp: Promise<void> = Promise.resolve()
  const backUp = () => {
    backingUp = backingUp.then(async () => {
      const db = await database.db()
      await makeDueBackups(db, { spool, folder: backupFolder, logger, signal: stopping.signal })
    })
    // That there is no database is said where it is started.
    backingUp = backingUp.catch(() => undefined)
  }
  const backupTimer = embedded ? setInterval(backUp, backupLook) : undefined
  backupTimer?.unref()
  const loginWatch = watchLogins(() => database.opened()?.db ?? null, logger)

  const calls = createTurnstile()
  const localOwner = embedded ? createLocalOwnerSession(() => database.db()) : null
  let closing: Promise<void> | undefined
  return {
    config,
    version,
    router,
    logger,
    calls,
    transfers: createTransferStreams(async () => worker.watched(await database.db()), spool, quotas.checkWrite),
    ready: async () => void (await database.db()),
    openSession: (store) => localOwner ?? createHostSession({ db: () => database.db(), store }),
    tokenStore(name) {
      // A sign-in belongs to one server, and is there again when the studio comes back to it.
      const place = chosen === null ? name : `${name}.${chosen}`
      return {
        read: () => secrets.get(place),
        write: (text) => (text === null ? secrets.delete(place) : secrets.set(place, text)),
      }
    },
    verifyAccessToken: createAccessTokenVerifier({ db: () => database.db(), jwtSecret }),
    endUserAuth: async () => ({
      db: await database.db(),
      secret: jwtSecret,
      tokens: endUserTokens,
      limit: endUserLimit,
      mailer,
      bcryptCost: options.bcryptCost,
      quota: quotas.checkWrite,
    }),
    verifyEndUser: endUsers.verify,
    apiUrl: () => apiUrl,
    database: async () => worker.watched(await database.db()),
    apiProjects,
    rates,
    usualRates: shared.rates,
    quotas,
    requests,
    publicHosts: shared.hosts,
    chosenServer: chosen !== null,
    listensAt(url) {
      apiUrl = url
    },
    close() {
      closing ??= (async () => {
        clearInterval(houseTimer)
        clearTimeout(firstTime)
        clearInterval(backupTimer)
        stopping.abort()
        await backingUp
        await calls.idle(patience)
        endUsers.close()
        await requests.close()
        await loginWatch.close()
        settings?.close()
        await sqlPanel.close()
        await worker.close()
        await spool.close()
        await database.close()
      })()
      return closing
    },
  }
}

/** Without a place to keep it, tokens end with this run; why there is none is said by the database, which needs it too. */
async function keptJwtSecret(secrets: Secrets, logger: Logger): Promise<string> {
  const name = 'jwt-secret'
  try {
    const kept = await secrets.get(name)
    if (kept !== null) return kept
    await secrets.set(name, randomBytes(48).toString('base64url'))
    const made = await secrets.get(name)
    if (made !== null) return made
  } catch (error) {
    logger.warn({ err: error }, 'the key of access tokens is not kept')
  }
  return randomBytes(48).toString('base64url')
}
