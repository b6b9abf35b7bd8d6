import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@shared/app-error'
import { Client } from 'pg'
import { connectionUrl } from './connection-url'
import { findBinaries } from './embedded/binaries'
import { folderError, prepareFolders } from './embedded/folders'
import {
  isNumberTaken,
  isPostgres,
  type PostmasterFile,
  readPostmasterFile,
  removePostmasterFile,
} from './embedded/postmaster-file'
import {
  type Installation,
  makeCluster,
  setSuperuserPassword,
  startProcess,
  stopProcess,
  superuser,
} from './embedded/server-process'
import { serverUser } from './embedded/server-user'
import { withStartLock } from './embedded/start-lock'
import { isConnectionLoss, sqlState } from './pg-error'

/** Where the embedded server keeps its passwords: the keychain on a desktop, a 0600 file elsewhere. */
export interface SecretStore {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
}

export interface EmbeddedServerOptions {
  /** Absolute path of the folder that gets a folder `postgres`; made when it is missing. */
  readonly dataDir: string
  readonly secrets: SecretStore
}

export interface EmbeddedServer {
  /** As superuser. */
  readonly adminUrl: string
  /** As studio_app. */
  readonly appUrl: string
  readonly version: string
  /** Whether it ran already: for another studio, or left behind by one that was killed. */
  readonly adopted: boolean
  readonly pid: number
  /** Where the data is; elsewhere than asked when started as root below a closed folder. */
  readonly cluster: string
  /** Stops the server and waits for it, unless another studio uses it. */
  stop(): Promise<void>
}

/**
 * The Postgres that comes with the studio, on 127.0.0.1 only. It is a process of its own that outlives the studio:
 * after a kill -9 the next start adopts it, and two studios on one folder share it. UNAVAILABLE, with what to do,
 * when it cannot be had.
 */
export async function startEmbeddedServer(
  options: EmbeddedServerOptions & { readonly onStep?: (step: string) => void },
): Promise<EmbeddedServer> {
  const onStep = options.onStep ?? (() => undefined)
  const user = await serverUser()
  const folders = await prepareFolders(options.dataDir, user)
  const installation: Installation = { binaries: await findBinaries(user), folders, user }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withStartLock(folders.lock, () => startOrAdopt(installation, options.secrets, onStep))
    } catch (error) {
      // It was shut down by the studio that had started it at the moment we found it.
      if (!isConnectionLoss(error) || attempt === 20) throw folderError(folders.root, error)
      await sleep(100)
    }
  }
}

async function startOrAdopt(
  installation: Installation,
  secrets: SecretStore,
  onStep: (step: string) => void,
): Promise<EmbeddedServer> {
  const { cluster } = installation.folders
  const isNew = await checkVersion(installation)
  if (isNew) {
    onStep('Making the database on this machine')
    await makeCluster(installation, await newSecret(secrets, adminSecret))
  }
  let file = isNew ? null : await findRunning(cluster)
  const adopted = file !== null
  if (file === null) {
    onStep('Starting the database on this machine')
    file = await startProcess(installation)
  }
  const stored = await secrets.get(adminSecret)
  const first = stored === null ? null : await occupy(file, stored, secrets, isNew)
  if (first !== null) return serverOf(installation, file, adopted, first)

  // The password is lost (another machine's data, an emptied keychain) while the folder is ours: it is set anew.
  onStep('Renewing the password of the database on this machine')
  await stopProcess(installation.folders, file.pid)
  const password = await newSecret(secrets, adminSecret)
  await setSuperuserPassword(installation, password)
  file = await startProcess(installation)
  const second = await occupy(file, password, secrets, true)
  if (second === null) throw new AppError('UNAVAILABLE', `The database in ${cluster} does not accept its password.`)
  return serverOf(installation, file, false, second)
}

interface Occupied {
  readonly presence: Client
  readonly adminUrl: string
  readonly appUrl: string
  readonly version: string
}

function serverOf(
  installation: Installation,
  file: PostmasterFile,
  adopted: boolean,
  { presence, adminUrl, appUrl, version }: Occupied,
): EmbeddedServer {
  let lost = false
  presence.on('end', () => {
    lost = true
  })
  return {
    adminUrl,
    appUrl,
    version,
    adopted,
    pid: file.pid,
    cluster: installation.folders.cluster,
    async stop() {
      const last = !lost && (await isLast(presence).catch(() => false))
      if (last) await stopProcess(installation.folders, file.pid)
      await presence.end().catch(() => undefined)
    },
  }
}

/** True when there is no data yet. Data of another major version cannot be read by these programs. */
async function checkVersion({ binaries, folders }: Installation): Promise<boolean> {
  const text = await readFile(join(folders.cluster, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return true
  const major = Number.parseInt(text, 10)
  if (major === binaries.major) return false
  const advice =
    major > binaries.major
      ? 'Update Tessera Studio, or choose another data folder.'
      : 'Open it with the version of Tessera Studio that made it and export the projects, or choose another data folder.'
  throw new AppError(
    'UNAVAILABLE',
    `The data folder ${folders.cluster} was made by Postgres ${major}, and this Tessera Studio brings Postgres ${binaries.major}. ${advice}`,
    { details: { found: major, expected: binaries.major } },
  )
}

/**
 * The server that runs on the folder, or null. The file of a dead one is left to Postgres, which looks whether parts
 * of that server still live; it only gives up where the number is taken, by now by another program, so that file goes.
 */
async function findRunning(cluster: string): Promise<PostmasterFile | null> {
  for (;;) {
    const file = await readPostmasterFile(cluster)
    if (file === null || !isNumberTaken(file.pid)) return null
    if (!(await isPostgres(file.pid))) {
      await removePostmasterFile(cluster)
      return null
    }
    if (!file.own) return null
    if (file.ready) return file
    await sleep(20)
  }
}

/**
 * Logs in and stays, so that other studios see that the server is in use; makes the database and the app's login when
 * they are missing. Null when the password is not accepted.
 */
async function occupy(
  file: PostmasterFile,
  password: string,
  secrets: SecretStore,
  renewApp: boolean,
): Promise<Occupied | null> {
  const base = `postgres://127.0.0.1:${file.port}`
  const adminUrl = connectionUrl(base, { user: superuser, password, database })
  const setup = await connect(connectionUrl(adminUrl, { database: 'postgres' }))
  if (setup === null) return null
  try {
    const appPassword = await ensureApp(setup, secrets, renewApp)
    const presence = await connect(adminUrl)
    if (presence === null) return null
    await presence.query('select pg_advisory_lock_shared($1)', [presenceKey])
    const version = await presence.query<{ server_version: string }>('show server_version')
    return {
      presence,
      adminUrl,
      appUrl: connectionUrl(base, { user: 'studio_app', password: appPassword, database }),
      version: version.rows[0]?.server_version ?? '',
    }
  } finally {
    await setup.end().catch(() => undefined)
  }
}

async function connect(connectionString: string): Promise<Client | null> {
  const client = new Client({ connectionString, application_name: 'tessera-presence', keepAlive: true })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    if (sqlState(error) === '28P01') return null
    throw error
  }
}

async function ensureApp(client: Client, secrets: SecretStore, renew: boolean): Promise<string> {
  const found = await client.query<{ database: boolean; role: boolean }>(
    `select exists (select from pg_database where datname = $1) as database,
       exists (select from pg_roles where rolname = 'studio_app' and rolcanlogin) as role`,
    [database],
  )
  if (found.rows[0]?.database !== true) await client.query(`create database ${client.escapeIdentifier(database)}`)
  const stored = await secrets.get(appSecret)
  if (!renew && stored !== null && found.rows[0]?.role === true) return stored
  const password = await newSecret(secrets, appSecret)
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'studio_app') then create role studio_app; end if;
    end $$;
    alter role studio_app login password ${client.escapeLiteral(password)}`)
  return password
}

/** Every studio holds the lock shared, so only the last one can have it alone. */
async function isLast(presence: Client): Promise<boolean> {
  await presence.query('select pg_advisory_unlock_shared($1)', [presenceKey])
  const answer = await presence.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [presenceKey])
  return answer.rows[0]?.alone === true
}

async function newSecret(secrets: SecretStore, name: string): Promise<string> {
  const value = randomBytes(24).toString('base64url')
  await secrets.set(name, value)
  return value
}

const database = 'tessera'
const adminSecret = 'embedded-postgres.admin'
const appSecret = 'embedded-postgres.app'
/** Any constant that nobody else locks. */
const presenceKey = '32762643847148130'
