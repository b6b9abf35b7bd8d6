import { AppError } from '@shared/app-error'
import type { EndUser } from '@shared/contract/end-users.contract'
import type { TableRecord } from '@shared/contract/records.contract'
import { typeOf } from '@shared/domain/check-table'
import { isSecretColumn } from '@shared/domain/secret-column'
import { usersTable } from '@shared/domain/users-table'
import type { JsonValue } from '@shared/json'
import type { StoredTable } from '../tables/stored-table'

/** The project's table of people. CONFLICT when it was deleted, or has no longer what signing in needs. */
export function usersOf(tables: readonly StoredTable[]): StoredTable {
  const table = tables.find(({ schema }) => schema.name === usersTable.name)
  const isText = (name: string) =>
    table?.schema.columns.some(
      (column) => column.name === name && ['text', 'varchar'].includes(typeOf(column).base) && !typeOf(column).array,
    )
  if (table && isText('email') && isText('password_hash') && isSecretColumn(table.schema.name, 'password_hash'))
    return table
  throw new AppError(
    'CONFLICT',
    'People cannot sign in here: that needs a table "users" with the text columns "email" and "password_hash". Restore it, or add what is missing.',
    { details: { table: usersTable.name } },
  )
}

export function hasColumn(table: StoredTable, name: string): boolean {
  return table.schema.columns.some((column) => column.name === name)
}

export function toEndUser(record: TableRecord): EndUser {
  return {
    id: record._id,
    email: textOf(record.email) ?? '',
    full_name: textOf(record.full_name),
    avatar_url: textOf(record.avatar_url),
    created_at: textOf(record.created_at),
    updated_at: textOf(record.updated_at),
  }
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

/** As addresses are kept when people sign up. */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase()
}
