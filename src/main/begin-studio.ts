import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from './config'
import { type DatabaseStart, type OpenDatabase, startDatabase } from './database-start'
import { type OpenStudioDatabaseOptions, openStudioDatabase } from './db/open-studio-database'
import { openServers, type Servers } from './features/servers/servers.service'
import { createLogger } from './log'
import { hideText } from './secrets/hidden-texts'
import { createSecrets, type Secrets } from './secrets/secrets'

export interface BeginOptions {
  readonly logger?: Logger
  readonly secrets?: Secrets
  readonly openDatabase?: OpenDatabase
}

/** The first things of every start, which all others need. */
export interface BegunStudio {
  readonly logger: Logger
  readonly secrets: Secrets
  /** Null where DATABASE_URL says the server. */
  readonly servers: Servers | null
  /** The server of the settings; null for the built-in one. */
  readonly chosen: string | null
  readonly embedded: boolean
  serverOf(id: string | null): Promise<OpenStudioDatabaseOptions['server']>
  readonly database: DatabaseStart
  /** Resolves when a process of Postgres works, or when there is none to wait for. */
  readonly underway: Promise<void>
}

/**
 * Begins to start the database. Apart from the rest of the studio, so that Postgres starts on one core (0.3 s) while
 * the other one reads the program (0.3 s).
 */
export async function beginStudio(config: Config, options: BeginOptions = {}): Promise<BegunStudio> {
  for (const secret of [config.mistral.apiKey, config.jwtSecret]) hideText(secret)
  const logger = options.logger ?? createLogger(config.logLevel)
  const secrets = options.secrets ?? createSecrets({ dataDir: config.dataDir })
  const { databaseUrl, replicaUrls } = config
  // Without DATABASE_URL it is one person's studio, who chooses its server in the settings.
  const servers = databaseUrl === null ? openServers(config.dataDir, secrets) : null
  const chosen = servers === null ? null : await chosenServer(servers, logger)
  const serverOf = async (id: string | null): Promise<OpenStudioDatabaseOptions['server']> =>
    id === null || servers === null
      ? { embedded: { dataDir: join(config.dataDir, 'postgres'), secrets } }
      : { databaseUrl: await servers.urlOf(id) }
  const embedded = databaseUrl === null && chosen === null
  let onSpawn: () => void = () => undefined
  const spawned = new Promise<void>((resolve) => {
    onSpawn = resolve
  })
  const open =
    options.openDatabase ??
    (async (told) =>
      openStudioDatabase({
        server: databaseUrl === null ? await serverOf(chosen) : { databaseUrl, replicaUrls },
        ...told,
        onSpawn,
      }))
  const database = startDatabase(async (told) => {
    const opened = await open(told)
    const { upgradeDatabases } = await import('./features/databases/upgrade-databases.service')
    await upgradeDatabases(opened.db, {
      onStep: told.onStep,
      onError: (error) => logger.error({ err: error }, 'a database was not brought up to date'),
    })
    return opened
  }, logger)
  return {
    logger,
    secrets,
    servers,
    chosen,
    embedded,
    serverOf,
    database,
    underway: embedded ? Promise.race([spawned, database.db().then(nothing, nothing)]) : Promise.resolve(),
  }
}

function nothing(): void {}

/** A list that cannot be read leaves the built-in server, where it can be seen why. */
async function chosenServer(servers: Servers, logger: Logger): Promise<string | null> {
  try {
    return (await servers.list()).current
  } catch (error) {
    logger.error({ err: error }, 'the list of servers cannot be read')
    return null
  }
}
