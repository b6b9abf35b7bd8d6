import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits: nobody guesses one, so a fast hash is enough at rest. */
export function createRefreshToken(): string {
  return randomBytes(32).toString('base64url')
}

export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
