import { randomBytes } from 'node:crypto'
import { link, rename, unlink, writeFile } from 'node:fs/promises'

/** Replaces a file: a reader sees the old one or the new one, never a part of it. */
export async function writeWhole(path: string, content: Buffer | string): Promise<void> {
  const draft = await writeDraft(path, content)
  await rename(draft, path)
}

/** Makes a file unless there is one. Of two processes at once the first wins, and nobody sees a part of it. */
export async function writeOnce(path: string, content: Buffer | string): Promise<void> {
  const draft = await writeDraft(path, content)
  try {
    await link(draft, path)
  } catch (error) {
    // A file system without hard links (FAT, some network shares) has no better way than to try.
    if (!isCode(error, 'EEXIST')) await writeFile(path, content, { flag: 'wx', mode: 0o600 }).catch(unlessExists)
  } finally {
    await unlink(draft)
  }
}

export function isMissing(error: unknown): boolean {
  return isCode(error, 'ENOENT')
}

async function writeDraft(path: string, content: Buffer | string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' })
  return draft
}

function unlessExists(error: unknown): void {
  if (!isCode(error, 'EEXIST')) throw error
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
