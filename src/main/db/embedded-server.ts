import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@shared/app-error'
import { findBinaries } from './embedded/binaries'
import { folderError, prepareFolders } from './embedded/folders'
import { isUnsynced, putAside } from './embedded/not-yet-on-disk'
import type { Occupied } from './embedded/occupy'
import {
  isNumberTaken,
  isPostgres,
  type PostmasterFile,
  readPostmasterFile,
  removePostmasterFile,
} from './embedded/postmaster-file'
import {
  type Installation,
  makeCluster,
  setSuperuserPassword,
  startProcess,
  stopProcess,
  syncCluster,
} from './embedded/server-process'
import { adminSecret, newSecret, type SecretStore } from './embedded/server-secrets'
import { serverUser } from './embedded/server-user'
import { withStartLock } from './embedded/start-lock'

export type { SecretStore } from './embedded/server-secrets'

export interface EmbeddedServerOptions {
  /** Absolute path of the folder that gets a folder `postgres`; made when it is missing. */
  readonly dataDir: string
  readonly secrets: SecretStore
  /** A process of Postgres works on it: the server, or the one that makes its data folder. */
  readonly onSpawn?: () => void
  /** The server has gone without `stop`: it crashed, or somebody ended it. */
  readonly onLost?: () => void
}

export interface EmbeddedServer {
  /** As superuser. */
  readonly adminUrl: string
  /** As studio_app. */
  readonly appUrl: string
  readonly version: string
  /** Whether it ran already: for another studio, or left behind by one that was killed. */
  readonly adopted: boolean
  readonly pid: number
  /** Where the data is; elsewhere than asked when started as root below a closed folder. */
  readonly cluster: string
  /**
   * Starts the server again where it was, at the same address, or finds it running there; for after `onLost`.
   * UNAVAILABLE, with what to do, when it cannot be had.
   */
  revive(): Promise<void>
  /** Stops the server and waits for it, unless another studio uses it. */
  stop(): Promise<void>
}

/**
 * The Postgres that comes with the studio, on 127.0.0.1 only. It is a process of its own that outlives the studio:
 * after a kill -9 the next start adopts it, and two studios on one folder share it. UNAVAILABLE, with what to do,
 * when it cannot be had.
 */
export async function startEmbeddedServer(
  options: EmbeddedServerOptions & { readonly onStep?: (step: string) => void },
): Promise<EmbeddedServer> {
  const onStep = options.onStep ?? (() => undefined)
  const user = await serverUser()
  const folders = await prepareFolders(options.dataDir, user)
  const installation: Installation = { binaries: await findBinaries(user), folders, user }
  const { secrets, onSpawn = () => undefined, onLost = () => undefined } = options
  return serverOf(await haveServer(installation, { secrets, onStep, onSpawn }), installation, { secrets, onLost })
}

interface StartOptions {
  readonly secrets: SecretStore
  readonly onStep: (step: string) => void
  readonly onSpawn?: () => void
  /** Where it was before it died. */
  readonly revived?: Running
}

interface Running extends Occupied {
  readonly file: PostmasterFile
  readonly adopted: boolean
}

async function haveServer(installation: Installation, options: StartOptions): Promise<Running> {
  const { folders } = installation
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withStartLock(folders.lock, () => startOrAdopt(installation, options))
    } catch (error) {
      const { isConnectionLoss } = await import('./pg-error')
      // It was shut down by the studio that had started it at the moment we found it, or dies as it starts.
      if (!isConnectionLoss(error) || attempt === 10) throw folderError(folders.root, error)
      await sleep(Math.min(1_000, 50 * 2 ** attempt))
    }
  }
}

async function startOrAdopt(
  installation: Installation,
  { secrets, onStep, onSpawn, revived }: StartOptions,
): Promise<Running> {
  const { folders } = installation
  const { cluster } = folders
  if ((await isUnsynced(folders)) && (await findRunning(cluster)) === null) await putAside(folders)
  const isNew = await checkVersion(installation)
  if (isNew) {
    // An empty database in the place of the one that people work in would look as if everything were lost.
    if (revived !== undefined)
      throw new AppError('UNAVAILABLE', `The data folder ${cluster} is gone. Put it back, or open the studio again.`)
    onStep('Making the database on this machine')
    await makeCluster(installation, await newSecret(secrets, adminSecret), onSpawn)
  }
  let file = isNew ? null : await findRunning(cluster)
  const adopted = file !== null
  if (file === null) {
    onStep('Starting the database on this machine')
    file = await startProcess(installation, { port: revived?.file.port, onSpawn })
  }
  // The driver is read while Postgres starts.
  const { occupy } = await import('./embedded/occupy')
  const stored = await secrets.get(adminSecret)
  const [first] = await Promise.all([
    stored === null ? null : occupy(file, stored, secrets, isNew),
    (await isUnsynced(folders)) ? syncCluster(installation) : null,
  ])
  if (first !== null) return { ...first, file, adopted }

  // The password is lost (another machine's data, an emptied keychain) while the folder is ours: it is set anew.
  onStep('Renewing the password of the database on this machine')
  await stopProcess(installation.folders, file.pid)
  const password = await newSecret(secrets, adminSecret)
  await setSuperuserPassword(installation, password)
  file = await startProcess(installation, { port: revived?.file.port })
  const second = await occupy(file, password, secrets, true)
  if (second === null) throw new AppError('UNAVAILABLE', `The database in ${cluster} does not accept its password.`)
  return { ...second, file, adopted: false }
}

function serverOf(
  first: Running,
  installation: Installation,
  { secrets, onLost }: { readonly secrets: SecretStore; readonly onLost: () => void },
): EmbeddedServer {
  const { adminUrl, appUrl, version, adopted } = first
  let running: Running | null = null
  let pid = first.file.pid

  function follow(next: Running): void {
    running = next
    pid = next.file.pid
    void next.presence.ended.then(() => {
      if (running !== next) return
      running = null
      onLost()
    })
  }
  follow(first)

  return {
    adminUrl,
    appUrl,
    version,
    adopted,
    get pid() {
      return pid
    },
    cluster: installation.folders.cluster,
    async revive() {
      if (running !== null) return
      const next = await haveServer(installation, { secrets, onStep: () => undefined, revived: first })
      if (next.appUrl === appUrl) return follow(next)
      await next.presence.client.end().catch(() => undefined)
      throw new AppError(
        'UNAVAILABLE',
        'Another studio has started the built-in database at another address. Close this one and open it again.',
      )
    },
    async stop() {
      const last = running
      if (last === null) return
      running = null
      const { client } = last.presence
      const { isLast } = await import('./embedded/occupy')
      const isAlone = await isLast(client).catch(() => false)
      if (isAlone) await stopProcess(installation.folders, last.file.pid)
      await client.end().catch(() => undefined)
    },
  }
}

/** True when there is no data yet. Data of another major version cannot be read by these programs. */
async function checkVersion({ binaries, folders }: Installation): Promise<boolean> {
  const text = await readFile(join(folders.cluster, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return true
  const major = Number.parseInt(text, 10)
  if (major === binaries.major) return false
  const advice =
    major > binaries.major
      ? 'Update Tessera Studio, or choose another data folder.'
      : 'Open it with the version of Tessera Studio that made it and export the projects, or choose another data folder.'
  throw new AppError(
    'UNAVAILABLE',
    `The data folder ${folders.cluster} was made by Postgres ${major}, and this Tessera Studio brings Postgres ${binaries.major}. ${advice}`,
    { details: { found: major, expected: binaries.major } },
  )
}

/**
 * The server that runs on the folder, or null. The file of a dead one is left to Postgres, which looks whether parts
 * of that server still live; it only gives up where the number is taken, by now by another program, so that file goes.
 */
async function findRunning(cluster: string): Promise<PostmasterFile | null> {
  for (;;) {
    const file = await readPostmasterFile(cluster)
    if (file === null || !isNumberTaken(file.pid)) return null
    if (!(await isPostgres(file.pid))) {
      await removePostmasterFile(cluster)
      return null
    }
    if (!file.own) return null
    if (file.ready) return file
    await sleep(20)
  }
}
