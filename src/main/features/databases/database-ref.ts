import { randomBytes } from 'node:crypto'

/** 32 characters that nobody takes for another: no l, o, 0, 1. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'

/** The project's name in addresses, `/p/<ref>`: 12 characters, 60 random bits. */
export function createDatabaseRef(): string {
  return Array.from(randomBytes(12), (byte) => alphabet[byte % alphabet.length]).join('')
}
