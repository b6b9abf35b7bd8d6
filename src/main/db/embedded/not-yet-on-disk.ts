import { access, open, rename, rm, writeFile } from 'node:fs/promises'
import type { ServerFolders } from './folders'

// A new data folder is 1,000 files. Postgres starts on them while they are still written to the disk (0.6 s); until they
// are, this mark lies beside them, and no studio has said that it is ready.

export async function markUnsynced({ unsynced }: ServerFolders): Promise<void> {
  await writeFile(unsynced, '')
  await syncFile(unsynced)
}

export function isUnsynced({ unsynced }: ServerFolders): Promise<boolean> {
  return access(unsynced).then(
    () => true,
    () => false,
  )
}

export async function markSynced({ root, unsynced }: ServerFolders): Promise<void> {
  await rm(unsynced, { force: true })
  // The mark must not come back when the power fails. Windows keeps no open folders, and its journal does this.
  if (process.platform !== 'win32') await syncFile(root)
}

/** The machine has stopped in between: parts may be missing. It is put aside, though nobody was told that it is there. */
export async function putAside({ cluster, unsynced }: ServerFolders): Promise<void> {
  const aside = `${cluster}.unfinished`
  await rm(aside, { recursive: true, force: true })
  await rename(cluster, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rm(unsynced, { force: true })
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
