import { join } from 'node:path'
import { BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme } from 'electron'
import type { Logger } from 'pino'
import { guardNavigation } from './navigation'
import { developmentUrl, studioUrl } from './scheme'
import { keepWindowPlace, readWindowPlace } from './window-state'

export interface WindowOptions {
  readonly preload: string
  readonly dataDir: string
  readonly icon: string
  readonly logger: Logger
}

/** `--bg` of the renderer's tokens.css: what is seen until the page has painted. */
const background = { light: '#ffffff', dark: '#111316' }

export function openWindow({ preload, dataDir, icon, logger }: WindowOptions): BrowserWindow {
  const placeFile = join(dataDir, 'window.json')
  const place = readWindowPlace(placeFile)
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Tessera Studio',
    icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    ...titleBar(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  window.setMenuBarVisibility(process.platform === 'darwin')
  guardNavigation(window.webContents)
  keepWindowPlace(window, placeFile)
  reloadAfterCrash(window, logger)
  window.once('ready-to-show', () => {
    if (place.maximized) window.maximize()
    window.show()
  })
  // A failed load is seen by whoever waits for the window; there is nobody else to tell.
  window.loadURL(developmentUrl ?? studioUrl).catch((error: unknown) => logger.error({ err: error }, 'page not loaded'))
  return window
}

/** Linux has overlays since Electron 30; before, a hidden title bar would have no buttons at all. */
const firstLinuxOverlay = 30

function titleBar(): BrowserWindowConstructorOptions {
  const major = Number(process.versions.electron?.split('.')[0] ?? 0)
  if (process.platform === 'linux' && major < firstLinuxOverlay) return {}
  // One pixel less than the bar, whose lower border goes all the way. The grey is seen on light and on dark.
  return { titleBarStyle: 'hidden', titleBarOverlay: { color: '#00000000', symbolColor: '#7d8590', height: 39 } }
}

/** A page that dies again and again is left alone after the third time in a minute. */
const mostReloads = 3
const reloadWindow = 60_000

function reloadAfterCrash(window: BrowserWindow, logger: Logger): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    logger.error({ reason, exitCode }, 'the page ended')
    const now = Date.now()
    crashes = [...crashes.filter((at) => now - at < reloadWindow), now]
    if (crashes.length <= mostReloads) window.webContents.reload()
  })
}
