import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseRow, Transaction } from '../../db/database'
import type { SqlLogin } from '../../db/sql-login'
import { insertLoginSql, type LoginKind, type LoginRow, selectLoginSql } from './sql.sql'

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

export function toLogin(row: LoginRow, kind: LoginKind): SqlLogin {
  return {
    role: row.role_name,
    password: row.password,
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
