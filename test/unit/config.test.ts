import { homedir } from 'node:os'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/main/config'

function read(flags: readonly string[], environment: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') {
  return readConfig({ flags, environment, platform })
}

test('nothing has to be set', () => {
  expect(read([])).toEqual({
    port: null,
    host: '127.0.0.1',
    dataDir: `${homedir()}/.config/Tessera Studio`,
    databaseUrl: null,
    replicaUrls: [],
    jwtSecret: null,
    mistral: { apiKey: null, serverUrl: null },
    logLevel: 'warn',
  })
})

test('the environment sets, and a flag goes before it', () => {
  const environment = {
    PORT: '4000',
    TESSERA_DATA_DIR: '/data',
    DATABASE_URL: 'postgres://a:b@host/db',
    LOG_LEVEL: 'INFO',
  }
  expect(read([], environment)).toMatchObject({ port: 4000, dataDir: '/data', logLevel: 'info' })
  const flags = ['--port', '0', '--data-dir=/other', '--mistral-api-key', 'key', '--host=::1']
  expect(read(flags, environment)).toMatchObject({
    port: 0,
    host: '::1',
    dataDir: '/other',
    databaseUrl: 'postgres://a:b@host/db',
    mistral: { apiKey: 'key' },
  })
})

test('an empty setting is none', () => {
  expect(read([], { PORT: '', DATABASE_URL: ' ' })).toMatchObject({ port: null, databaseUrl: null })
})

test('the data folder is the one that programs have on the platform', () => {
  expect(read([], { XDG_CONFIG_HOME: '/config' }).dataDir).toBe('/config/Tessera Studio')
  expect(read([], { XDG_CONFIG_HOME: 'relative' }).dataDir).toBe(`${homedir()}/.config/Tessera Studio`)
  expect(read([], {}, 'darwin').dataDir).toBe(`${homedir()}/Library/Application Support/Tessera Studio`)
  expect(read([], { APPDATA: '/roaming' }, 'win32').dataDir).toBe('/roaming/Tessera Studio')
})

test.each([
  [['--port', '70000'], {}, 'PORT is "70000", but must be a number from 0 to 65535; 0 takes any free port.'],
  [[], { PORT: '80a' }, 'PORT is "80a", but must be a number from 0 to 65535; 0 takes any free port.'],
  [['--port', '-1'], {}, 'PORT is "-1", but must be a number from 0 to 65535; 0 takes any free port.'],
  [[], { HOST: 'http://x' }, 'HOST is "http://x", but must be a host name or an IP address such as 127.0.0.1.'],
  [[], { MISTRAL_SERVER_URL: 'ftp://x' }, 'MISTRAL_SERVER_URL is "ftp://x", but must be an http or https address.'],
  [['--port'], {}, '--port needs a value behind it.'],
  [['--port='], {}, '--port needs a value behind it.'],
])('%j %j is refused with a sentence', (flags, environment, sentence) => {
  expect(() => read(flags, environment)).toThrow(new ConfigError(sentence))
})

test('what is not a setting is refused with those that are, or left to others', () => {
  expect(() => read(['--verbose'])).toThrow(/^--verbose is not a setting\. The settings are --port, --host,/)
  expect(
    readConfig({ flags: ['--no-sandbox', '/app', '--port=1'], environment: {}, ignoreUnknownFlags: true }).port,
  ).toBe(1)
})

test('replicas are a list, of a server', () => {
  const flags = [
    '--database-url=postgres://a@main/db',
    '--database-replica-urls',
    'postgres://a@one/db, postgres://a@two/db',
  ]
  expect(read(flags).replicaUrls).toEqual(['postgres://a@one/db', 'postgres://a@two/db'])
  expect(() => read(flags.slice(1))).toThrow(
    new ConfigError('DATABASE_REPLICA_URLS needs DATABASE_URL, the server that they are replicas of.'),
  )
})

test.each([
  'postgres://a@one/db,',
  'postgres://me:hunter2@one/db,mysql://me:hunter2@two/db',
  'postgres://me:hun,ter2@one/db',
])('replicas like %s are refused by their number, and not repeated', (urls) => {
  const refused = () => read(['--database-url=postgres://a@main/db', '--database-replica-urls', urls])
  expect(refused).toThrow(/^DATABASE_REPLICA_URLS must hold addresses .* number [12] is none\./)
  expect(refused).not.toThrow(/hun/)
})

test('a connection string is never repeated', () => {
  expect(() => read(['--database-url', 'mysql://me:hunter2@host/db'])).toThrow(
    new ConfigError('DATABASE_URL must look like postgres://user:password@host:5432/database.'),
  )
})
