import { randomBytes } from 'node:crypto'

/** Where the embedded server keeps its passwords: the keychain on a desktop, a 0600 file elsewhere. */
export interface SecretStore {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
}

export const adminSecret = 'embedded-postgres.admin'
export const appSecret = 'embedded-postgres.app'

export async function newSecret(secrets: SecretStore, name: string): Promise<string> {
  const value = randomBytes(24).toString('base64url')
  await secrets.set(name, value)
  return value
}
