import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { DatabaseRow, Transaction } from '../../db/database'
import type { SqlLogin } from '../../db/sql-login'
import { insertLoginSql, type LoginKind, type LoginRow, selectLoginSql } from './sql.sql'

/** What passwords of logins are derived from: studios that share a Postgres and this secret agree about them. */
export interface LoginSecret {
  passwordOf(row: Pick<LoginRow, 'role_name' | 'generation'>): string
}

export function createLoginSecret(secret: string): LoginSecret {
  const key = createHmac('sha256', secret).update('passwords of SQL logins').digest()
  return {
    passwordOf: ({ role_name, generation }) =>
      createHmac('sha256', key).update(`${role_name} ${generation}`).digest('base64url'),
  }
}

/** The login of this kind, written down when there is none yet. Its role is made when it is first used. */
export async function haveLogin(tx: Transaction, database: DatabaseRow, kind: LoginKind): Promise<LoginRow> {
  const [known] = await tx.query<LoginRow>(selectLoginSql(database.id, kind))
  if (known !== undefined) return known
  const [made] = await tx.query<LoginRow>(insertLoginSql(database, kind, randomRole(kind)))
  if (made !== undefined) return made
  const [first] = await tx.query<LoginRow>(selectLoginSql(database.id, kind))
  if (first === undefined) throw new Error('The login is neither there nor can it be written')
  return first
}

export function toLogin(row: LoginRow, kind: LoginKind, secret: LoginSecret): SqlLogin {
  return {
    role: row.role_name,
    password: secret.passwordOf(row),
    schema: row.schema_name,
    connections: connections[kind],
  }
}

/** Tells passwords apart; they are 256 random bits, which nobody finds from it. */
export function markOf(password: string): string {
  return createHash('sha256').update(password).digest('base64url')
}

/** Several studios may run SQL of one database; one person's programs need few. */
const connections: Readonly<Record<LoginKind, number>> = { runner: 20, person: 10 }

/** Every login of the server sees the names of all others, so they say nothing; the studio's clock knows them by form. */
function randomRole(kind: LoginKind): string {
  return `${kind === 'runner' ? 'tr' : 'tu'}_${randomBytes(12).toString('hex')}`
}
