import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import { createApp } from './app'
import { ConfigError, readConfig } from './config'
import { startHttpServer } from './http/http-server'

/** The web host: the studio in a browser and the HTTP API, under plain Node. */
async function main(): Promise<void> {
  const config = readConfig({ flags: process.argv.slice(2), environment: process.env })
  const app = await createApp(config, { host: 'web' })
  const http = await startHttpServer(app, {
    studio: {
      rendererDir: join(__dirname, '../renderer'),
      announce: (link) => say(`Open the studio in a browser (this link works once, for ten minutes):\n  ${link}`),
    },
  })

  let ending = false
  const end = (code: number): void => {
    // Asked twice, somebody is in a hurry.
    if (ending) process.exit(1)
    ending = true
    http
      .close()
      .then(() => app.close())
      .then(
        () => process.exit(code),
        (error: unknown) => {
          app.logger.fatal({ err: error }, 'closing failed')
          process.exit(1)
        },
      )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(0))
  process.on('uncaughtException', (error) => {
    app.logger.fatal({ err: error }, 'uncaught')
    end(1)
  })

  try {
    await app.ready()
    if (!ending) process.stdout.write(`tessera listening on ${http.url}\n`)
  } catch (error) {
    if (ending) return
    explain(error)
    end(1)
  }
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
  process.stderr.write(`${text}\n`)
}

main().catch((error: unknown) => {
  explain(error)
  process.exit(1)
})
