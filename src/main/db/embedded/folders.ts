import { createHash } from 'node:crypto'
import { chown, mkdir, realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import { AppError } from '@shared/app-error'
import type { ServerUser } from './server-user'

export interface ServerFolders {
  readonly root: string
  /** PGDATA. */
  readonly cluster: string
  readonly log: string
  readonly lock: string
  /** A file that is there while the data folder may not be on the disk. */
  readonly unsynced: string
}

/**
 * Makes the folders of the server, reachable by the user it runs as. All of it is in one folder of its own below
 * `dataDir`, and only that one changes its owner and mode: `dataDir` may be shared with other things. Started as root
 * with data below a closed folder (/root), it is made in /var/lib/tessera-studio instead, always the same one for the
 * same `dataDir`.
 */
export async function prepareFolders(dataDir: string, user: ServerUser | null): Promise<ServerFolders> {
  if (!isAbsolute(dataDir)) throw new Error('The data folder must be an absolute path')
  let root = join(dataDir, 'postgres')
  try {
    await mkdir(dataDir, { recursive: true })
    if (user !== null && !(await isTraversable(dataDir, user))) {
      root = join('/var/lib/tessera-studio', createHash('sha256').update(dataDir).digest('hex').slice(0, 12))
    }
    await mkdir(dirname(root), { recursive: true })
    await mkdir(root, { recursive: true, mode: 0o700 })
    if (user !== null) await chown(root, user.uid, user.gid)
    root = await realpath(root)
  } catch (error) {
    throw folderError(root, error)
  }
  return {
    root,
    cluster: join(root, 'cluster'),
    log: join(root, 'server.log'),
    lock: join(root, 'start.lock'),
    unsynced: join(root, 'unsynced'),
  }
}

/** Whether every folder on the way may be entered by the user. Access control lists are not looked at. */
export async function isTraversable(path: string, user: ServerUser): Promise<boolean> {
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder)
    const needed = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & needed) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** What a failure to write below `folder` means. */
export function folderError(folder: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AppError(
      'UNAVAILABLE',
      `The data folder ${folder} cannot be written. Allow your user to write there, or choose another folder.`,
      { cause: error },
    )
  }
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOTEMPTY') {
    return new AppError(
      'UNAVAILABLE',
      `The data folder ${folder} cannot be made: something else is in its place. Choose another folder.`,
      {
        cause: error,
      },
    )
  }
  return error
}

export function diskFull(folder: string, cause: unknown): AppError {
  return new AppError(
    'UNAVAILABLE',
    `The disk with the data folder ${folder} is full. Free at least 100 MB there and start again.`,
    { cause },
  )
}
