import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserWindow, dialog, app as electron, session } from 'electron'
import type { Logger } from 'pino'
import type { App } from './app'
import { beginStudio } from './begin-studio'
import { type Config, ConfigError, readConfig } from './config'
import { setMenu } from './electron/menu'
import { carryOverMessagePorts } from './electron/message-port-carrier'
import { denyPermissions } from './electron/navigation'
import { registerStudioScheme, serveStudio } from './electron/scheme'
import { tellFailures } from './electron/tell-failures'
import { openWindow } from './electron/window'
import type { HttpServer } from './http/http-server'
import { withoutHidden } from './secrets/hidden-texts'

/** The desktop host: one window, served over a MessagePort; the HTTP API beside it. */
async function main(config: Config): Promise<void> {
  registerStudioScheme()
  // Root has no sandbox to run in, and the processes of a browser engine that is told both end at once.
  if (!electron.commandLine.hasSwitch('no-sandbox')) electron.enableSandbox()
  // The lock, and all that the browser engine keeps, belong to the data folder.
  electron.setPath('userData', madeFolder(join(config.dataDir, 'window')))
  if (!electron.requestSingleInstanceLock()) return electron.exit(0)

  // Postgres starts, and the window opens, while the rest of the program is read.
  const begun = await beginStudio(config)
  tellFailures(begun.logger)
  await Promise.all([begun.underway, electron.whenReady()])
  const app = import('./app').then(({ createApp }) =>
    createApp(config, {
      host: 'desktop',
      begun,
      restart() {
        electron.relaunch()
        electron.quit()
      },
    }),
  )
  app.catch(fail)
  const http = app.then(serveApi)
  closeBeforeQuit(app, http, begun.logger)

  setMenu()
  denyPermissions(session.defaultSession)
  serveStudio(join(__dirname, '../renderer'))
  carryOverMessagePorts(app, begun.logger)

  let window: BrowserWindow | null = null
  const show = (): void => {
    if (window !== null && !window.isDestroyed()) {
      if (window.isMinimized()) window.restore()
      window.focus()
      return
    }
    window = openWindow({
      preload: join(__dirname, '../preload/index.js'),
      icon: join(__dirname, '../../resources/icon.png'),
      dataDir: config.dataDir,
      logger: begun.logger,
    })
  }
  electron.on('second-instance', show)
  electron.on('activate', show)
  electron.on('window-all-closed', () => {
    if (process.platform !== 'darwin') electron.quit()
  })
  show()
}

/** The window does not need it, so it is loaded after it, and its failure is only logged. */
async function serveApi(app: App): Promise<HttpServer | null> {
  try {
    const { startHttpServer } = await import('./http/http-server')
    return await startHttpServer(app, {})
  } catch (error) {
    app.logger.error({ err: error }, 'the HTTP API is not served')
    return null
  }
}

function closeBeforeQuit(app: Promise<App>, http: Promise<HttpServer | null>, logger: Logger): void {
  let closed = false
  let closing = false
  electron.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    if (closing) return
    closing = true
    http
      .then((server) => server?.close())
      .then(async () => (await app).close())
      .catch((error: unknown) => logger.error({ err: error }, 'closing failed'))
      .finally(() => {
        closed = true
        // With nothing to wait for this comes before the event has ended, when Electron does not hear it.
        setImmediate(() => electron.quit())
      })
  })
}

function madeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true })
  } catch {
    throw new ConfigError(`The folder ${path} cannot be written. Name another one with TESSERA_DATA_DIR.`)
  }
  return path
}

function start(): void {
  try {
    const config = readConfig({ flags: process.argv.slice(1), environment: process.env, ignoreUnknownFlags: true })
    main(config).catch(fail)
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): void {
  const message = error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)
  dialog.showErrorBox('Tessera Studio did not start', withoutHidden(message))
  electron.exit(1)
}

start()
