import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { EndUserDetails } from '@shared/contract/end-users.contract'
import { hasUuidId } from '@shared/domain/table-schema'
import { usersTable } from '@shared/domain/users-table'
import type { JsonObject } from '@shared/json'
import type { Principal } from '../../context'
import type { DatabaseRow, Transaction } from '../../db/database'
import { deleteRecord } from '../records/delete-records.service'
import type { TableAt } from '../records/page.sql'
import { toRecord } from '../records/record'
import { type RawRow, wholeRecord } from '../records/record-row.sql'
import { createRecords, updateRecord } from '../records/write-records.service'
import { openSchema } from '../tables/open-schema.service'
import { referrersOf } from '../tables/stored-table'
import {
  countReferencesSql,
  countUsersSql,
  forgetUserSql,
  listUsersSql,
  type StateChange,
  type StateRow,
  selectByEmailSql,
  selectByIdSql,
  type UserSearch,
  upsertStateSql,
} from './end-users.sql'
import { hasColumn, normalEmail, toEndUser, usersOf } from './users-table'

/** A user with what only signing in may see. */
export interface KnownUser {
  readonly user: EndUserDetails
  readonly passwordHash: string | null
  readonly isBanned: boolean
}

type UserRow = RawRow & StateRow & { readonly _hash?: string | null }

export async function findByEmail(tx: Transaction, database: DatabaseRow, email: string): Promise<KnownUser | null> {
  if (email.includes('\0')) return null
  const at = await openUsers(tx, database)
  const [row] = await tx.query<UserRow>(selectByEmailSql(at, email.trim(), normalEmail(email)))
  return row ? toKnown(at, row) : null
}

export async function findById(tx: Transaction, database: DatabaseRow, userId: string): Promise<KnownUser | null> {
  const at = await openUsers(tx, database)
  const [row] = await tx.query<UserRow>(selectByIdSql(at, userId))
  return row ? toKnown(at, row) : null
}

/** NOT_FOUND when there is no such user. */
export async function getUser(tx: Transaction, database: DatabaseRow, userId: string): Promise<EndUserDetails> {
  const known = await findById(tx, database, userId)
  if (!known)
    throw new AppError('NOT_FOUND', 'There is no such user. They may have been deleted; look at the list again.')
  return known.user
}

export async function listUsers(tx: Transaction, database: DatabaseRow, search: UserSearch) {
  const at = await openUsers(tx, database)
  const rows = await tx.query<UserRow>(listUsersSql(at, search))
  const [all] = await tx.query<{ count: number }>(countUsersSql(at, search))
  return { users: rows.map((row) => toKnown(at, row).user), total: all?.count ?? 0 }
}

export interface NewUser {
  readonly email: string
  readonly passwordHash: string
  readonly full_name?: string | undefined
  readonly avatar_url?: string | undefined
  readonly metadata?: JsonObject | undefined
  /** By whom it is noted; the user's own doing when left out. */
  readonly principal?: Principal | undefined
  readonly state: StateChange
}

/** The record in `users`, and its state. CONFLICT when the address is taken. `tx` is the database's, with its schema held. */
export async function createUser(
  tx: Transaction,
  database: DatabaseRow,
  accountId: string,
  { email, passwordHash, metadata = {}, principal, state, ...named }: NewUser,
): Promise<EndUserDetails> {
  const { table } = await openUsers(tx, database)
  const id = randomUUID()
  const given = Object.entries(named).filter(([name, value]) => value !== undefined && hasColumn(table, name))
  const record: JsonObject = {
    ...Object.fromEntries(given),
    ...(hasUuidId(table.schema) ? { id } : {}),
    email,
    password_hash: passwordHash,
  }
  const writer = { database, principal: principal ?? asUser(accountId, { id, email }) }
  const [created] = await createRecords(tx, writer, usersTable.name, [record]).catch((error: unknown) => {
    throw isTakenEmail(error) ? takenEmail(error) : error
  })
  if (!created) throw new Error('No user was made')
  await tx.execute(
    upsertStateSql(database.project_id, created._id, { ...state, user_metadata: JSON.stringify(metadata) }),
  )
  return getUser(tx, database, created._id)
}

/** Changes columns of the record. CONFLICT when a new address is taken. */
export async function changeUser(
  tx: Transaction,
  database: DatabaseRow,
  userId: string,
  principal: Principal,
  change: JsonObject,
): Promise<void> {
  const { table } = await openUsers(tx, database)
  // An app may say more of a user than the table has columns for.
  const record = Object.fromEntries(
    Object.entries(change).filter(([name]) => hasColumn(table, name) || !optionalColumns.includes(name)),
  )
  if (Object.keys(record).length === 0) return
  await updateRecord(tx, { database, principal }, { tableName: usersTable.name, id: userId, record }).catch(
    (error: unknown) => {
      throw isTakenEmail(error) ? takenEmail(error) : error
    },
  )
}

const optionalColumns: readonly string[] = ['full_name', 'avatar_url']

export async function changeState(
  tx: Transaction,
  database: DatabaseRow,
  userId: string,
  change: StateChange,
): Promise<void> {
  await tx.execute(upsertStateSql(database.project_id, userId, change))
}

/** Counts the records that refer to the user, by table and column, those that nothing refers by left out. */
export async function referencesTo(tx: Transaction, database: DatabaseRow, userId: string) {
  const { tables } = await openSchema(tx, database)
  const users = { projectId: database.project_id, table: usersOf(tables) }
  const found = []
  for (const { table, column, target, onDelete } of referrersOf(tables, usersTable.name)) {
    const at = { projectId: database.project_id, table }
    const [row] = await tx.query<{ count: number }>(countReferencesSql(at, column.name, users, target, userId))
    if (row && row.count > 0)
      found.push({ table: table.schema.name, column: column.name, count: row.count, on_delete: onDelete })
  }
  return found
}

/** What the rules of the references say happens to the rest; CONSTRAINT when one of them keeps the user. */
export async function deleteUser(tx: Transaction, database: DatabaseRow, userId: string, principal: Principal) {
  const cascaded = (await referencesTo(tx, database, userId))
    .filter(({ on_delete }) => on_delete === 'cascade')
    .reduce((sum, { count }) => sum + count, 0)
  await deleteRecord(tx, { database, principal }, usersTable.name, userId)
  await tx.execute(forgetUserSql(database.project_id, userId))
  return { deleted: 1, cascaded }
}

/** The end user, acting in the account's project. */
export function asUser(accountId: string, user: { readonly id: string; readonly email: string }): Principal {
  return {
    account: { id: accountId, email: user.email, created_at: '' },
    sessionId: null,
    actor: { id: user.id, name: user.email },
  }
}

async function openUsers(tx: Transaction, database: DatabaseRow): Promise<TableAt> {
  const { tables } = await openSchema(tx, database)
  return { projectId: database.project_id, table: usersOf(tables) }
}

function toKnown({ table }: TableAt, row: UserRow): KnownUser {
  const user = toEndUser(toRecord(table, wholeRecord(table).read(row)))
  return {
    user: {
      ...user,
      confirmed_at: row.confirmed_at,
      invited_at: row.invited_at,
      last_sign_in_at: row.last_sign_in_at,
      banned_until: row.is_banned ? row.banned_until : null,
      user_metadata: (row.user_metadata ?? {}) as JsonObject,
      sessions: row.sessions,
    },
    passwordHash: row._hash ?? null,
    isBanned: row.is_banned,
  }
}

function isTakenEmail(error: unknown): boolean {
  if (!(error instanceof AppError) || error.code !== 'CONSTRAINT') return false
  const { details } = error
  if (typeof details !== 'object' || details === null) return false
  return 'column' in details && details.column === 'email' && 'constraint' in details && details.constraint === 'unique'
}

/** What `createUser` and `changeUser` refuse an address with. */
export function isTakenAddress(error: unknown): boolean {
  if (!(error instanceof AppError) || error.code !== 'CONFLICT') return false
  const { details } = error
  return typeof details === 'object' && details !== null && 'field' in details && details.field === 'email'
}

function takenEmail(cause: unknown): AppError {
  return new AppError('CONFLICT', 'There is a user with this e-mail address. Sign in, or use another address.', {
    details: { field: 'email' },
    cause,
  })
}
