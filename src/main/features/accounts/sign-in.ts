import { AppError } from '@shared/app-error'
import type { Account } from '@shared/contract/accounts.contract'
import { password as passwordField } from '@shared/contract/fields'
import type { StudioDatabase } from '../../db/database'
import { createAccount, findCredentials, type NewSession, rotateSession, startSession } from './accounts.service'
import { hashPassword, passwordMatches } from './password'
import type { RateLimit } from './rate-limit'
import { createRefreshToken } from './refresh-token'

export interface Credentials {
  readonly email: string
  readonly password: string
}

export interface SignInOptions {
  readonly limit: RateLimit
  readonly bcryptCost: number
}

export interface Origin {
  readonly userAgent: string | null
  /** Null for the window of this machine. */
  readonly address: string | null
}

/** RATE_LIMITED by the caller's address alone: each account costs a bcrypt and a row. */
export async function signUp(
  db: StudioDatabase,
  credentials: Credentials,
  origin: Origin,
  options: SignInOptions,
): Promise<NewSession> {
  const account = await newAccount(db, credentials, origin, options)
  return db.withAccount(account.id, (tx) => startSession(tx, account, origin.userAgent))
}

/** UNAUTHENTICATED in one sentence for an unknown address and for a wrong password, after the same work. */
export async function signIn(
  db: StudioDatabase,
  credentials: Credentials,
  origin: Origin,
  options: SignInOptions,
): Promise<NewSession> {
  const account = await knownAccount(db, credentials, origin, options)
  return db.withAccount(account.id, (tx) => startSession(tx, account, origin.userAgent))
}

/** Whose pair it is, without a sign-in; `isNew` makes the account. */
export async function accountOf(
  db: StudioDatabase,
  { email, password, isNew }: Credentials & { readonly isNew: boolean },
  origin: Origin,
  options: SignInOptions,
): Promise<Account> {
  if (!isNew) return knownAccount(db, { email, password }, origin, options)
  const fault = passwordField.safeParse(password).error?.issues[0]?.message
  if (fault) throw new AppError('VALIDATION', fault, { details: { field: 'password' } })
  return newAccount(db, { email, password }, origin, options)
}

/** Spends the refresh token for the next one; its second use ends every token of the sign-in. */
export async function refresh(db: StudioDatabase, token: string): Promise<NewSession> {
  const next = createRefreshToken()
  const session = await db.withoutTenant((tx) => rotateSession(tx, token, next))
  if (session === null)
    throw new AppError('UNAUTHENTICATED', 'This refresh token is not valid any more. Sign in again.')
  return session
}

async function newAccount(
  db: StudioDatabase,
  { email, password }: Credentials,
  origin: Origin,
  { limit, bcryptCost }: SignInOptions,
): Promise<Account> {
  await limit.take(`${origin.address ?? 'window'} signs up`)
  const passwordHash = await hashPassword(password, bcryptCost)
  return db.withoutTenant((tx) => createAccount(tx, email, passwordHash))
}

async function knownAccount(
  db: StudioDatabase,
  { email, password }: Credentials,
  origin: Origin,
  { limit, bcryptCost }: SignInOptions,
): Promise<Account> {
  await limit.take(`${origin.address ?? 'window'} ${email.trim().toLowerCase()}`)
  const known = await db.withoutTenant((tx) => findCredentials(tx, email))
  const matches = await passwordMatches(password, known?.passwordHash ?? null, bcryptCost)
  if (known === null || !matches) throw new AppError('UNAUTHENTICATED', 'The e-mail address or the password is wrong.')
  return known.account
}
