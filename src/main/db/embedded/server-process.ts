import { type SpawnOptions, spawn } from 'node:child_process'
import { chown, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@shared/app-error'
import type { Binaries } from './binaries'
import { diskFull, folderError, type ServerFolders } from './folders'
import { markSynced, markUnsynced } from './not-yet-on-disk'
import { isAlive, isPostgres, type PostmasterFile, readPostmasterFile } from './postmaster-file'
import type { ServerUser } from './server-user'

export interface Installation {
  readonly binaries: Binaries
  readonly folders: ServerFolders
  readonly user: ServerUser | null
}

/**
 * Makes the data folder. It is made beside its place and renamed, so a start that is cut off leaves no half of one. What
 * is in it may not be on the disk: `syncCluster` is next.
 */
export async function makeCluster(installation: Installation, password: string, onSpawn?: () => void): Promise<void> {
  const { binaries, folders, user } = installation
  const draft = `${folders.cluster}.new`
  const passwordFile = join(folders.root, 'password')
  try {
    await rm(draft, { recursive: true, force: true })
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (user !== null) await chown(passwordFile, user.uid, user.gid)
    const making = runToEnd(installation, binaries.initdb, [
      ...['-D', draft, '-U', superuser, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '--no-sync'],
      // Sorting by code point is the same on every machine; upper and lower case know all of Unicode.
      ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ])
    onSpawn?.()
    const answer = await making
    if (answer.code !== 0) throw startError(folders, answer.output)
    await markUnsynced(folders)
    await rename(draft, folders.cluster)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw folderError(folders.root, error)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Waits until the new data folder is on the disk; the server may run on it. */
export async function syncCluster(installation: Installation): Promise<void> {
  const { binaries, folders } = installation
  const answer = await runToEnd(installation, binaries.initdb, ['--sync-only', '-D', folders.cluster])
  if (answer.code !== 0) throw startError(folders, answer.output)
  await markSynced(folders)
}

export interface ProcessOptions {
  readonly port: number | undefined
  readonly onSpawn?: (() => void) | undefined
}

/** Starts the server on `port`, or on a free one, and waits until it answers. It outlives us, however we end. */
export async function startProcess(
  installation: Installation,
  { port, onSpawn }: ProcessOptions,
): Promise<PostmasterFile> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await startOnce(installation, port ?? (await freePort()), onSpawn)
    if (typeof started !== 'string') return started
    // The port was taken in between; or servants of a postmaster that was killed are still on their way out.
    const passing = /could not bind|Address already in use|shared memory block .* still in use/.test(started)
    if (!passing || attempt === 20) throw startError(installation.folders, started, port)
    await sleep(100)
  }
}

/** A fast shutdown: open transactions are undone, everything committed is on disk. */
export async function stopProcess(folders: ServerFolders, pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    return
  }
  // It takes its file away a moment before it ends.
  const isThere = async () => (await readPostmasterFile(folders.cluster))?.pid === pid || (await isPostgres(pid))
  while (isAlive(pid) && (await isThere())) await sleep(10)
}

/** Gives the superuser a new password, in a server without a network: for when the stored one is lost. */
export async function setSuperuserPassword(installation: Installation, password: string): Promise<void> {
  const { binaries, folders } = installation
  const args = ['--single', '-D', folders.cluster, 'template1']
  // Random base64url: nothing in it to quote.
  const answer = await runToEnd(
    installation,
    binaries.postgres,
    args,
    `alter role ${superuser} password '${password}'\n`,
  )
  if (answer.code !== 0) throw startError(folders, answer.output)
}

/** The server, or what it said when it ended instead. */
async function startOnce(
  installation: Installation,
  port: number,
  onSpawn?: () => void,
): Promise<PostmasterFile | string> {
  const { binaries, folders } = installation
  await keepLogShort(folders.log)
  const log = await open(folders.log, 'a', 0o600)
  const before = (await log.stat()).size
  const settings = [
    ...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'password_encryption=scram-sha-256'],
    // Nobody replicates from it; less is written ahead.
    ...['wal_level=minimal', 'max_wal_senders=0', 'max_connections=200', 'timezone=UTC', 'log_timezone=UTC'],
  ]
  const args = ['-D', folders.cluster, ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawn(binaries.postgres, args, {
    ...spawnOptions(installation),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  let ended: string | undefined
  child.on('error', (error) => {
    ended = error.message
  })
  child.on('exit', () => {
    ended ??= ''
  })
  child.unref()
  onSpawn?.()
  await log.close()
  for (;;) {
    if (ended !== undefined) return `${ended}\n${await readFrom(folders.log, before)}`
    const file = await readPostmasterFile(folders.cluster)
    if (file?.pid === child.pid && file?.ready === true) return file
    await sleep(5)
  }
}

function spawnOptions({ folders, user }: Installation): SpawnOptions {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'))
  return {
    // A folder that the server's user can enter, which ours need not be.
    cwd: folders.root,
    // English, whatever the machine speaks: startError reads it.
    env: { ...Object.fromEntries(own), LC_ALL: 'C', TZ: 'UTC' },
    windowsHide: true,
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  }
}

async function runToEnd(
  installation: Installation,
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...spawnOptions(installation), stdio: 'pipe' })
    const parts: string[] = []
    child.stdout?.on('data', (part) => parts.push(String(part)))
    child.stderr?.on('data', (part) => parts.push(String(part)))
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output: parts.join('') }))
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', (error) => {
      reject(
        new AppError('UNAVAILABLE', 'No free port could be had on 127.0.0.1 for the built-in database.', {
          cause: error,
        }),
      )
    })
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function keepLogShort(log: string): Promise<void> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  )
  if (size > 10 * 2 ** 20) await rename(log, `${log}.1`)
}

async function readFrom(path: string, start: number): Promise<string> {
  return (await readFile(path)).subarray(start).toString('utf8')
}

/** What the last words of initdb or of the server mean to a person. */
export function startError(folders: ServerFolders, output: string, port?: number): AppError {
  const cause = new Error(output)
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(folders.root, cause)
  const library = /error while loading shared libraries: (\S+?):|Library not loaded: (\S+)/.exec(output)
  if (library !== null) {
    return new AppError(
      'UNAVAILABLE',
      `The built-in Postgres needs the system library ${library[1] ?? library[2]}. Install it, or set DATABASE_URL to another Postgres.`,
      { cause },
    )
  }
  if (/ENOENT/.test(output)) {
    return new AppError(
      'UNAVAILABLE',
      'The built-in Postgres cannot run on this system (it needs glibc). Set DATABASE_URL to another Postgres.',
      { cause },
    )
  }
  if (port !== undefined && /Address already in use/.test(output)) {
    return new AppError(
      'UNAVAILABLE',
      `Another program took port ${port} of the built-in database when that had stopped. End it, or close the studio and open it again.`,
      { cause },
    )
  }
  if (/could not bind|Address already in use/.test(output)) {
    return new AppError(
      'UNAVAILABLE',
      'The built-in database found no port of 127.0.0.1 that it may use. Look whether a firewall or another program holds them.',
      { cause },
    )
  }
  if (/Permission denied|EACCES|Operation not permitted|Read-only file system/.test(output)) {
    return new AppError(
      'UNAVAILABLE',
      `The built-in database cannot read or write its folder ${folders.root}. Allow your user to use it, or choose another folder.`,
      { cause },
    )
  }
  return new AppError('UNAVAILABLE', `The built-in database did not start. What it said is in ${folders.log}.`, {
    details: { output: output.trim().slice(-2000) },
    cause,
  })
}

export const superuser = 'postgres'
