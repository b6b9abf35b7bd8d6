import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Config {
  /** 0 takes any free port; null the usual one, or a free one when that is taken. */
  readonly port: number | null
  readonly host: string
  readonly dataDir: string
  /** null: the embedded Postgres. */
  readonly databaseUrl: string | null
  /** Standby servers of it, which answer what may be a little old. */
  readonly replicaUrls: readonly string[]
  /** null: one is made and kept with the other secrets. */
  readonly jwtSecret: string | null
  readonly mistral: { readonly apiKey: string | null; readonly serverUrl: string | null }
  readonly logLevel: LogLevel
}

/** A setting that cannot be used. The message is all that is shown of it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export interface ConfigSources {
  /** The command line behind the program: `['--port', '0']`. */
  readonly flags: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
  /** A browser engine reads switches of its own from the same line. */
  readonly ignoreUnknownFlags?: boolean
}

/** Settings from the environment, and before it from flags; `--data-dir` is TESSERA_DATA_DIR, the others are spelt alike. */
export function readConfig(sources: ConfigSources): Config {
  const { environment, platform = process.platform } = sources
  const flags = readFlags(sources.flags, sources.ignoreUnknownFlags === true)
  const setting = (name: SettingName): string | null => flags.get(name) ?? (environment[name]?.trim() || null)
  const dataDir = setting('TESSERA_DATA_DIR')
  const primary = databaseUrl(setting('DATABASE_URL'))
  return {
    port: port(setting('PORT')),
    host: host(setting('HOST')),
    dataDir: dataDir === null ? userDataDir(environment, platform) : resolve(dataDir),
    databaseUrl: primary,
    replicaUrls: replicaUrls(setting('DATABASE_REPLICA_URLS'), primary),
    jwtSecret: setting('JWT_SECRET'),
    mistral: { apiKey: setting('MISTRAL_API_KEY'), serverUrl: httpUrl(setting('MISTRAL_SERVER_URL')) },
    logLevel: logLevel(setting('LOG_LEVEL')),
  }
}

const settings = {
  PORT: '--port',
  HOST: '--host',
  TESSERA_DATA_DIR: '--data-dir',
  DATABASE_URL: '--database-url',
  DATABASE_REPLICA_URLS: '--database-replica-urls',
  JWT_SECRET: '--jwt-secret',
  MISTRAL_API_KEY: '--mistral-api-key',
  MISTRAL_SERVER_URL: '--mistral-server-url',
  LOG_LEVEL: '--log-level',
} as const
type SettingName = keyof typeof settings

function readFlags(line: readonly string[], ignoreUnknown: boolean): ReadonlyMap<SettingName, string> {
  const found = new Map<SettingName, string>()
  for (let index = 0; index < line.length; index++) {
    const [flag = '', inline] = split(line[index] ?? '')
    const name = settingNames.find((candidate) => settings[candidate] === flag)
    if (name === undefined) {
      if (ignoreUnknown) continue
      throw new ConfigError(`${flag} is not a setting. The settings are ${Object.values(settings).join(', ')}.`)
    }
    const value = inline ?? line[++index]
    if (value === undefined || value === '') throw new ConfigError(`${flag} needs a value behind it.`)
    found.set(name, value)
  }
  return found
}

const settingNames: readonly SettingName[] = [
  'PORT',
  'HOST',
  'TESSERA_DATA_DIR',
  'DATABASE_URL',
  'DATABASE_REPLICA_URLS',
  'JWT_SECRET',
  'MISTRAL_API_KEY',
  'MISTRAL_SERVER_URL',
  'LOG_LEVEL',
]

function split(word: string): [string, string | undefined] {
  const equals = word.indexOf('=')
  return word.startsWith('--') && equals !== -1 ? [word.slice(0, equals), word.slice(equals + 1)] : [word, undefined]
}

function port(text: string | null): number | null {
  if (text === null) return null
  const number = Number(text)
  if (!/^\d{1,5}$/.test(text) || number > 65_535)
    throw new ConfigError(`PORT is ${quoted(text)}, but must be a number from 0 to 65535; 0 takes any free port.`)
  return number
}

function host(text: string | null): string {
  if (text === null) return '127.0.0.1'
  if (!/^[\w.:%-]+$/.test(text))
    throw new ConfigError(`HOST is ${quoted(text)}, but must be a host name or an IP address such as 127.0.0.1.`)
  return text
}

function databaseUrl(text: string | null): string | null {
  // The text may hold a password, so it is not repeated.
  if (text !== null && !/^postgres(ql)?:\/\//.test(text))
    throw new ConfigError('DATABASE_URL must look like postgres://user:password@host:5432/database.')
  return text
}

function replicaUrls(text: string | null, primary: string | null): readonly string[] {
  if (text === null) return []
  if (primary === null)
    throw new ConfigError('DATABASE_REPLICA_URLS needs DATABASE_URL, the server that they are replicas of.')
  const urls = text.split(',').map((url) => url.trim())
  const wrong = urls.findIndex((url) => !/^postgres(ql)?:\/\//.test(url) || !isUrl(url))
  if (wrong !== -1)
    throw new ConfigError(
      `DATABASE_REPLICA_URLS must hold addresses like postgres://user:password@host:5432/database, with commas between them; number ${wrong + 1} is none. A comma in a password is written %2C.`,
    )
  return urls
}

function isUrl(text: string): boolean {
  try {
    return new URL(text).href !== ''
  } catch {
    return false
  }
}

function httpUrl(text: string | null): string | null {
  if (text === null) return null
  let protocol = ''
  try {
    protocol = new URL(text).protocol
  } catch {
    // Said below, as for any other wrong address.
  }
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new ConfigError(`MISTRAL_SERVER_URL is ${quoted(text)}, but must be an http or https address.`)
  return text
}

function logLevel(text: string | null): LogLevel {
  if (text === null) return 'warn'
  const level = logLevels.find((candidate) => candidate === text.toLowerCase())
  if (level === undefined)
    throw new ConfigError(`LOG_LEVEL is ${quoted(text)}, but must be one of ${logLevels.join(', ')}.`)
  return level
}

/** The folder a desktop program of this name has anyway, so that the window and the web host see the same projects. */
function userDataDir(environment: ConfigSources['environment'], platform: NodeJS.Platform): string {
  const home = homedir()
  const configured = platform === 'win32' ? environment.APPDATA : environment.XDG_CONFIG_HOME
  const base =
    configured && isAbsolute(configured) ? configured : join(home, ...(usualFolders[platform] ?? ['.config']))
  return join(platform === 'darwin' ? join(home, 'Library', 'Application Support') : base, 'Tessera Studio')
}

const usualFolders: Partial<Record<NodeJS.Platform, readonly string[]>> = { win32: ['AppData', 'Roaming'] }

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text)
}
