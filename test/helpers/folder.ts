import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder that other users may enter: as root, the embedded Postgres runs as one and would move its data away. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-'))
  await chmod(folder, 0o755)
  return folder
}
