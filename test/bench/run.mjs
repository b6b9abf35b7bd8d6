// `npm run bench [name ...]`: runs the benchmarks whose file name holds one of the names, all of them without one.
// Each prints ratios against the plain alternative, measured in the same run.
import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const folder = dirname(fileURLToPath(import.meta.url))
const root = resolve(folder, '../..')
const wanted = process.argv.slice(2)
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))

if (files.length === 0) {
  console.error(`No benchmark is called ${wanted.join(' or ')}.`)
  process.exit(1)
}
// Open until the end: some modules are imported when they are first needed.
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  resolve: { alias: { '@shared': join(root, 'src/shared'), '@renderer': join(root, 'src/renderer/src') } },
})
for (const file of files) {
  const { name, run } = await server.ssrLoadModule(join(folder, file))
  console.log(`\n${name}`)
  await run((line) => console.log(`  ${line}`))
}
await server.close()
process.exit(0)
