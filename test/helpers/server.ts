import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/** npm runs every script in the repository's root; `import.meta` is not there when Playwright loads this file. */
const root = process.cwd()

export interface RunningServer {
  readonly url: string
  /** Opens a session in a browser, once. */
  readonly link: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** A server of which the link is known before it is ready, as it is to the person who started it. */
export interface StartingServer extends Omit<RunningServer, 'url' | 'link'> {
  /** Resolves once the database answers. */
  readonly url: Promise<string>
  readonly link: Promise<string>
}

/** `out/main/server.js` under plain Node, as `npm run serve` runs it. */
export function launchServer(
  dataDir: string,
  environment: NodeJS.ProcessEnv = {},
  file = join(root, 'out/main/server.js'),
): StartingServer {
  const server = spawn(process.execPath, [file], {
    env: { ...process.env, PORT: '0', TESSERA_DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  const url = new Promise<string>((found, failed) => {
    server.once('exit', (code) => failed(new Error(`The server ended with ${code}:\n${errors}`)))
    server.stdout.on('data', (text: Buffer) => {
      const match = /tessera listening on (\S+)/.exec(text.toString())
      if (match?.[1]) found(match[1])
    })
  })
  const link = new Promise<string>((found) => {
    server.stderr.on('data', (text: Buffer) => {
      errors += text.toString()
      const match = /(http:\/\/\S+[?&]key=[\w-]+)/.exec(errors)
      if (match?.[1]) found(match[1])
    })
  })
  return {
    url,
    link,
    process: server,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = new Promise((done) => server.once('exit', done))
      server.kill('SIGTERM')
      await ended
    },
  }
}

/** The same, once it is ready. */
export async function startServer(...started: Parameters<typeof launchServer>): Promise<RunningServer> {
  const server = launchServer(...started)
  return { ...server, url: await server.url, link: await server.link }
}
