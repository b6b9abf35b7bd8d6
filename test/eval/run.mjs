// `npm run eval -- schema|sql [--limit N]`: asks the configured model (MISTRAL_API_KEY, MISTRAL_SERVER_URL,
// MISTRAL_MODEL) and scores its answers. Exit 2 without a key, 1 when the score is under the goal:
// 0.9 for schemas, 0.7 of the questions with the rows of the published answer for SQL.
import { spawnSync } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const folder = dirname(fileURLToPath(import.meta.url))
const root = resolve(folder, '../..')
const [kind, ...rest] = process.argv.slice(2)
const limitAt = rest.indexOf('--limit')
const limit = limitAt < 0 ? Number.POSITIVE_INFINITY : Number(rest[limitAt + 1])

if ((kind !== 'schema' && kind !== 'sql') || Number.isNaN(limit)) {
  console.error(
    'Say what to evaluate: npm run eval -- schema, or npm run eval -- sql. --limit N asks N questions only.',
  )
  process.exit(1)
}
const apiKey = process.env.MISTRAL_API_KEY?.trim()
if (!apiKey) {
  console.error('There is no key, so no model was asked. Set MISTRAL_API_KEY and run it again.')
  process.exit(2)
}
if (kind === 'sql') {
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', join(folder, 'vitest.config.ts')],
    { cwd: root, stdio: 'inherit', env: { ...process.env, EVAL_LIMIT: String(limit) } },
  )
  process.exit(status ?? 1)
}
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  resolve: { alias: { '@shared': join(root, 'src/shared'), '@renderer': join(root, 'src/renderer/src') } },
})
const { run } = await server.ssrLoadModule(join(folder, 'schema-eval.ts'))
const score = await run(
  {
    apiKey,
    serverUrl: process.env.MISTRAL_SERVER_URL?.trim() || 'https://api.mistral.ai',
    model: process.env.MISTRAL_MODEL?.trim() || 'codestral-latest',
  },
  { limit, print: (line) => console.log(line) },
)
await server.close()
process.exit(score >= 0.9 ? 0 : 1)
