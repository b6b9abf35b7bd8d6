import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'

export interface ChildProgram {
  readonly process: ChildProcess
  /** The next line it prints. */
  line(): Promise<string>
  /** Its exit code (null after a signal), and all that it printed. */
  ended(): Promise<{ readonly code: number | null; readonly lines: readonly string[] }>
}

export interface ChildProgramOptions {
  readonly uid?: number
  readonly gid?: number
  /** Another copy of the bundle. */
  readonly file?: string
  /** Another copy of Node. */
  readonly node?: string
}

/** Runs `fixtures/studio-process.ts` in a process of its own, bundled as the product is, so that it can be killed. */
export async function startChildProgram(
  args: readonly string[],
  options: ChildProgramOptions = {},
): Promise<ChildProgram> {
  const { file = await childProgram(), node = process.execPath, ...user } = options
  const child = spawn(node, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/', ...user })
  const lines: string[] = []
  const ended = new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail))
  ended.catch(() => undefined)
  const reader = createInterface({ input: child.stdout })
  const iterator = reader.on('line', (text) => lines.push(text))[Symbol.asyncIterator]()
  return {
    process: child,
    async line() {
      const next = await iterator.next()
      if (next.done === true) throw new Error('The program ended without a word')
      return next.value
    },
    async ended() {
      return { code: await ended, lines }
    },
  }
}

/** The bundle's path. In node_modules, so that it finds the packages that are left outside, as out/main does. */
export async function childProgram(): Promise<string> {
  bundled ??= bundle('test/fixtures/studio-process', 'studio.cjs')
  return bundled
}

/** The same of `fixtures/store-process.ts`: a whole studio. */
export async function storeProgram(): Promise<string> {
  storeBundled ??= bundle('test/fixtures/store-process', 'store.cjs')
  return storeBundled
}

let bundled: Promise<string> | undefined
let storeBundled: Promise<string> | undefined

/** A program of the sources in one file; `entry` is its path without the ending. */
export async function bundle(entry: string, file: string): Promise<string> {
  const root = process.cwd()
  const place = join(root, 'node_modules/.tessera-test')
  const folder = join(place, `${process.pid}-${file}`)
  await mkdir(folder, { recursive: true })
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: { '@shared': join(root, 'src/shared') } },
    ssr: { noExternal: true, external: ['pg-native', 'bcrypt', 'keytar', 'bufferutil', 'utf-8-validate'] },
    build: {
      ssr: join(root, `${entry}.ts`),
      outDir: folder,
      target: 'node18',
      rollupOptions: { output: { format: 'cjs', entryFileNames: file, codeSplitting: false } },
    },
  })
  // All workers make the same file; put into its place whole, it needs no owner who would have to remove it.
  await rename(join(folder, file), join(place, file))
  await rm(folder, { recursive: true })
  return join(place, file)
}
