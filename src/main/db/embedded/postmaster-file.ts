import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** What a running server writes about itself into its data folder (src/include/utils/pidfile.h of Postgres). */
export interface PostmasterFile {
  readonly pid: number
  readonly port: number
  readonly ready: boolean
  /** False in a copy of another server's folder. */
  readonly own: boolean
}

export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const [pid, folder, , port, , , , status] = text.split('\n')
  if (pid === undefined || folder === undefined) return null
  const own = (await realpath(folder).catch(() => null)) === cluster
  return { pid: Number(pid), port: Number(port ?? 0), ready: status?.trim() === 'ready', own }
}

/** A process that lives and is a Postgres: after a restart of the machine the number may be someone else's. */
export async function isPostgres(pid: number): Promise<boolean> {
  return isAlive(pid) && /postgres/i.test(await commandOf(pid))
}

export function isAlive(pid: number): boolean {
  return isNumberTaken(pid) && !isZombie(pid)
}

/** Also by a process that has ended and that its parent has not noticed yet, which is what Postgres looks at. */
export function isNumberTaken(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Removes the file that a dead server left, once no part of that server works on the folder any more. Those end by
 * themselves, within seconds, when they notice that the postmaster is gone.
 */
export async function removePostmasterFile(cluster: string): Promise<void> {
  while (await isWorkedOn(cluster)) await sleep(50)
  await rm(join(cluster, 'postmaster.pid'), { force: true })
}

/** Every process of a server has the data folder as its working directory. Only Linux shows that in files. */
async function isWorkedOn(cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => null)))
  return folders.includes(cluster)
}

/** An orphan stays one in a container whose first process does not wait for its children. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false
  try {
    // "pid (name) state ...", and the name may hold anything.
    return /\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function commandOf(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') return await readFile(`/proc/${pid}/cmdline`, 'utf8')
    if (process.platform === 'win32') {
      return (await run('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'])).stdout
    }
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout
  } catch {
    return ''
  }
}

const run = promisify(execFile)
