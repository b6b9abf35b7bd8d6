import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { Account } from '@shared/contract/accounts.contract'
import type { Principal } from '../../context'
import type { Transaction } from '../../db/database'
import { sqlState } from '../../db/pg-error'
import {
  type AccountRow,
  accountByEmailSql,
  type CredentialsRow,
  createAccountSql,
  insertSessionSql,
  listSessionsSql,
  liveAccountSql,
  localOwnerSql,
  type RotationRow,
  revokeSessionsSql,
  rotateSessionSql,
  type SessionRow,
} from './accounts.sql'
import { createRefreshToken, hashRefreshToken } from './refresh-token'

export interface NewSession {
  readonly principal: Principal & { readonly sessionId: string }
  readonly refreshToken: string
}

/** CONFLICT when the address is taken. */
export async function createAccount(tx: Transaction, email: string, passwordHash: string): Promise<Account> {
  try {
    const [row] = await tx.query<AccountRow>(createAccountSql(email, passwordHash))
    if (row) return accountOf(row)
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error
    throw new AppError('CONFLICT', 'There is an account with this e-mail address. Sign in, or use another address.', {
      details: { field: 'email' },
      cause: error,
    })
  }
  throw new Error('create_account gave no row')
}

/** `email` as a person typed it: addresses are kept trimmed and in lower case, and never hold U+0000. */
export async function findCredentials(
  tx: Transaction,
  email: string,
): Promise<{ readonly account: Account; readonly passwordHash: string } | null> {
  if (email.includes('\0')) return null
  const [row] = await tx.query<CredentialsRow>(accountByEmailSql(email.trim().toLowerCase()))
  return row ? { account: accountOf(row), passwordHash: row.password_hash } : null
}

/** Begins a sign-in. `tx` is the account's. */
export async function startSession(tx: Transaction, account: Account, userAgent: string | null): Promise<NewSession> {
  const familyId = randomUUID()
  const refreshToken = createRefreshToken()
  await tx.execute(
    insertSessionSql({
      accountId: account.id,
      familyId,
      tokenHash: hashRefreshToken(refreshToken),
      userAgent: userAgent?.slice(0, 500) ?? null,
    }),
  )
  return { principal: { account, sessionId: familyId }, refreshToken }
}

/**
 * Spends `token` for `next`; null when it is unknown, expired or revoked, or was spent before. The last ends its whole
 * family, so this must be committed: the caller answers the failure after the transaction, not inside it.
 */
export async function rotateSession(tx: Transaction, token: string, next: string): Promise<NewSession | null> {
  const [row] = await tx.query<RotationRow>(rotateSessionSql(hashRefreshToken(token), hashRefreshToken(next)))
  if (row?.outcome !== 'rotated' || !row.id || !row.email || !row.created_at || !row.family_id) return null
  const account = { id: row.id, email: row.email, created_at: row.created_at }
  return { principal: { account, sessionId: row.family_id }, refreshToken: next }
}

/** The caller, while the session lives; null as soon as it is revoked. `tx` is the account's. */
export async function livePrincipal(
  tx: Transaction,
  accountId: string,
  sessionId: string,
): Promise<NewSession['principal'] | null> {
  const [row] = await tx.query<AccountRow>(liveAccountSql(accountId, sessionId))
  return row ? { account: accountOf(row), sessionId } : null
}

export async function localOwner(tx: Transaction): Promise<Principal> {
  const [row] = await tx.query<AccountRow>(localOwnerSql())
  if (!row) throw new Error('local_owner gave no row')
  return { account: accountOf(row), sessionId: null }
}

export async function listSessions(tx: Transaction, caller: Principal) {
  const rows = await tx.query<SessionRow>(listSessionsSql(caller.account.id))
  return rows.map((row) => ({ ...row, current: row.id === caller.sessionId }))
}

/** NOT_FOUND when it is not a session of the account, or has ended. */
export async function revokeSession(tx: Transaction, caller: Principal, sessionId: string): Promise<void> {
  const ended = await tx.execute(revokeSessionsSql(caller.account.id, sessionId))
  if (ended === 0)
    throw new AppError('NOT_FOUND', 'There is no such session. It may have ended already; look at the list again.')
}

/** Ends the caller's own session, or all of the account's. */
export async function endSessions(tx: Transaction, caller: Principal, everywhere: boolean): Promise<void> {
  if (!everywhere && caller.sessionId === null) return
  await tx.execute(revokeSessionsSql(caller.account.id, everywhere ? null : caller.sessionId))
}

function accountOf(row: AccountRow): Account {
  return { id: row.id, email: row.email, created_at: row.created_at }
}

const uniqueViolation = '23505'
