import { open, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from './postmaster-file'

/**
 * One studio at a time makes or starts the server; the next one waits and then finds it running. The lock of a studio
 * that is gone, or that is older than any start takes, is removed. It only keeps order: that there are never two
 * servers on one folder is kept by Postgres' own lock file.
 */
export async function withStartLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const file = await open(path, 'wx', 0o600)
      await file.write(String(process.pid))
      await file.close()
      break
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      if (await isStale(path)) await rm(path, { force: true })
      else await sleep(50)
    }
  }
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function isStale(path: string): Promise<boolean> {
  const [pid, age] = await Promise.all([
    readFile(path, 'utf8').catch(() => ''),
    stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    ),
  ])
  // Between its making and its writing the file is empty.
  if (pid === '') return age > 5_000
  return !isAlive(Number(pid)) || age > longestStart
}

/** Milliseconds: making a cluster on a slow disk takes seconds, recovery after a crash with 1 GB of WAL a minute. */
const longestStart = 180_000
