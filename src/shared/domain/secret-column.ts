import type { JsonValue } from '../json'
import { utf8Length } from '../utf8'
import { type Coerced, fits, misfit } from './coerced'
import { usersTable } from './users-table'

/**
 * The one rule for password hashes: `users.password_hash` is never read through the studio, and holds only bcrypt. What
 * is written there and is no bcrypt hash is a password, and is hashed before it reaches the database. The names are
 * kept, or a rename would open what the rule closes.
 */
export function isSecretColumn(table: string, column: string): boolean {
  return table === usersTable.name && column === 'password_hash'
}

export function hasSecretColumn(table: {
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
}): boolean {
  return table.columns.some((column) => isSecretColumn(table.name, column.name))
}

export function coerceSecret(value: JsonValue): Coerced {
  if (value === null) return fits(null)
  return typeof value === 'string' && isPasswordHash(value) ? fits(value) : misfit('is not a bcrypt hash')
}

export function isPasswordHash(text: string): boolean {
  return /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(text)
}

/** Why the text cannot be a password; null when it can. bcrypt reads 72 bytes, and what is longer would be cut. */
export function passwordProblem(text: string): string | null {
  if (text === '') return 'is empty'
  if (text.includes('\0')) return 'holds the character U+0000'
  return utf8Length(text) > 72 ? 'is longer than 72 bytes' : null
}
