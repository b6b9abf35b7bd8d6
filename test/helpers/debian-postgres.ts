import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, chmod, chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serverUser } from '../../src/main/db/embedded/server-user'

/** Debian's Postgres 15: the oldest that DATABASE_URL may name, and one with the programs that make a standby. */
export const debianBinaries = '/usr/lib/postgresql/15/bin'
export const hasDebianPostgres = existsSync(join(debianBinaries, 'pg_basebackup'))

export interface DebianServer {
  readonly port: number
  /** As superuser, without a password. */
  readonly superUrl: string
  start(): Promise<void>
  /** `immediate` is what a crash leaves. */
  stop(mode: 'fast' | 'immediate'): Promise<void>
  /** Sends all its processes a signal: SIGSTOP makes a server that takes what is sent to it and never answers. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** A standby of it, that streams. */
  standby(): Promise<DebianServer>
}

export interface DebianServers {
  create(): Promise<DebianServer>
  /** Stops and removes all of them. */
  close(): Promise<void>
}

export async function debianServers(): Promise<DebianServers> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-15-'))
  const user = await serverUser()
  const owner = user === null ? {} : { uid: user.uid, gid: user.gid }
  const execute = promisify(execFile)
  const run = (program: string, args: readonly string[]) => execute(join(debianBinaries, program), [...args], owner)
  // Started by root, the server runs as another user, who must be able to come here.
  await chmod(folder, 0o755)
  const running = new Set<DebianServer>()
  let count = 0

  async function place(): Promise<string> {
    const data = join(folder, `data-${++count}`)
    await mkdir(data, { mode: 0o700 })
    if (user !== null) await chown(data, user.uid, user.gid)
    return data
  }

  async function begin(data: string): Promise<DebianServer> {
    const port = await freePort()
    await appendFile(
      join(data, 'postgresql.auto.conf'),
      [
        `port = ${port}`,
        `listen_addresses = '127.0.0.1'`,
        `unix_socket_directories = ''`,
        'fsync = off',
        // A standby that was away finds the log, and a connection that is dead is noticed before a test gives up.
        `wal_keep_size = '1GB'`,
        `wal_sender_timeout = '5s'`,
        `wal_receiver_timeout = '5s'`,
        `wal_retrieve_retry_interval = '200ms'`,
        '',
      ].join('\n'),
    )
    const server: DebianServer = {
      port,
      superUrl: `postgres://postgres@127.0.0.1:${port}/postgres`,
      async start() {
        await run('pg_ctl', ['start', '-w', '-s', '-D', data, '-l', join(data, 'log')])
        running.add(server)
      },
      async stop(mode) {
        running.delete(server)
        await run('pg_ctl', ['stop', '-w', '-s', '-m', mode, '-D', data])
      },
      async signal(name) {
        const file = await readFile(join(data, 'postmaster.pid'), 'utf8')
        const parent = Number.parseInt(file, 10)
        const { stdout } = await execute('ps', ['-o', 'pid=', '--ppid', String(parent)])
        for (const pid of [parent, ...stdout.split('\n').filter(Boolean).map(Number)]) process.kill(pid, name)
      },
      async standby() {
        const copy = await place()
        const source = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']
        await run('pg_basebackup', [...source, '-D', copy, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'])
        return begin(copy)
      },
    }
    await server.start()
    return server
  }

  return {
    async create() {
      const data = await place()
      await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'])
      return begin(data)
    },
    async close() {
      for (const server of [...running].reverse()) await server.stop('fast')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port')
  return address.port
}
