import { type ChildProcess, spawn } from 'node:child_process'
import { bundle } from './child-program'

export interface RunningProgram {
  readonly url: string
  readonly process: ChildProcess
  /** What it wrote to standard error so far. */
  said(): string
  /** Its exit code; null after a signal. */
  ended(): Promise<number | null>
  stop(): Promise<void>
}

let bundled: Promise<string> | undefined

/** `src/main/server.ts` in one file: the headless server as `npm run serve` runs it, from the sources as they are. */
export function serverProgram(): Promise<string> {
  bundled ??= bundle('src/main/server', 'server.cjs')
  return bundled
}

/** Resolves when it says where it listens. */
export async function startProgram(file: string, environment: NodeJS.ProcessEnv): Promise<RunningProgram> {
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString()
  })
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
  const url = await new Promise<string>((found, failed) => {
    void ended.then((code) => failed(new Error(`The server ended with ${code}:\n${said}`)))
    child.stdout.on('data', (text: Buffer) => {
      const match = /tessera listening on (\S+)/.exec(text.toString())
      if (match?.[1]) found(match[1])
    })
  })
  return {
    url,
    process: child,
    said: () => said,
    ended: () => ended,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await ended
    },
  }
}
