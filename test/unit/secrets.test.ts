import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Keychain } from '../../src/main/secrets/keychain'
import { createSecrets } from '../../src/main/secrets/secrets'

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tessera-secrets-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

const none = async () => null

/** A keychain as the system has one. */
function keychain() {
  const kept = new Map<string, string>()
  const chain: Keychain = {
    get: async (service, account) => kept.get(`${service}/${account}`) ?? null,
    set: async (service, account, secret) => void kept.set(`${service}/${account}`, secret),
    delete: async (service, account) => void kept.delete(`${service}/${account}`),
  }
  return { kept, chain, open: async () => chain }
}

test('without a keychain they are in files that say nothing, for their owner only', async () => {
  const secrets = createSecrets({ dataDir, keychain: none })
  await secrets.set('password', 'correct horse')
  await secrets.set('token', 'battery staple')
  expect(await secrets.place()).toBe('file')

  const again = createSecrets({ dataDir, keychain: none })
  expect(await again.get('password')).toBe('correct horse')
  expect(await again.get('token')).toBe('battery staple')
  expect(await again.get('other')).toBeNull()
  await again.delete('token')
  await again.delete('token')
  expect(await again.get('token')).toBeNull()

  const folder = join(dataDir, 'secrets')
  expect((await stat(folder)).mode & 0o077).toBe(0)
  for (const name of await readdir(folder)) {
    expect((await stat(join(folder, name))).mode & 0o077).toBe(0)
    expect(await readFile(join(folder, name), 'latin1')).not.toContain('correct horse')
  }
})

test('a file that was changed is refused, not read', async () => {
  const secrets = createSecrets({ dataDir, keychain: none })
  await secrets.set('password', 'correct horse')
  const folder = join(dataDir, 'secrets')
  const name = (await readdir(folder)).find((each) => each.endsWith('.secret')) ?? ''
  const bytes = await readFile(join(folder, name))
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  await chmod(join(folder, name), 0o600)
  await writeFile(join(folder, name), bytes)
  await expect(secrets.get('password')).rejects.toThrow(AppError)
})

test('two processes that start at once agree on a key', async () => {
  const both = [createSecrets({ dataDir, keychain: none }), createSecrets({ dataDir, keychain: none })]
  await Promise.all(both.map((secrets, index) => secrets.set(`name-${index}`, `value-${index}`)))
  const later = createSecrets({ dataDir, keychain: none })
  expect(await later.get('name-0')).toBe('value-0')
  expect(await later.get('name-1')).toBe('value-1')
})

test('with a keychain they are there, apart for each data folder', async () => {
  const system = keychain()
  const secrets = createSecrets({ dataDir, keychain: system.open })
  await secrets.set('password', 'correct horse')
  expect(await secrets.place()).toBe('keychain')
  expect([...system.kept.values()]).toEqual(['correct horse'])
  expect((await readdir(join(dataDir, 'secrets'))).sort()).toEqual(['place'])

  const other = await mkdtemp(join(tmpdir(), 'tessera-secrets-'))
  expect(await createSecrets({ dataDir: other, keychain: system.open }).get('password')).toBeNull()
  await rm(other, { recursive: true })
})

test('a keychain that is locked later is not taken for an empty one', async () => {
  const system = keychain()
  await createSecrets({ dataDir, keychain: system.open }).set('password', 'correct horse')

  let unlocked = false
  const secrets = createSecrets({ dataDir, keychain: async () => (unlocked ? system.chain : null) })
  await expect(secrets.get('password')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  unlocked = true
  expect(await secrets.get('password')).toBe('correct horse')
})

test('files stay the place when a keychain appears later', async () => {
  await createSecrets({ dataDir, keychain: none }).set('password', 'correct horse')
  const secrets = createSecrets({ dataDir, keychain: keychain().open })
  expect(await secrets.place()).toBe('file')
  expect(await secrets.get('password')).toBe('correct horse')
})
