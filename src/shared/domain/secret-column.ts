import type { JsonValue } from '../json'
import { type Coerced, fits, misfit } from './coerced'
import { usersTable } from './users-table'

/**
 * The one rule for password hashes: `users.password_hash` is never read through the studio, and is written only as a
 * bcrypt hash, so that a password in plain text cannot land there by mistake. The names are kept, or a rename would
 * open what the rule closes.
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
  return typeof value === 'string' && /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(value)
    ? fits(value)
    : misfit('is not a bcrypt hash of 60 characters')
}
