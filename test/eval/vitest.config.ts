import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const root = resolve(import.meta.dirname, '../..')

/** Questions for a model that costs money: apart from the tests, and run by `npm run eval -- sql` only. */
export default defineConfig({
  root,
  resolve: { alias: { '@shared': resolve(root, 'src/shared'), '@renderer': resolve(root, 'src/renderer/src') } },
  test: {
    include: ['test/eval/*.eval.ts'],
    globalSetup: ['test/helpers/postgres.global.ts'],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    reporters: ['default'],
  },
})
