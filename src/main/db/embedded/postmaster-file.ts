import { execFile } from 'node:child_process'
import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
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
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
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
