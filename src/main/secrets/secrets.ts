import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import { isMissing, writeOnce } from '../whole-files'
import { openEncryptedFiles } from './encrypted-files'
import { hideText } from './hidden-texts'
import { type Keychain, openKeychain } from './keychain'

/** Passwords, keys and sign-ins that must survive a restart. */
export interface Secrets {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
  /** Where they are kept. */
  place(): Promise<SecretPlace>
}

export type SecretPlace = 'keychain' | 'file'

export interface SecretsOptions {
  readonly dataDir: string
  /** The system's keychain, or null when it has none that answers. */
  readonly keychain?: () => Promise<Keychain | null>
}

const service = 'Tessera Studio'

/**
 * Kept in the system's keychain, or in encrypted files beside the data where there is none. The choice is made once for
 * a data folder and written there: a keychain that is locked today must not look like one that holds no password.
 */
export function createSecrets({ dataDir, keychain = openKeychain }: SecretsOptions): Secrets {
  const folder = join(dataDir, 'secrets')
  // Several data folders share one keychain.
  const scope = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  let opened: Promise<{ readonly place: SecretPlace; readonly store: Keychain }> | undefined

  async function open() {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    let place = await recordedPlace(folder)
    let system = place === 'file' ? null : await keychain()
    place ??= await recordPlace(folder, system === null ? 'file' : 'keychain')
    if (place === 'file') return { place, store: openEncryptedFiles(folder) }
    system ??= await keychain()
    if (system === null)
      throw new AppError(
        'UNAVAILABLE',
        "The studio's passwords are in this system's keychain, which does not answer. Unlock it and try again.",
      )
    return { place, store: system }
  }

  function ready() {
    opened ??= open().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  return {
    async get(name) {
      const value = await (await ready()).store.get(service, `${scope}:${name}`)
      hideText(value)
      return value
    },
    async set(name, value) {
      hideText(value)
      await (await ready()).store.set(service, `${scope}:${name}`, value)
    },
    delete: async (name) => (await ready()).store.delete(service, `${scope}:${name}`),
    place: async () => (await ready()).place,
  }
}

async function recordedPlace(folder: string): Promise<SecretPlace | null> {
  try {
    const text = (await readFile(join(folder, 'place'), 'utf8')).trim()
    return text === 'keychain' ? 'keychain' : 'file'
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** The first of two processes decides for both. */
async function recordPlace(folder: string, place: SecretPlace): Promise<SecretPlace> {
  await writeOnce(join(folder, 'place'), `${place}\n`)
  return (await recordedPlace(folder)) ?? place
}
