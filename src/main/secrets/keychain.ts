import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The three things a place for secrets can do. */
export interface Keychain {
  get(service: string, account: string): Promise<string | null>
  set(service: string, account: string, secret: string): Promise<void>
  delete(service: string, account: string): Promise<void>
}

/** Milliseconds a keychain may take to answer at all, before the studio looks for another place. */
const probeTimeout = 3_000

/** The system's keychain; null where its library, its service or the session bus is missing. */
export async function openKeychain(): Promise<Keychain | null> {
  if (process.platform === 'linux' && !hasSessionBus()) return null
  try {
    const { default: keytar } = await import('keytar')
    await withTimeout(keytar.getPassword('Tessera Studio', 'probe'), probeTimeout)
    return {
      get: (service, account) => keytar.getPassword(service, account),
      set: (service, account, secret) => keytar.setPassword(service, account, secret),
      delete: async (service, account) => {
        await keytar.deletePassword(service, account)
      },
    }
  } catch {
    return null
  }
}

/** Without a bus libsecret tries to start one, which takes seconds and leaves a process behind. */
function hasSessionBus(): boolean {
  const { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: runtime } = process.env
  return Boolean(address) || (runtime !== undefined && existsSync(join(runtime, 'bus')))
}

function withTimeout<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The keychain does not answer')), milliseconds)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
