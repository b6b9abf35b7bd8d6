import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Files below the folder that hold the text as it is: logs, crash files, databases of the browser and of Postgres. */
export async function filesHolding(folder: string, text: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    // A file that goes away meanwhile is none.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0))
    if (bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'))) found.push(path)
  }
  return found
}
