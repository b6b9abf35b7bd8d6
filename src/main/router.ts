import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerState } from '@shared/contract/host.contract'
import type { Logger } from 'pino'
import type { StudioDatabase } from './db/database'
import { createAccessTokens } from './features/accounts/access-token'
import { createAuthHandlers } from './features/accounts/auth.handlers'
import { defaultBcryptCost } from './features/accounts/password'
import { createRateLimit, type RateLimit } from './features/accounts/rate-limit'
import { createSessionHandlers } from './features/accounts/session.handlers'
import { createApiHandlers } from './features/api/api.handlers'
import { createQuotas, type Quotas, usualPlans, type WriteQuota } from './features/api/quota.service'
import { type RateSettings, usualRates } from './features/api/rates'
import type { RequestLog } from './features/api/request-log'
import { createAssistantHandlers } from './features/assistant/assistant.handlers'
import { describeTable } from './features/assistant/describe-table.service'
import { type AssistantDeps, createKeysInMemory } from './features/assistant/settings.service'
import { createBackupsHandlers } from './features/backups/backups.handlers'
import { createChangesHandlers } from './features/changes/changes.handlers'
import { createConnectionHandlers } from './features/connection/connection.handlers'
import { createDatabasesHandlers } from './features/databases/databases.handlers'
import { createEndUsersHandlers } from './features/end-users/end-users.handlers'
import { type Mailer, smtpMailer } from './features/end-users/mail'
import { createEndUserVerifier, type VerifyEndUser } from './features/end-users/verify-end-user'
import { createHostHandlers } from './features/host/host.handlers'
import type { HostInfo, Watchable } from './features/host/server-status'
import type { SettingsFile } from './features/host/settings-file'
import { createKeysHandlers } from './features/keys/keys.handlers'
import { createProjectsHandlers } from './features/projects/projects.handlers'
import { createRecordInsightHandlers } from './features/records/record-insight.handlers'
import { createRecordsHandlers } from './features/records/records.handlers'
import { createRulesHandlers } from './features/rules/rules.handlers'
import { createViewsHandlers } from './features/saved-views/views.handlers'
import { createSchemaHandlers } from './features/schema/schema.handlers'
import { createServersHandlers, type ServersAccess } from './features/servers/servers.handlers'
import { createSqlHandlers } from './features/sql/sql.handlers'
import { createSqlPanel, type SqlPanel } from './features/sql-panel/sql-panel'
import { createSqlPanelHandlers } from './features/sql-panel/sql-panel.handlers'
import { createIndexesHandlers } from './features/store/indexes.handlers'
import { createStatisticsKeeper } from './features/store/statistics.service'
import { createStorageWorker, type StorageWorker } from './features/store/storage-worker'
import { createTablesHandlers } from './features/tables/tables.handlers'
import { createSpool, type Spool } from './features/transfers/spool'
import { createTransfersHandlers } from './features/transfers/transfers.handlers'
import { createProcedures } from './rpc/implementer'

export interface RouterDeps {
  /** Waits while the studio's Postgres starts; rejects with AppError UNAVAILABLE when it could not. */
  readonly db: () => Promise<StudioDatabase>
  readonly state: Watchable<ServerState>
  /** Asked when it is needed: the API's address is known only once it listens. */
  readonly info: () => HostInfo
  /** Everybody who has it can be anybody. */
  readonly jwtSecret: string
  readonly logger: Logger
  /** bcrypt's cost, 12 when left out; tests take less. */
  readonly bcryptCost?: number
  /** Who moves tables and builds indexes; one of its own when left out, which does only what it is told. */
  readonly worker?: StorageWorker
  /** Keeps results and open transactions of the SQL panel; one over a temporary folder when left out. */
  readonly sqlPanel?: SqlPanel
  /** What the data API shares with its settings; of their own when left out. */
  readonly quotas?: Quotas
  readonly rates?: RateSettings
  readonly requests?: RequestLog
  /** Of the apps' people; one of its own when left out. */
  readonly verifyEndUser?: VerifyEndUser
  readonly mailer?: Mailer
  /** Tries of the studio's people; of its own when left out. */
  readonly signInLimit?: RateLimit
  /** Tries of end users, shared with their own API. */
  readonly endUserLimit?: RateLimit
  /** Where keys of AI are kept, and what the environment says; nothing and in memory when left out. */
  readonly assistant?: Pick<AssistantDeps, 'keys' | 'environment'>
  /** Where files on their way are kept; a folder of its own among the system's temporary ones when left out. */
  readonly spool?: Spool
  /** Where backups are kept; null, or left out, where this studio keeps none. */
  readonly backups?: () => string | null
  /** The settings as a file; null, or left out, where several people share the server. */
  readonly settings?: SettingsFile | null
  /** Other servers; null, or left out, where this studio has one that is given. */
  readonly servers?: ServersAccess | null
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Everything the studio can be asked, the same behind every carrier. One for each app: it holds the rate limits. */
export function createRouter(deps: RouterDeps) {
  const { db, state, info, jwtSecret, logger, bcryptCost, now = Date.now } = deps
  const quotas = deps.quotas ?? createQuotas(db, usualPlans, 'local')
  const quota: WriteQuota = quotas.checkWrite
  const procedures = createProcedures({ db, logger, quota })
  const accessTokens = createAccessTokens(jwtSecret, now)
  const signIn = {
    limit: deps.signInLimit ?? createRateLimit({ tries: 10, windowMs: 10_000, now }),
    bcryptCost: bcryptCost ?? defaultBcryptCost,
  }
  const statistics = createStatisticsKeeper(db, (error) => logger.warn({ err: error }, 'statistics were not refreshed'))
  const assistant = {
    deps: {
      keys: deps.assistant?.keys ?? createKeysInMemory(),
      environment: deps.assistant?.environment ?? { apiKey: null, serverUrl: null },
      isPersonal: () => info().database.embedded,
    },
    // A key that many share costs whoever pays for it; a person reads no faster.
    limit: createRateLimit({ tries: 60, windowMs: 60_000, now }),
  }
  const spool = deps.spool ?? createSpool(join(tmpdir(), `tessera-transfers-${randomUUID()}`))
  return procedures.anytime.router({
    backups: createBackupsHandlers(procedures, { spool, folder: () => deps.backups?.() ?? null }),
    transfers: createTransfersHandlers(procedures, { spool }),
    servers: createServersHandlers(procedures, { access: deps.servers ?? null, signIn, spool, secret: jwtSecret }),
    host: createHostHandlers(procedures, { state, info, settings: deps.settings ?? null }),
    auth: createAuthHandlers(procedures, { ...signIn, accessTokens }),
    session: createSessionHandlers(procedures, {
      ...signIn,
      accessTokens,
      embedded: () => info().database.embedded,
    }),
    projects: createProjectsHandlers(procedures),
    databases: createDatabasesHandlers(procedures, { info }),
    schema: createSchemaHandlers(procedures),
    tables: createTablesHandlers(procedures, { describe: describeTable(assistant) }),
    assistant: createAssistantHandlers(procedures, assistant),
    views: createViewsHandlers(procedures),
    sql: createSqlHandlers(procedures, { quota }),
    sqlPanel: createSqlPanelHandlers(procedures, {
      panel: deps.sqlPanel ?? temporaryPanel(),
      quota,
    }),
    connection: createConnectionHandlers(procedures),
    keys: createKeysHandlers(procedures, { secret: jwtSecret }),
    rules: createRulesHandlers(procedures),
    api: createApiHandlers(procedures, {
      info,
      quotas,
      rates: deps.rates ?? usualRates,
      requests: deps.requests ?? { flush: async () => undefined },
    }),
    records: {
      ...createRecordsHandlers(procedures, { bcryptCost: signIn.bcryptCost, statistics }),
      ...createRecordInsightHandlers(procedures),
    },
    indexes: createIndexesHandlers(procedures, { worker: deps.worker ?? createStorageWorker({ db, logger, now }) }),
    changes: createChangesHandlers(procedures),
    endUsers: createEndUsersHandlers(procedures, {
      secret: jwtSecret,
      limit: deps.endUserLimit ?? signIn.limit,
      mailer: deps.mailer ?? smtpMailer,
      verify: deps.verifyEndUser ?? createEndUserVerifier({ db, jwtSecret, now }).verify,
      baseUrl: () => info().apiUrl,
      bcryptCost,
      quota: quotas.checkWrite,
    }),
  })
}

function temporaryPanel(): SqlPanel {
  return createSqlPanel({ dir: join(tmpdir(), `tessera-results-${process.pid}-${randomUUID()}`) })
}

export type Router = ReturnType<typeof createRouter>
