import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/**
 * What Postgres stores of a password (RFC 5803), so that the password itself is in no statement and no server log. For
 * passwords of ASCII only: those need no SASLprep.
 */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  // Postgres' own default. The passwords are 256 random bits, which more rounds would not make harder to guess.
  const rounds = 4096
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256')
  const stored = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64')
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${hmac(salted, 'Server Key').toString('base64')}`
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
