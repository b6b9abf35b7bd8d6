import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Program {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** `BENCH_CPU_PROFILE=folder` writes a profile of the studio there; `BENCH_SERVER=file` measures another build. */
export function programOf(): readonly string[] {
  const { BENCH_CPU_PROFILE: folder, BENCH_SERVER: file } = process.env
  const profile = folder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', folder]
  return [...profile, ...(file === undefined ? [join(process.cwd(), 'src/main/start.mjs'), '--serve'] : [file])]
}

export async function startProgram(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Program> {
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((found, failed) => {
    child.once('exit', (code) => failed(new Error(`The server ended with ${code}`)))
    child.stdout?.on('data', (text: Buffer) => {
      const match = /listening on (\S+)/.exec(text.toString())
      if (match?.[1]) found(match[1])
    })
  })
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    },
  }
}
