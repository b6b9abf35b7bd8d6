import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import type { App } from './app'
import { ConfigError, readConfig } from './config'
import { makeDoor } from './http/door'
import { urlOf } from './http/host-guard'
import type { HttpServer } from './http/http-server'
import { announceLink, createOneTimeLink } from './http/one-time-link'
import { openBrowser } from './http/open-browser'
import { withoutHidden } from './secrets/hidden-texts'
import { isPrimaryOf, readWorkers, tellPrimary } from './workers'

/** Opens the first link in the system's browser. */
const openFlag = '--open'

/** The web host: the studio in a browser and the HTTP API, under plain Node. */
async function main(): Promise<void> {
  const flags = process.argv.slice(2)
  const config = readConfig({ flags: flags.filter((flag) => flag !== openFlag), environment: process.env })
  const workers = readWorkers(process.env)
  if (isPrimaryOf(workers)) {
    const [{ runCluster }, { readServerConfig }] = await Promise.all([import('./cluster'), import('./server-config')])
    // What is wrong with the settings is said once, and not by each worker.
    readServerConfig(process.env)
    return runCluster({ workers, databaseUrl: config.databaseUrl, say })
  }
  let toOpen = flags.includes(openFlag)
  const announce = (link: string): void => {
    say(`Open the studio in a browser (this link works once, for ten minutes):\n  ${link}`)
    if (toOpen) openBrowser(link)
    toOpen = false
  }
  const open = async (port: number | null): Promise<Running> => {
    // A one-time link is in the memory of one process. Several serve the APIs alone, and nobody waits for one of them
    // while others answer.
    const door = workers === 1 ? await makeDoor({ ...config, port }) : null
    const link = createOneTimeLink()
    if (door) announceLink(link, urlOf(door.address), announce)
    // The browser is on its way; Postgres starts next, and the rest of the program is read while it does.
    const { beginStudio } = await import('./begin-studio')
    const begun = await beginStudio(config)
    try {
      await begun.underway
      const [{ createApp }, { startHttpServer }, { readServerConfig }] = await Promise.all([
        import('./app'),
        import('./http/http-server'),
        import('./server-config'),
      ])
      const server = readServerConfig(process.env)
      const app = await createApp({ ...config, port }, { host: 'web', server, begun, restart: () => void restart() })
      const studio = { rendererDir: join(__dirname, '../renderer'), link, announce }
      return { app, http: await startHttpServer(app, door ? { door, studio } : {}) }
    } catch (error) {
      await begun.database.close()
      throw error
    }
  }
  let running = await open(config.port)

  let ending: number | null = null
  let restarting: Promise<void> = Promise.resolve()
  const end = (code: number): void => {
    // Asked again later, somebody is in a hurry; at once, it is npm that passes on what the terminal has sent already.
    if (ending !== null && Date.now() - ending > 1_000) process.exit(1)
    if (ending !== null) return
    ending = Date.now()
    restarting
      .then(() => close(running))
      .then(
        () => process.exit(code),
        (error: unknown) => {
          running.app.logger.fatal({ err: error }, 'closing failed')
          process.exit(1)
        },
      )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(0))
  process.on('uncaughtException', (error) => {
    running.app.logger.fatal({ err: error }, 'uncaught')
    end(1)
  })

  /** On another server of the settings, under the same address. */
  const restart = (): void => {
    restarting = restarting.then(async () => {
      if (ending !== null) return
      const port = Number(new URL(running.http.url).port)
      await close(running)
      running = await open(port)
      await start()
    })
    restarting.catch((error: unknown) => {
      explain(error)
      process.exit(1)
    })
  }

  const start = async (): Promise<void> => {
    const { app, http } = running
    try {
      await app.ready()
    } catch (error) {
      if (ending !== null) return
      explain(error)
      // The page says the same, and offers the built-in server.
      if (!app.chosenServer) return end(1)
    }
    if (ending === null && !tellPrimary(http.url)) process.stdout.write(`tessera listening on ${http.url}\n`)
  }
  await start()
}

interface Running {
  readonly app: App
  readonly http: HttpServer
}

async function close({ app, http }: Running): Promise<void> {
  await http.close()
  await app.close()
}

function explain(error: unknown): void {
  if (error instanceof ConfigError || error instanceof AppError) say([error.message, ...missing(error)].join('\n'))
  else say(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

/** Rights that the database user lacks, one a line. */
function missing(error: Error): string[] {
  const details = error instanceof AppError ? error.details : undefined
  const list = typeof details === 'object' && details !== null && 'missing' in details ? details.missing : []
  return Array.isArray(list) ? list.map((point) => `  - ${point}`) : []
}

/** Standard output belongs to the one line that says where the server listens. */
function say(text: string): void {
  process.stderr.write(`${withoutHidden(text)}\n`)
}

main().catch((error: unknown) => {
  explain(error)
  process.exit(1)
})
