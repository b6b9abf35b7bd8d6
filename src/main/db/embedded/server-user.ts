import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { AppError } from '@shared/app-error'

/** Whom the server runs as, when that is not us. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/** Postgres refuses to run as root. Null when we are not root: then it runs as we do. */
export async function serverUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null
  const found = await lookUp()
  if (found !== null) return found
  await run('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', name]).catch(() =>
    // Alpine and busybox
    run('adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', name]).catch(() => undefined),
  )
  const made = await lookUp()
  if (made !== null) return made
  throw new AppError(
    'UNAVAILABLE',
    `Postgres does not run as root, and no user "${name}" could be made for it. Make that user, or start Tessera Studio as a normal user.`,
  )
}

async function lookUp(): Promise<ServerUser | null> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const line = users.split('\n').find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) }
}

const run = promisify(execFile)
const name = 'postgres'
