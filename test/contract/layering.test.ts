import { execFile } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path/posix'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { openFolder } from '../helpers/folder'
import { startServer } from '../helpers/server'

const root = process.cwd()

interface Import {
  readonly file: string
  /** A file of src, or the package's name. */
  readonly target: string
}

interface Rule {
  readonly name: string
  readonly from: RegExp
  readonly mayImport: (target: string, imported: Import) => boolean
}

const isOwn = (target: string): boolean => target.startsWith('src/')
const feature = (path: string): string | undefined => /^src\/main\/features\/([^/]+)\//.exec(path)?.[1]

const rules: readonly Rule[] = [
  {
    name: 'shared runs anywhere',
    from: /^src\/shared\//,
    mayImport: (target) => target.startsWith('src/shared/') || ['zod', '@orpc/contract'].includes(target),
  },
  {
    name: 'the page knows the contract, and neither Node nor the host',
    from: /^src\/renderer\//,
    mayImport: (target) =>
      /^src\/(renderer|shared)\//.test(target) ||
      (!isOwn(target) && !/^(node:.*|electron|pg|ws|pino|hono)$/.test(target)),
  },
  {
    name: 'ui is how things look: no data, no bridge',
    from: /^src\/renderer\/src\/ui\//,
    mayImport: (target) => /^src\/(renderer\/src\/ui|shared)\//.test(target) || !isOwn(target),
  },
  {
    name: 'the preload hands over a port and imports nothing else',
    from: /^src\/preload\//,
    mayImport: (target) => target === 'electron' || target.startsWith('src/shared/'),
  },
  {
    name: 'main does not know the page',
    from: /^src\/main\//,
    mayImport: (target) => (isOwn(target) ? /^src\/(main|shared)\//.test(target) : !/^react/.test(target)),
  },
  {
    name: 'Electron stays in its folder',
    from: /^src\/(shared|renderer|main\/(?!index\.ts|electron\/))/,
    mayImport: (target) => target !== 'electron' && !target.startsWith('src/main/electron/'),
  },
  {
    name: 'features and the database do not know the host they run in',
    from: /^src\/main\/(features|db|rpc)\//,
    mayImport: (target) => !/^src\/main\/(http|electron|secrets|app|server|index|config|log)(\/|$)/.test(target),
  },
  {
    name: 'handlers ask services and services ask SQL, never the other way round',
    from: /\.(service|sql)\.ts$/,
    mayImport: (target, { file }) =>
      !target.endsWith('.handlers') && !(file.endsWith('.sql.ts') && target.endsWith('.service')),
  },
  {
    name: "one feature's handlers are not another's business",
    from: /^src\/main\/features\//,
    mayImport: (target, { file }) => !target.endsWith('.handlers') || feature(target) === feature(file),
  },
]

let imports: readonly Import[]
beforeAll(async () => {
  imports = await importsOf('src')
})

describe('every import keeps to its layer', () => {
  test.each(rules)('$name', ({ from, mayImport }) => {
    const inLayer = imports.filter(({ file }) => from.test(file))
    expect(inLayer.length).toBeGreaterThan(0)
    expect(inLayer.filter((each) => !mayImport(each.target, each))).toEqual([])
  })

  test('a rule finds what breaks it', () => {
    const broken = { file: 'src/main/features/x/x.service.ts', target: 'src/main/http/listen' }
    const caught = rules.filter(({ from, mayImport }) => from.test(broken.file) && !mayImport(broken.target, broken))
    expect(caught.map(({ name }) => name)).toEqual(['features and the database do not know the host they run in'])
    expect(
      parseImports("import {\n  a,\n} from '@shared/json'\nconst b = await import('node:fs')", 'src/main/x.ts'),
    ).toEqual([
      { file: 'src/main/x.ts', target: 'src/shared/json' },
      { file: 'src/main/x.ts', target: 'node:fs' },
    ])
  })
})

test('what the Node 18 and the Chrome 114 of the oldest Electron lack is not called', async () => {
  const newer =
    /AbortSignal\.any\(|\.withResolvers\(|\b(Object|Map)\.groupBy\(|Array\.fromAsync\(|Promise\.try\(|import\.meta\.(dirname|filename)/
  const users: string[] = []
  for (const file of await sourcesOf('src')) if (newer.test(await readFile(join(root, file), 'utf8'))) users.push(file)
  expect(users).toEqual([])
})

test('raw channels of Electron are used in one place each', async () => {
  const users: string[] = []
  for (const file of await sourcesOf('src')) {
    const text = await readFile(join(root, file), 'utf8')
    if (/\bipc(Main|Renderer)\.\w/.test(text)) users.push(file)
  }
  expect(users.sort()).toEqual(['src/main/electron/message-port-carrier.ts', 'src/preload/index.ts'])
})

test('the built server runs under plain Node, tells where it listens, and ends when it is told', async () => {
  const out = await built()
  expect(await requiredBy(join(out, 'main/server.js'))).not.toContain('electron')
  expect(await requiredBy(join(out, 'main/index.js'))).toContain('electron')

  const dataDir = await openFolder()
  const server = await startServer(dataDir, {}, join(out, 'main/server.js'))
  try {
    const health = await fetch(`${server.url}/api/health`)
    expect(health.status).toBe(200)
    expect(await health.json()).toMatchObject({ status: 'ok', database: { embedded: true } })
    expect(server.link).toMatch(new RegExp(`^${server.url}/\\?key=[\\w-]{43}$`))
    const ended = new Promise((resolve) => server.process.once('exit', (exit, signal) => resolve({ exit, signal })))
    server.process.kill('SIGTERM')
    expect(await ended).toEqual({ exit: 0, signal: null })
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
})

/** A build of its own, so that neither an old one is tested nor one that somebody uses is replaced. */
async function built(): Promise<string> {
  const out = join(root, 'node_modules/.tessera-test/layering')
  const builder = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  await promisify(execFile)(process.execPath, [builder, 'build', '--outDir', out], { cwd: root })
  return out
}

/** Packages and modules of Node that a bundle loads, through all its chunks. */
async function requiredBy(file: string, seen = new Set<string>()): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  if (seen.has(file)) return found
  seen.add(file)
  for (const [, target = ''] of (await readFile(file, 'utf8')).matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)) {
    if (!target.startsWith('.')) found.add(target)
    else if (target.endsWith('.js'))
      for (const inner of await requiredBy(join(dirname(file), target), seen)) found.add(inner)
  }
  return found
}

async function importsOf(folder: string): Promise<readonly Import[]> {
  const files = await sourcesOf(folder)
  const texts = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')))
  return files.flatMap((file, index) => parseImports(texts[index] ?? '', file))
}

async function sourcesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath.slice(root.length + 1), entry.name))
}

/** `from '...'`, `import '...'` and `import('...')`; an alias as the folder it stands for. */
function parseImports(text: string, file: string): readonly Import[] {
  const specifier = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'([^']+)'/g
  return [...text.matchAll(specifier)].map(([, target = '']) => ({ file, target: resolveImport(target, file) }))
}

function resolveImport(target: string, file: string): string {
  if (target.startsWith('@shared/')) return target.replace('@shared/', 'src/shared/')
  if (target.startsWith('@renderer/')) return target.replace('@renderer/', 'src/renderer/src/')
  return target.startsWith('.') ? join(dirname(file), target) : target
}
