import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { connectionUrl } from '../connection-url'
import { sqlState } from '../pg-error'
import type { PostmasterFile } from './postmaster-file'
import { superuser } from './server-process'
import { appSecret, newSecret, type SecretStore } from './server-secrets'

/** A login that stays, so that other studios see that the server is in use. */
export interface Presence {
  readonly client: Client
  readonly ended: Promise<void>
}

export interface Occupied {
  readonly presence: Presence
  readonly adminUrl: string
  readonly appUrl: string
  readonly version: string
}

/**
 * Logs in and stays, so that other studios see that the server is in use; makes the database and the app's login when
 * they are missing. Null when the password is not accepted.
 */
export async function occupy(
  file: PostmasterFile,
  password: string,
  secrets: SecretStore,
  renewApp: boolean,
): Promise<Occupied | null> {
  const base = `postgres://127.0.0.1:${file.port}`
  const adminUrl = connectionUrl(base, { user: superuser, password, database })
  const setup = await connect(connectionUrl(adminUrl, { database: 'template1' }))
  if (setup === null) return null
  try {
    const appPassword = await ensureApp(setup.client, secrets, renewApp)
    const presence = await connect(adminUrl)
    if (presence === null) return null
    await presence.client.query('select pg_advisory_lock_shared($1)', [presenceKey])
    const version = await presence.client.query<{ server_version: string }>('show server_version')
    return {
      presence,
      adminUrl,
      appUrl: connectionUrl(base, { user: 'studio_app', password: appPassword, database }),
      version: version.rows[0]?.server_version ?? '',
    }
  } finally {
    await setup.client.end().catch(() => undefined)
  }
}

/** Waits while the server is still recovering from a crash. Null when the password is not accepted. */
async function connect(connectionString: string): Promise<Presence | null> {
  for (let waited = 0; ; waited += recoveryPause) {
    const client = new Client({ connectionString, application_name: 'tessera-presence', keepAlive: true })
    client.on('error', () => undefined)
    const ended = new Promise<void>((resolve) => client.once('end', resolve))
    try {
      await client.connect()
      return { client, ended }
    } catch (error) {
      if (sqlState(error) === '28P01') return null
      if (sqlState(error) !== '57P03' || waited >= longestRecovery) throw error
    }
    await sleep(recoveryPause)
  }
}

/** Milliseconds. */
const recoveryPause = 100
/** Milliseconds: 1 GB of WAL on a slow disk takes a minute. */
const longestRecovery = 180_000

async function ensureApp(client: Client, secrets: SecretStore, renew: boolean): Promise<string> {
  const found = await client.query<{ name: string; isOpen: boolean }>(
    `select datname as name, has_database_privilege('public', oid, 'connect') as "isOpen" from pg_database
     where datname = any($1)`,
    [['template1', ownDatabase, database]],
  )
  const there = new Map(found.rows.map(({ name, isOpen }) => [name, isOpen]))
  const named = client.escapeIdentifier(database)
  if (!there.has(database)) {
    // The one that comes with a new server is given the name: to make another takes 0.2 s.
    const isSpare = there.delete(ownDatabase)
    await client.query(isSpare ? `alter database ${ownDatabase} rename to ${named}` : `create database ${named}`)
  }
  // Logins of the studio's logical databases have no business in the others.
  for (const name of ['template1', ownDatabase])
    if (there.get(name) === true) await client.query(`revoke connect, temporary on database ${name} from public`)
  const { rows } = await client.query<{ there: boolean }>(
    "select exists (select from pg_roles where rolname = 'studio_app' and rolcanlogin) as there",
  )
  const hasApp = rows[0]?.there === true
  const stored = await secrets.get(appSecret)
  if (!renew && stored !== null && hasApp) return stored
  const password = await newSecret(secrets, appSecret)
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'studio_app') then create role studio_app; end if;
    end $$;
    alter role studio_app login password ${client.escapeLiteral(password)}`)
  return password
}

/** Every studio holds the lock shared, so only the last one can have it alone. */
export async function isLast(presence: Client): Promise<boolean> {
  await presence.query('select pg_advisory_unlock_shared($1)', [presenceKey])
  const answer = await presence.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [presenceKey])
  return answer.rows[0]?.alone === true
}

const database = 'tessera'
/** Of every new server. */
const ownDatabase = 'postgres'
/** Any constant that nobody else locks. */
const presenceKey = '32762643847148130'
