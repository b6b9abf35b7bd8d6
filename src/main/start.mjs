// `npm start` opens the studio: in its window where Electron can run, in the browser elsewhere. `npm run serve`
// (`--serve`) is the web host alone. Builds first when there is no build, or an old one.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const serve = process.argv.includes('--serve')
const flags = process.argv.slice(2).filter((flag) => flag !== '--serve')

/** Milliseconds. A missing library or a refused sandbox shows at once. */
const diesAtStart = 10_000

/** `[4354:1122/193122.377151:ERROR:bus.cc(399)] Failed to connect to the bus`: Chromium about the machine, not the studio. */
const engineNoise = /^\[\d+:\d+\/\d+\.\d+:(INFO|WARNING|ERROR):/

await buildIfNeeded()
if (serve) await webHost([])
else if (!(await desktop())) await webHost(['--open'])

/** In this process: it starts sooner, and signals reach it without a messenger. */
async function webHost(more) {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...flags, ...more)
  await import(pathToFileURL(join(root, 'out/main/server.js')).href)
}

/** False when there is no window to be had; why is said in one line. */
async function desktop() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return instead('There is no display here')
  const electron = findElectron() ?? (await downloadElectron())
  if (electron === null) return instead('Electron could not be downloaded (npx install-electron tries again)')
  return (await runElectron(electron)) || instead('The window did not start on this machine')
}

function instead(reason) {
  console.error(`${reason}, so the studio opens in the browser.`)
  return false
}

function findElectron() {
  const inside =
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron'
  const folders = [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(root, 'node_modules/electron/dist')]
  return folders.flatMap((folder) => (folder ? [join(folder, inside)] : [])).find((path) => existsSync(path)) ?? null
}

/**
 * Once for each installation, and for a minute at most: a start must not hang on a network that lets nothing through. A
 * download that takes longer goes on by itself, and the next start finds what it has brought.
 */
async function downloadElectron() {
  const installer = join(root, 'node_modules/electron/install.js')
  const tried = join(root, 'node_modules/.cache/tessera-studio/electron-tried')
  if (!existsSync(installer) || existsSync(tried)) return null
  mkdirSync(dirname(tried), { recursive: true })
  writeFileSync(tried, new Date().toISOString())
  console.error('Downloading Electron (first start only) ...')
  const download = spawn(process.execPath, [installer], { stdio: 'ignore', detached: true })
  await Promise.race([ended(download), new Promise((done) => setTimeout(done, 60_000).unref())])
  download.unref()
  return download.exitCode === 0 ? findElectron() : null
}

/** Resolves when the window was closed; false when Electron died before it can have shown one. */
async function runElectron(electron) {
  const started = Date.now()
  const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env
  const studio = spawn(electron, [root, ...noSandbox, ...flags], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: environment,
  })
  studio.stderr.setEncoding('utf8')
  let line = ''
  studio.stderr.on('data', (text) => {
    const lines = (line + text).split('\n')
    line = lines.pop() ?? ''
    for (const whole of lines) if (!engineNoise.test(whole)) process.stderr.write(`${whole}\n`)
  })
  // Ctrl-C reaches the whole group; the studio ends by itself, and this process with it.
  let stopped = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      stopped = true
      if (signal !== 'SIGINT') studio.kill(signal)
    })
  const code = await ended(studio)
  if (code !== 0 && !stopped && Date.now() - started < diesAtStart) return false
  process.exit(stopped ? 0 : (code ?? 1))
}

async function buildIfNeeded() {
  const outputs = ['out/main/server.js', 'out/main/index.js', 'out/preload/index.js', 'out/renderer/index.html']
  const built = outputs.every((path) => existsSync(join(root, path)))
  const builder = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  if (built && (!existsSync(builder) || isCurrent(outputs))) return
  console.error(built ? 'Building the studio (it has changed) ...' : 'Building the studio (first start only) ...')
  const build = spawn(process.execPath, [builder, 'build'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = []
  for (const stream of [build.stdout, build.stderr]) stream.on('data', (text) => output.push(text))
  if ((await ended(build)) === 0) return
  process.stderr.write(Buffer.concat(output))
  console.error('The studio could not be built. If packages are missing, run npm ci.')
  process.exit(1)
}

function isCurrent(outputs) {
  const oldest = Math.min(...outputs.map((path) => statSync(join(root, path)).mtimeMs))
  const sources = ['src', 'package.json', 'electron.vite.config.ts'].map((path) => join(root, path))
  return Math.max(...sources.map(newest)) <= oldest
}

function newest(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

/** The exit code; null for a signal, or when it could not be run at all. */
function ended(child) {
  return new Promise((done) => {
    child.once('error', () => done(null))
    child.once('exit', (code) => done(code))
  })
}
