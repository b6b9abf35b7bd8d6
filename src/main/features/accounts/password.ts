import { utf8Length } from '@shared/utf8'
import { runBcrypt } from './bcrypt-threads'

/** 12: about a quarter of a second on one core of 2024, in threads of its own and never on the event loop. */
export const defaultBcryptCost = 12

/** bcrypt reads no further; what is longer would match by its beginning. */
const mostBytes = 72

export async function hashPassword(password: string, cost: number): Promise<string> {
  return String(await runBcrypt({ kind: 'hash', password, cost }))
}

/** The same work for an unknown address (`hash` null) as for a known one, so that the time tells nothing. */
export async function passwordMatches(password: string, hash: string | null, cost: number): Promise<boolean> {
  const fits = utf8Length(password) <= mostBytes && !password.includes('\0')
  const job = { kind: 'compare', password: fits ? password : '', hash: hash ?? nobodysHash(cost) } as const
  const matches = (await runBcrypt(job)) === true
  return matches && fits && hash !== null
}

/** Well-formed, the hash of nothing anybody knows. */
function nobodysHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$7EqJtq98hPqEX7fNZaFWoOhi5BWX4Z1rNmzcfrWkBTEq5tJMP0Yfu`
}
