import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../helpers/database'
import { serverProgram, startProgram } from '../helpers/server-program'

const key = 'sk-of-the-operator-3141-5926'

let database: TestDatabase
let dataDir: string
beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(join(tmpdir(), 'tessera-logs-'))
})
afterAll(async () => {
  await database?.close()
  await rm(dataDir, { recursive: true, force: true })
})

test('a server that ends by a failure writes down what failed, and not the key that the failure holds', async () => {
  const fault = join(dataDir, 'fault.cjs')
  await writeFile(
    fault,
    `process.on('SIGUSR2', () => {
       Promise.reject(new Error('the call with ' + process.env.MISTRAL_API_KEY + ' failed'))
     })`,
  )
  const server = await startProgram(await serverProgram(), {
    DATABASE_URL: database.adminUrl,
    TESSERA_DATA_DIR: dataDir,
    MISTRAL_API_KEY: key,
    LOG_LEVEL: 'trace',
    NODE_OPTIONS: `--require ${fault}`,
  })
  server.process.kill('SIGUSR2')
  expect(await server.ended()).toBe(1)
  await vi.waitFor(() => expect(server.said()).toContain('the call with (not logged) failed'))
  expect(server.said()).not.toContain(key)
})
